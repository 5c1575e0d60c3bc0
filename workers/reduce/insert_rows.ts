// Rows that come from JSON records reach a database a few hundred at a time: one statement each would take minutes for
// the days of twenty years.
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

const ROWS_AT_ONCE = 500

type Value = string | number | boolean | null

/** Inserts rows that give every column of a table, in order; text becomes the column's type. */
export async function insertRows(
  database: Database,
  table: string,
  rows: readonly (readonly Value[])[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const values = rows.slice(from, from + ROWS_AT_ONCE).map((row) => `(${row.map(spelt).join(', ')})`)
    await database.run(`insert into ${table} values ${values.join(', ')}`)
  }
}

function spelt(value: Value): string {
  return typeof value === 'string' ? literal(value) : String(value)
}
