// Nothing is published that differs from its receipts: a lost part, a wrong merge statement or a half-copied file would
// otherwise become a wrong number in somebody's thesis.
import { MillraceError } from '../../contracts/errors.ts'
import type { Receipt } from '../../contracts/receipt.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { ofDates } from './copy_rows.ts'
import type { CourseBuild } from './course_plan.ts'
import { COURSE_DAY } from './row_layout.ts'

/** Counts all events of a course by day and type; so its sums must be those of the receipts. */
const COUNTED_BY = 'event_type_day'
/** Tables by course that a rows file has whether they have rows or not. */
export const VERIFIED_BY: readonly string[] = [COUNTED_BY, COURSE_DAY.name]

/** Compares the files of an edition (attached as `rows_file` and `course`) with the receipts of its days. */
export async function verifyCourse(database: Database, plan: CourseBuild): Promise<void> {
  const differ = (what: string): never => {
    throw new MillraceError('verify_failed', `Cannot publish the course "${plan.course_id}": ${what}`)
  }

  const told = await database.rows<{ date: string; fingerprint: string; events: bigint }>(
    'select file_date::varchar as date, fingerprint, events from rows_file.main.course_day',
  )
  const results = new Map(told.map(({ date, fingerprint }) => [date, fingerprint]))
  for (const [date, fingerprint] of plan.days)
    if (results.get(date) !== fingerprint) differ(`rows of ${date} that are not of its result ${fingerprint}`)
  if (told.length !== plan.days.size) differ(`rows of ${told.length} days, and not ${plan.days.size}`)

  const counted = await countsBy(database, `select file_date, sum(n) from rows_file.main.${COUNTED_BY} group by all`)
  for (const { date, events } of told)
    if ((counted.get(date) ?? 0) !== Number(events))
      differ(`${counted.get(date) ?? 0} events of ${date}, and its receipt says ${events}`)
  for (const date of counted.keys()) if (!plan.days.has(date)) differ(`rows of ${date}, which is no day of it`)

  const total = told.reduce((sum, { events }) => sum + Number(events), 0)
  const [published] = await database.rows<{ n: bigint | null }>(
    `select sum(n)::bigint as n from course.main.${COUNTED_BY}`,
  )
  if (Number(published?.n ?? 0) !== total) differ(`${COUNTED_BY} counts ${published?.n ?? 0} events, and not ${total}`)

  const files = await countsBy(
    database,
    `select file_date, count(*) from course.main.log_file
     where lines = events + blank + duplicates + rejected
     group by all`,
  )
  for (const date of plan.days.keys())
    if (files.get(date) !== 1) differ(`log_file does not account for every line of ${date}`)
  if (files.size !== plan.days.size) differ(`log_file lists ${files.size} files, and not ${plan.days.size}`)

  const wrong = await database.rows<{ date: string }>(`
    select file_date::varchar as date
    from course.main.log_file as file
    left join (select file_date, count(*) as n from course.main.rejected_line group by all) as line using (file_date)
    where file.rejected <> coalesce(line.n, 0)
  `)
  if (wrong[0]) differ(`rejected_line does not list every rejected line of ${wrong[0].date}`)
}

/**
 * Compares loaded days (tables of the current schema) with their receipts, and tells what is wrong by date. A day that is
 * wrong in itself is found here, before it can hold up every course it touches.
 */
export async function wrongDays(
  database: Database,
  receipts: readonly Receipt[],
): Promise<ReadonlyMap<string, string>> {
  const loaded = ofDates(receipts.map((receipt) => receipt.log_file.day.date))
  const counted = new Map<string, Map<string | null, number>>()
  const rows = await database.rows<{ date: string; course_id: string | null; n: bigint }>(`
    select file_date::varchar as date, course_id, sum(n)::bigint as n
    from ${COUNTED_BY}
    where ${loaded}
    group by all
  `)
  for (const { date, course_id, n } of rows) {
    const courses = counted.get(date) ?? new Map<string | null, number>()
    courses.set(course_id, Number(n))
    counted.set(date, courses)
  }
  const rejected = await countsBy(
    database,
    `select file_date, count(*) from rejected_line where ${loaded} group by all`,
  )
  const wrong = new Map<string, string>()
  for (const receipt of receipts) {
    const { date } = receipt.log_file.day
    const reason = difference(receipt, counted.get(date) ?? new Map(), rejected.get(date) ?? 0)
    if (reason !== null) wrong.set(date, reason)
  }
  return wrong
}

function difference(
  { courses, ledger }: Receipt,
  counted: ReadonlyMap<string | null, number>,
  rejected: number,
): string | null {
  const expected = new Map<string | null, number>(courses.map(({ course_id, events }) => [course_id, events]))
  if (ledger.no_course > 0) expected.set(null, ledger.no_course)
  for (const [course_id, events] of expected)
    if (counted.get(course_id) !== events)
      return `${counted.get(course_id) ?? 0} events of ${course_id ?? 'no course'}, and the receipt says ${events}`
  if (counted.size !== expected.size) return `rows of ${counted.size} courses, and the receipt names ${expected.size}`
  const total = [...expected.values()].reduce((sum, events) => sum + events, 0)
  if (total !== ledger.events) return `${total} events by course, and ${ledger.events} in the ledger`
  return rejected === ledger.rejected ? null : `${rejected} rejected lines, and the receipt says ${ledger.rejected}`
}

/** Reads a statement of dates and counts. */
async function countsBy(database: Database, sql: string): Promise<ReadonlyMap<string, number>> {
  const rows = await database.rows<{ date: string; n: bigint }>(
    `select date::varchar as date, n::bigint as n from (${sql}) as counts(date, n)`,
  )
  return new Map(rows.map(({ date, n }) => [date, Number(n)]))
}
