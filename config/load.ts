// Reads millrace.yaml: the one way in for what a person wrote. Nothing after it meets a wrong key or an impossible value.
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { MillraceError } from '../contracts/errors.ts'
import type { TableSet } from '../contracts/table_set.ts'
import { type ConfigText, configError, schemaFaults, syntaxFaults } from './config_error.ts'
import { faultText, type OwnTable, type OwnTableFault } from './own_table_file.ts'
import { type OwnTables, ownTableFiles, readOwnTables } from './own_tables.ts'
import { Config } from './schema.ts'

export interface LoadedConfig {
  readonly config: Config
  /** Folder of the file: relative paths in the config start from it. */
  readonly base: string
  /** All tables that there are: ours, and the organisation's own. */
  readonly tables: TableSet
  /** Where the own ones come from. Their SQL is not looked at yet. */
  readonly own: readonly OwnTable[]
  /** Sentences about what is allowed but hardly meant. */
  readonly warnings: readonly string[]
}

/**
 * Reads and checks a config file with the own tables that it names; throws one `config_invalid` that names everything
 * wrong, or `config_missing`.
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const { config, base, warnings } = await readConfig(path)
  const { tables, own, faults } = await loadOwnTables(config, base)
  if (faults.length > 0) throw ownTablesError(path, faults)
  return { config, base, tables, own, warnings }
}

/** Reads and checks a config file alone, for whoever looks at own tables that may be faulty. */
export async function readConfig(path: string): Promise<Omit<LoadedConfig, 'tables' | 'own'>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MillraceError('config_missing', `Cannot read the config "${path}": ${reasonOf(cause)}`, { cause })
  })
  const { config, warnings } = parseConfig(text, path)
  return { config, base: dirname(resolve(path)), warnings }
}

/** Makes the one error that lists every fault of the own tables of a config. */
export const ownTablesError = (path: string, faults: readonly OwnTableFault[]): MillraceError =>
  configError(
    path,
    faults.map((fault) => ({ line: null, column: null, message: faultText(fault) })),
  )

/** Reads the own tables that a config names. */
async function loadOwnTables(config: Config, base: string): Promise<OwnTables> {
  const { tables: folder, rules } = config
  if (folder === undefined) return await readOwnTables([], rules)
  const files = await ownTableFiles(resolve(base, folder))
  if (files !== null) return await readOwnTables(files, rules)
  const none = await readOwnTables([], rules)
  return { ...none, faults: [{ path: folder, line: null, message: 'there is no such folder of own tables' }] }
}

/** Checks the text of a config; `path` is for the error alone. */
export function parseConfig(text: string, path: string): { config: Config; warnings: readonly string[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const parsed: ConfigText = { document, lines }
  if (document.errors.length > 0) throw configError(path, syntaxFaults(parsed))
  const read = Config.safeParse(plainValue(parsed, path))
  if (!read.success) throw configError(path, schemaFaults(parsed, read.error.issues))
  return { config: read.data, warnings: [...document.warnings.map((warning) => warning.message), ...doubts(read.data)] }
}

function plainValue({ document }: ConfigText, path: string): unknown {
  try {
    return document.toJS() ?? {}
  } catch (cause) {
    // An alias without its anchor, or aliases that multiply beyond the parser's limit.
    const message = cause instanceof Error ? cause.message : String(cause)
    throw configError(path, [{ line: null, column: null, message }])
  }
}

function doubts(config: Config): readonly string[] {
  const found: string[] = []
  config.reprocess.forEach((entry, index) => {
    const name = `reprocess[${index + 1}]`
    if (entry.to < config.from || (config.to !== undefined && entry.from > config.to))
      found.push(`${name} (${entry.from} to ${entry.to}) lies outside the days to compute, so it changes nothing`)
    const { sites } = config
    if (sites !== undefined && entry.sites !== undefined && !entry.sites.some((site) => sites.includes(site)))
      found.push(`${name} names no site that is computed, so it changes nothing`)
  })
  if (config.courses.include.length === 0) found.push('courses.include is empty, so no course gets a database')
  if (config.allow_shrink) found.push('allow_shrink is on: a faulty listing of the source would remove days')
  return found
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'it may not be read'
  return cause instanceof Error ? cause.message : String(cause)
}
