// The listing of contracts/tables/ is the registry: a new file in one of its folders is a new table or view, with nothing
// else to edit.
import { readdirSync } from 'node:fs'
import { SECTIONS, type Section } from './sections.ts'
import type { DerivedTable, KeptTable, LedgerTable, SummedTable, Table, View } from './table.ts'

const folder = new URL('./tables/', import.meta.url)

async function load(file: string): Promise<Table | View> {
  // A declaration file's default export is its table; the test of the registry checks each one.
  const module = (await import(new URL(file, folder).href)) as { readonly default: Table | View }
  return module.default
}

async function loadSection(section: Section): Promise<readonly (Table | View)[]> {
  const names = readdirSync(new URL(`${section.folder}/`, folder)).filter((file) => file.endsWith('.ts'))
  return await Promise.all(names.sort().map((file) => load(`${section.folder}/${file}`)))
}

/** What is declared in each section, in order. */
export const DECLARED: readonly { readonly section: Section; readonly declared: readonly (Table | View)[] }[] =
  await Promise.all(SECTIONS.map(async (section) => ({ section, declared: await loadSection(section) })))

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : 1

const ALL = DECLARED.flatMap(({ declared }) => declared).sort(byName)

/** All declared tables, by name. */
export const TABLES: readonly Table[] = ALL.filter((one) => one.kind !== 'view')

/** All declared views, each after the ones it reads. */
export const VIEWS: readonly View[] = inOrder(ALL.filter((one) => one.kind === 'view'))

/** Tables whose rows workers compute from events. */
export const EVENT_TABLES: readonly (SummedTable | KeptTable)[] = TABLES.filter(
  (table) => table.kind === 'summed' || table.kind === 'kept',
)

export const LEDGER_TABLES: readonly LedgerTable[] = TABLES.filter((table) => table.kind === 'ledger')

/** Derived tables, each after the ones it reads. */
export const DERIVED_TABLES: readonly DerivedTable[] = inOrder(TABLES.filter((table) => table.kind === 'derived'))

function isRead(other: DerivedTable | View, { from }: DerivedTable | View): boolean {
  // Only what stands in the schema `main` is read by its name alone.
  return from.includes(other.name) && (other.kind !== 'view' || other.schema === 'main')
}

function inOrder<T extends DerivedTable | View>(tables: readonly T[]): readonly T[] {
  const ordered: T[] = []
  const visit = (table: T, path: readonly string[]): void => {
    if (ordered.includes(table)) return
    if (path.includes(table.name))
      throw new Error(`Declarations read each other: ${[...path, table.name].join(' -> ')}`)
    for (const source of tables.filter((other) => isRead(other, table))) visit(source, [...path, table.name])
    ordered.push(table)
  }
  for (const table of tables) visit(table, [])
  return ordered
}
