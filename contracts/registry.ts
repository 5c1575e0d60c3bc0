// The listing of contracts/tables/ is the registry: a new file there is a new table, with nothing else to edit.
import { readdirSync } from 'node:fs'
import type { DerivedTable, KeptTable, LedgerTable, SummedTable, Table } from './table.ts'

const folder = new URL('./tables/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .sort()

async function load(file: string): Promise<Table> {
  // A declaration file's default export is its table; the test of the registry checks each one.
  const module = (await import(new URL(file, folder).href)) as { readonly default: Table }
  return module.default
}

/** All declared tables, by name. */
export const TABLES: readonly Table[] = await Promise.all(names.map(load))

/** Tables whose rows workers compute from events. */
export const EVENT_TABLES: readonly (SummedTable | KeptTable)[] = TABLES.filter(
  (table) => table.kind === 'summed' || table.kind === 'kept',
)

export const LEDGER_TABLES: readonly LedgerTable[] = TABLES.filter((table) => table.kind === 'ledger')

/** Derived tables, each after the ones it reads. */
export const DERIVED_TABLES: readonly DerivedTable[] = inOrder(TABLES.filter((table) => table.kind === 'derived'))

function inOrder(tables: readonly DerivedTable[]): readonly DerivedTable[] {
  const ordered: DerivedTable[] = []
  const visit = (table: DerivedTable, path: readonly string[]): void => {
    if (ordered.includes(table)) return
    if (path.includes(table.name))
      throw new Error(`Derived tables read each other: ${[...path, table.name].join(' -> ')}`)
    for (const source of tables.filter((other) => table.from.includes(other.name))) visit(source, [...path, table.name])
    ordered.push(table)
  }
  for (const table of tables) visit(table, [])
  return ordered
}
