// Rows outlive the declaration they were written by: while a new recipe works its way through the years, rows of the old
// one stay served. They are copied by the columns that both have; a column they lack is NULL until their day is replaced.
import { quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { RowTable } from './row_layout.ts'

/** Tables of an attached database with their columns. */
export type KnownColumns = ReadonlyMap<string, ReadonlySet<string>>

/** Tells which tables and columns an attached database has: once for all its tables, for the catalogue answers slowly. */
export async function knownColumns(database: Database, attached: string): Promise<KnownColumns> {
  const found = await database.rows<{ table_name: string; column_name: string }>(
    `select table_name, column_name from duckdb_columns() where database_name = ? and schema_name = 'main'`,
    [attached],
  )
  const tables = new Map<string, Set<string>>()
  for (const { table_name, column_name } of found)
    tables.set(table_name, (tables.get(table_name) ?? new Set()).add(column_name))
  return tables
}

interface Copy {
  /** Attached databases. */
  readonly from: string
  readonly to: string
  /** Condition on the rows to copy. */
  readonly where: string
}

/**
 * Spells the copy of rows from a database that an earlier process may have written, and that has the tables and columns
 * `known`; null when there is nothing to copy.
 */
export function copyRows(table: RowTable, copy: Copy, known: KnownColumns): string | null {
  const present = known.get(table.name)
  if (present === undefined) return null
  const names = table.columns.map((column) => column.name).filter((name) => present.has(name))
  return insert(table, copy, names)
}

/** Spells the copy of rows from a database that this process made, so that its tables have all columns. */
export const copyOwnRows = (table: RowTable, copy: Copy): string =>
  insert(
    table,
    copy,
    table.columns.map((column) => column.name),
  )

const relationOf = (attached: string, table: RowTable): string => `${quoted(attached)}.main.${quoted(table.name)}`

function insert(table: RowTable, copy: Copy, names: readonly string[]): string {
  const columns = ['file_date', ...names].map(quoted).join(', ')
  return `
    insert into ${relationOf(copy.to, table)} (${columns})
    select ${columns}
    from ${relationOf(copy.from, table)}
    where ${copy.where}
  `
}

/** Spells the condition that a row came from a file of one of `dates`. */
export function ofDates(dates: Iterable<string>): string {
  const spelt = [...dates].map((date) => `date '${date}'`)
  return spelt.length === 0 ? 'false' : `file_date in (${spelt.join(', ')})`
}
