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

/** Copies the rows that `where` selects from the table of one attached database to that of another. */
export async function copyRows(
  database: Database,
  table: RowTable,
  given: { readonly from: string; readonly to: string; readonly where: string },
): Promise<void> {
  const known = await database.rows(
    `select 1 from duckdb_tables() where database_name = ? and schema_name = 'main' and table_name = ?`,
    [given.from, table.name],
  )
  if (known.length === 0) return
  const source = `${quoted(given.from)}.main.${quoted(table.name)}`
  const columns = ['file_date', ...(await sharedColumns(database, table, source))].map(quoted).join(', ')
  await database.run(`
    insert into ${quoted(given.to)}.main.${quoted(table.name)} (${columns})
    select ${columns}
    from ${source}
    where ${given.where}
  `)
}

/** Spells the condition that a row came from a file of one of `dates`. */
export function ofDates(dates: Iterable<string>): string {
  const spelt = [...dates].map((date) => `date '${date}'`)
  return spelt.length === 0 ? 'false' : `file_date in (${spelt.join(', ')})`
}
