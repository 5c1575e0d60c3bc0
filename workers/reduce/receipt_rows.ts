// Some rows of a day come from its receipt and not from its parts: what is known of the file, and which courses it touched.
// They stand in a batch beside the rows of the parts, so that whoever takes a day takes both from one place.
import type { Receipt } from '../../contracts/receipt.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { FILE_FACTS, fileFacts } from './file_facts.ts'
import { insertRows } from './insert_rows.ts'
import { COURSE_DAY, type RowTable } from './row_layout.ts'

/** Tables that receipts fill. */
export const RECEIPT_ROWS: readonly RowTable[] = [COURSE_DAY, FILE_FACTS]

/** Inserts the rows of receipts into the tables of the current schema. */
export async function insertReceipts(database: Database, receipts: readonly Receipt[]): Promise<void> {
  const dated = receipts.map((receipt) => ({ receipt, date: receipt.log_file.day.date }))
  await insertRows(
    database,
    FILE_FACTS.name,
    dated.map(({ receipt, date }) => [date, ...fileFacts(receipt)]),
  )
  await insertRows(
    database,
    COURSE_DAY.name,
    dated.flatMap(({ receipt: { courses, fingerprint }, date }) =>
      courses.map(({ course_id, events }) => [date, course_id, events, fingerprint]),
    ),
  )
}
