// Some rows of a day come from its receipt and not from its parts: what is known of the file, and which courses it touched.
// They stand in a batch beside the rows of the parts, so that whoever takes a day takes both from one place.
import type { Receipt } from '../../contracts/receipt.ts'
import { quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { FILE_FACTS, fileFacts } from './file_facts.ts'
import { COURSE_DAY, type RowTable } from './row_layout.ts'

/** Tables that receipts fill. */
export const RECEIPT_ROWS: readonly RowTable[] = [COURSE_DAY, FILE_FACTS]

/** Inserts the rows of receipts into the tables of the current schema. */
export async function insertReceipts(database: Database, receipts: readonly Receipt[]): Promise<void> {
  for (const receipt of receipts) await insertReceipt(database, receipt)
}

async function insertReceipt(database: Database, receipt: Receipt): Promise<void> {
  const { date } = receipt.log_file.day
  const columns = FILE_FACTS.columns.map((column) => quoted(column.name)).join(', ')
  await database.run(
    `insert into ${FILE_FACTS.name} (file_date, ${columns})
     values (date '${date}', ${FILE_FACTS.columns.map((column) => `?::${column.type}`).join(', ')})`,
    fileFacts(receipt),
  )
  if (receipt.courses.length === 0) return
  await database.run(
    `insert into ${COURSE_DAY.name} (file_date, course_id, events, fingerprint)
     values ${receipt.courses.map(({ events }) => `(date '${date}', ?, ${events}, '${receipt.fingerprint}')`).join(', ')}`,
    receipt.courses.map(({ course_id }) => course_id),
  )
}
