// Rows that come from JSON records reach a database as columns: spelt out in a statement, the days of twenty years would
// take the parser longer than everything else that a merge does.
import type { ColumnData, Database } from '../../runtime/duckdb.ts'

type Value = string | number | boolean | null

/** Inserts rows that give every column of a table, in order; text becomes the column's type. */
export async function insertRows(
  database: Database,
  table: string,
  rows: readonly (readonly Value[])[],
): Promise<void> {
  const width = rows[0]?.length ?? 0
  if (width === 0) return
  const columns = Array.from({ length: width }, (_, index) => textColumn(rows.map((row) => row[index] ?? null)))
  await database.run(
    `create or replace temp table rows_as_text (${columns.map((_, index) => `c${index} VARCHAR`).join(', ')})`,
  )
  await database.appendColumns('rows_as_text', columns, rows.length)
  await database.run(`insert into ${table} select * from temp.main.rows_as_text`)
  await database.run('drop table temp.main.rows_as_text')
}

/** A code for each row, 0 for NULL, and each different text once. */
function textColumn(cells: readonly Value[]): ColumnData {
  const codes = new Uint32Array(cells.length)
  const known = new Map<string, number>()
  cells.forEach((cell, row) => {
    if (cell === null) return
    const text = String(cell)
    const code = known.get(text) ?? known.size + 1
    known.set(text, code)
    codes[row] = code
  })
  return { kind: 'text', codes, values: [...known.keys()] }
}
