// Rows outlive the declaration they were written by: while a new recipe works its way through the years, rows of the old
// one stay served. They are copied by the columns that both have; a column they lack is NULL until their day is replaced.
import { quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { RowTable } from './row_layout.ts'

/** Tells which of a table's columns a relation has, in the table's order. */
export async function sharedColumns(database: Database, table: RowTable, relation: string): Promise<readonly string[]> {
  const described = await database.rows<{ column_name: string }>(`describe select * from ${relation}`)
  const present = new Set(described.map((column) => column.column_name))
  return table.columns.map((column) => column.name).filter((name) => present.has(name))
}

interface Copy {
  /** Attached databases. */
  readonly from: string
  readonly to: string
  /** Condition on the rows to copy. */
  readonly where: string
}

/** Copies rows from a database that an earlier process may have written. */
export async function copyRows(database: Database, table: RowTable, copy: Copy): Promise<void> {
  const known = await database.rows(
    `select 1 from duckdb_tables() where database_name = ? and schema_name = 'main' and table_name = ?`,
    [copy.from, table.name],
  )
  if (known.length === 0) return
  await insert(database, table, copy, await sharedColumns(database, table, relationOf(copy.from, table)))
}

/** Copies rows from a database that this process made, so that its tables have all columns. */
export async function copyOwnRows(database: Database, table: RowTable, copy: Copy): Promise<void> {
  const columns = table.columns.map((column) => column.name)
  await insert(database, table, copy, columns)
}

const relationOf = (attached: string, table: RowTable): string => `${quoted(attached)}.main.${quoted(table.name)}`

async function insert(database: Database, table: RowTable, copy: Copy, names: readonly string[]): Promise<void> {
  const columns = ['file_date', ...names].map(quoted).join(', ')
  await database.run(`
    insert into ${relationOf(copy.to, table)} (${columns})
    select ${columns}
    from ${relationOf(copy.from, table)}
    where ${copy.where}
  `)
}

/** Spells the condition that a row came from a file of one of `dates`. */
export function ofDates(dates: Iterable<string>): string {
  const spelt = [...dates].map((date) => `date '${date}'`)
  return spelt.length === 0 ? 'false' : `file_date in (${spelt.join(', ')})`
}
