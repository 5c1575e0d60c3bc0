// What every command starts from: the config file and the stores it names, opened in one way.
import { loadConfig, ownTablesError } from '../config/load.ts'
import type { OwnTable } from '../config/own_table_file.ts'
import type { Config } from '../config/schema.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { ObjectStore, StoreObserver } from '../runtime/object_store/object_store.ts'
import { openObjectStore } from '../runtime/object_store/open_object_store.ts'

export interface Project {
  readonly config: Config
  /** Folder of the config file: relative paths start there. */
  readonly base: string
  /** Ours, and those that the organisation declares itself. */
  readonly tables: TableSet
}

/** Reads the config, looks at the SQL of own tables, and says on standard error what the config warns of. */
export async function openProject(given: { readonly config_path: string }): Promise<Project> {
  const { config, base, tables, own, warnings } = await loadConfig(given.config_path)
  if (own.length > 0) await refuseFaulty(given.config_path, own, tables)
  for (const warning of warnings) process.stderr.write(`${warning}\n`)
  return { config, base, tables }
}

/** DuckDB is loaded only where there is SQL to look at: a command like `plan` would spend a tenth of a second of CPU on it. */
async function refuseFaulty(config_path: string, own: readonly OwnTable[], tables: TableSet): Promise<void> {
  const { ownTableFaults } = await import('../workers/own_tables/check_statements.ts')
  const faults = await ownTableFaults(own, tables)
  if (faults.length > 0) throw ownTablesError(config_path, faults)
}

interface StoreOptions {
  readonly signal: AbortSignal
  readonly observe?: StoreObserver
}

export async function openSource(project: Project, options: StoreOptions): Promise<ObjectStore> {
  return await openObjectStore(project.config.source, { ...options, base: project.base, use: 'source' })
}

export async function openResults(project: Project, options: StoreOptions): Promise<ObjectStore> {
  return await openObjectStore(project.config.results, { ...options, base: project.base, use: 'results' })
}
