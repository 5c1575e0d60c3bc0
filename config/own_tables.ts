// The folder of an organisation's own tables, read as a whole: tables read each other and bear names that nobody else may
// have, and an analyst who changes three files wants to hear of all that is wrong at once.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DECLARED, OUR_TABLES } from '../contracts/registry.ts'
import type { RuleChoices } from '../contracts/rule_choices.ts'
import { CircularDeclarations, type TableSet, tableSet } from '../contracts/table_set.ts'
import { type OwnTable, type OwnTableFault, readOwnTable } from './own_table_file.ts'

export interface OwnTables {
  readonly own: readonly OwnTable[]
  /** Ours and those without faults. */
  readonly tables: TableSet
  readonly faults: readonly OwnTableFault[]
}

/** Lists the files of a folder, with the folder before them; null when there is no such folder. */
export async function ownTableFiles(folder: string): Promise<readonly string[] | null> {
  try {
    const names = await readdir(folder)
    return names
      .filter((name) => name.endsWith('.sql') && !name.startsWith('.'))
      .sort()
      .map((name) => join(folder, name))
  } catch {
    return null
  }
}

/** Reads files of own tables and makes the set of all tables with them. */
export async function readOwnTables(paths: readonly string[], choices: RuleChoices): Promise<OwnTables> {
  const own: OwnTable[] = []
  const faults: OwnTableFault[] = []
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => asError(error))
    if (text instanceof Error) {
      faults.push({ path, line: null, message: `it cannot be read: ${text.message}` })
      continue
    }
    const read = readOwnTable(text, path)
    if (read.kind === 'faulty') faults.push(...read.faults)
    else own.push(read.table)
  }
  return withSet(own, faults, choices)
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

function withSet(all: readonly OwnTable[], faults: OwnTableFault[], choices: RuleChoices): OwnTables {
  const named = all.filter((table, index) => isNameFree(table, all.slice(0, index), faults))
  // What reads a table that is faulty itself is left out in silence: the fault is told once.
  const broken = new Set(faults.map(({ path }) => path.replace(/^.*\//, '').replace(/\.sql$/, '')))
  const own = named.filter((table) => sourcesExist(table, { all: named, broken }, faults))
  try {
    return { own, tables: tableSet(DECLARED, { own: own.map(({ declaration }) => declaration), choices }), faults }
  } catch (error) {
    if (!(error instanceof CircularDeclarations)) throw error
    const [first] = own.filter(({ declaration }) => error.names.includes(declaration.name))
    faults.push({ path: first?.path ?? '', line: 1, message: `tables read each other: ${error.names.join(', ')}` })
    return { own: [], tables: tableSet(DECLARED, { choices }), faults }
  }
}

function isNameFree({ declaration, path }: OwnTable, before: readonly OwnTable[], faults: OwnTableFault[]): boolean {
  const { name } = declaration
  const ours = [...OUR_TABLES.tables, ...OUR_TABLES.views].some((table) => table.name === name)
  const twin = before.find((other) => other.declaration.name === name)
  if (ours) faults.push({ path, line: 1, message: `the name "${name}" is that of a table of Millrace; take another` })
  if (twin !== undefined) faults.push({ path, line: 1, message: `"${twin.path}" has the name "${name}" too` })
  return !ours && twin === undefined
}

function sourcesExist(
  { declaration, path }: OwnTable,
  given: { readonly all: readonly OwnTable[]; readonly broken: ReadonlySet<string> },
  faults: OwnTableFault[],
): boolean {
  if (declaration.kind === 'summed' || declaration.kind === 'kept') return true
  const of_view = declaration.kind === 'view'
  const others = [...OUR_TABLES.tables, ...OUR_TABLES.views, ...given.all.map((other) => other.declaration)]
  const readable = others.filter((other) => {
    if (other.kind === 'view') return of_view && other.schema === 'main'
    return of_view ? other.published : other.kind !== 'ledger' && other.scope === 'course'
  })
  const missing = declaration.from.filter((name) => !readable.some((other) => other.name === name))
  for (const name of missing.filter((each) => !given.broken.has(each))) {
    const known = others.some((other) => other.name === name)
    const what = of_view ? 'a view reads published tables and views' : 'a derived table reads tables of courses'
    const message = known ? `it cannot read "${name}": ${what}` : `there is no table "${name}" to read`
    faults.push({ path, line: 1, message })
  }
  return missing.length === 0
}
