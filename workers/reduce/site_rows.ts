// A run holds what some days have for their site as a whole: names, rows without a course, the ledger of the files and which
// course each touched. A merge writes the run of its new days and leaves the runs of all earlier days alone; without that,
// every new day would be paid for with all years before it.
import type { TableSet } from '../../contracts/table_set.ts'
import { quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { copyOwnRows, copyRows, knownColumns, ofDates } from './copy_rows.ts'
import { RECEIPT_ROWS } from './receipt_rows.ts'
import { courseRows, type RowTable, rowDdl, siteRows } from './row_layout.ts'

/** Rows of course tables that belong to no course: only the counts by event type are of use without one. */
const rowsWithoutCourse = (tables: TableSet): readonly RowTable[] =>
  courseRows(tables).filter((table) => table.name === 'event_type_day')

export interface SiteRows {
  readonly tables: TableSet
  /** Attached databases: the batch, earlier runs that the new one takes the place of, and the empty one to fill. */
  readonly batch: string
  readonly old_runs: readonly string[]
  readonly run: string
  /** Dates whose rows in earlier runs must go. */
  readonly dropped: readonly string[]
  /** Dates whose rows in the batch come in. */
  readonly loaded: Iterable<string>
}

/** Fills a run: the rows of earlier runs without the dropped days, and those of the loaded ones. */
export async function buildRun(database: Database, given: SiteRows): Promise<void> {
  const { batch, run } = given
  const of_site = [...siteRows(given.tables), ...RECEIPT_ROWS]
  const without_course = rowsWithoutCourse(given.tables)
  const all = [...of_site, ...without_course]
  const statements = all.map((table) => rowDdl(table, `${quoted(run)}.main.${quoted(table.name)}`))
  for (const old of given.old_runs) {
    const known = await knownColumns(database, old)
    const where = `not (${ofDates(given.dropped)})`
    for (const table of all) statements.push(copyRows(table, { from: old, to: run, where }, known) ?? '')
  }
  const loaded = ofDates(given.loaded)
  for (const table of of_site) statements.push(copyOwnRows(table, { from: batch, to: run, where: loaded }))
  for (const table of without_course)
    statements.push(copyOwnRows(table, { from: batch, to: run, where: `course_id is null and ${loaded}` }))
  await database.run(statements.filter((statement) => statement !== '').join(';\n'))
}
