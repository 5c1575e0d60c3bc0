// The rows file of a site holds what serves all its courses: names, rows without a course, the ledger of its files and
// which course each file touched. Without it, every merge would read all receipts of all years again.
import type { Receipt } from '../../contracts/receipt.ts'
import { quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { copyOwnRows, copyRows, ofDates } from './copy_rows.ts'
import { FILE_FACTS, fileFacts } from './file_facts.ts'
import { resolveNames } from './names.ts'
import { COURSE_ROWS, type RowTable, rowDdl, SITE_ROWS } from './row_layout.ts'

/** Which courses a file touched, with how many events. */
const COURSE_DAY: RowTable = {
  name: 'course_day',
  columns: [
    { name: 'course_id', type: 'VARCHAR' },
    { name: 'events', type: 'BIGINT' },
    { name: 'fingerprint', type: 'VARCHAR' },
  ],
  by_course: false,
}

/** Rows of course tables that belong to no course: only the counts by event type are of use without one. */
const WITHOUT_COURSE: readonly RowTable[] = COURSE_ROWS.filter((table) => table.name === 'event_type_day')

const TABLES: readonly RowTable[] = [...SITE_ROWS, ...WITHOUT_COURSE, COURSE_DAY, FILE_FACTS]

export interface SiteRows {
  /** Attached databases: the batch, the present site rows (null for none) and the empty one to fill. */
  readonly batch: string
  readonly old_site: string | null
  readonly site: string
  /** Dates whose present rows must go. */
  readonly dropped: readonly string[]
  /** Receipts of the loaded days, all of them in the batch. */
  readonly receipts: readonly Receipt[]
}

/** Fills the new rows file of a site: the old one's rows without the dropped days, and those of the loaded ones. */
export async function buildSiteRows(database: Database, given: SiteRows): Promise<void> {
  const { batch, old_site, site, dropped, receipts } = given
  for (const table of TABLES) await database.run(rowDdl(table, `${quoted(site)}.main.${quoted(table.name)}`))
  if (old_site !== null)
    for (const table of TABLES)
      await copyRows(database, table, { from: old_site, to: site, where: `not (${ofDates(dropped)})` })
  const loaded = ofDates(receipts.map((receipt) => receipt.log_file.day.date))
  for (const table of SITE_ROWS) await copyOwnRows(database, table, { from: batch, to: site, where: loaded })
  for (const table of WITHOUT_COURSE)
    await copyOwnRows(database, table, { from: batch, to: site, where: `course_id is null and ${loaded}` })
  for (const receipt of receipts) await insertReceipt(database, site, receipt)
  await resolveNames(database, site)
}

async function insertReceipt(database: Database, site: string, receipt: Receipt): Promise<void> {
  const { date } = receipt.log_file.day
  const columns = FILE_FACTS.columns.map((column) => quoted(column.name)).join(', ')
  await database.run(
    `insert into ${quoted(site)}.main.${FILE_FACTS.name} (file_date, ${columns})
     values (date '${date}', ${FILE_FACTS.columns.map((column) => `?::${column.type}`).join(', ')})`,
    fileFacts(receipt),
  )
  if (receipt.courses.length === 0) return
  await database.run(
    `insert into ${quoted(site)}.main.course_day (file_date, course_id, events, fingerprint)
     values ${receipt.courses.map(({ events }) => `(date '${date}', ?, ${events}, '${receipt.fingerprint}')`).join(', ')}`,
    receipt.courses.map(({ course_id }) => course_id),
  )
}
