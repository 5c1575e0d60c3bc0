// Makes what a round needs of its site before it comes to the courses: the batch with the loaded days, the run of the site's
// new rows, the names, and which courses have to be looked at. Two ways lead there. A round that only adds days reads no
// row of an older day. A round that takes days out, looks at every course or finds too many runs reads all runs and makes
// one of them; that is the way back to a single file, and it says everything about the site from its rows alone.
import { join } from 'node:path'
import { courseMatcher } from '../../config/course_filter.ts'
import { Fingerprint } from '../../contracts/fingerprint.ts'
import type { SiteHead, SiteRun } from '../../contracts/head.ts'
import type { Receipt } from '../../contracts/receipt.ts'
import { literal } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { ofDates } from './copy_rows.ts'
import { coursesToPlan, sameFilter } from './course_set.ts'
import { loadDays } from './load_days.ts'
import type { MergeDeps } from './merge_deps.ts'
import { buildNames, coursesWithChangedNames } from './names.ts'
import { attachNew, SMALL_BLOCK_BYTES } from './new_file.ts'
import type { Days, Round } from './pending.ts'
import type { RoundGiven } from './site_round.ts'
import { buildRun } from './site_rows.ts'
import { fetchNames, fetchRuns } from './site_state.ts'
import { inTransaction } from './transaction.ts'

/** Days whose run is a small file. */
const FEW_DAYS_MAX = 16

export interface SiteFiles {
  /** The round without the days that turned out unusable. */
  readonly round: Round
  /** Dates whose results could not be used, with the reason where a person must look at it (null: computed again). */
  readonly unusable: ReadonlyMap<string, string | null>
  readonly course_ids: readonly string[]
  /** Tells the days of a course at the end of the round, from those of the head that the site's head counts. */
  readonly daysOf: (course_id: string, counted: Days) => Days
  readonly batch_path: string
  readonly names_path: string
  /** Runs that stay as they are. */
  readonly old_runs: readonly SiteRun[]
  /** The new run; null when nothing would stand in it. */
  readonly run_path: string | null
}

/** Loads the round's days and makes the site's files. */
export async function makeSiteFiles(given: RoundGiven, deps: MergeDeps): Promise<SiteFiles> {
  const { folder, state } = given
  const head = state.lost ? null : state.head
  const batch_path = join(folder, 'batch.duckdb')
  const names_path = join(folder, 'names.duckdb')
  const run_path = join(folder, 'run.duckdb')

  await using database = await openDatabase({
    path: batch_path,
    threads: deps.threads,
    memory_mb: deps.memory_mb,
    temp_directory: folder,
    signal: deps.signal,
  })
  const { round, receipts, unusable } = await loadDays(database, given, deps)
  const old_names = head === null ? null : await fetchNames(head, folder, deps)
  if (old_names !== null) await database.run(`attach ${literal(old_names)} as old_names (read_only)`)
  const known_names = old_names === null ? null : 'old_names'
  // Without the old names nobody can tell which courses have a name that resolves otherwise now.
  const check_all = given.check_all || (head !== null && known_names === null)
  const whole = check_all || head === null || isDue(head, given, deps)
  const old_paths = whole && head !== null ? await fetchRuns(head, folder, deps) : []
  const old_runs: string[] = []
  for (const [index, path] of old_paths.entries()) {
    await database.run(`attach ${literal(path)} as old_run_${index} (read_only)`)
    old_runs.push(`old_run_${index}`)
  }
  const few = !whole && receipts.length <= FEW_DAYS_MAX
  await database.run(attachNew(run_path, 'run', few ? SMALL_BLOCK_BYTES : undefined))
  await database.run(attachNew(names_path, 'names'))
  const { tables } = deps
  const rows = { tables, batch: 'batch', old_runs, run: 'run', dropped: round.dropped, loaded: round.loaded.keys() }
  await inTransaction(database, (run) => buildRun(run, rows))
  const sources = { old_names: whole ? null : known_names, run: 'run', names: 'names' }
  await inTransaction(database, (names) => buildNames(names, sources))
  const touched = await touchedCourses(database, { ...given, receipts, old_runs, round, known_names })
  const course_days = whole ? await daysByCourse(database) : null
  const course_ids = coursesToPlan({
    head: state.head,
    touched,
    all: course_days === null ? null : course_days.keys(),
    wanted: courseMatcher(given.plan.plan.courses),
    wanted_before: head === null ? null : courseMatcher(head.filter),
    check_all,
  })
  for (const name of ['run', 'names']) await database.run(`checkpoint ${name}`)
  for (const name of ['run', 'names']) await database.run(`detach ${name}`)
  const is_empty = !whole && receipts.length === 0
  return {
    round,
    unusable,
    course_ids,
    daysOf: course_days === null ? addedTo(receipts) : (course_id) => course_days.get(course_id) ?? new Map(),
    batch_path,
    names_path,
    old_runs: whole ? [] : (head?.runs ?? []),
    run_path: is_empty ? null : run_path,
  }
}

/** Rows of days that go stand in old runs; a filter may want courses that no head tells the days of. */
const isDue = (head: SiteHead, { round, plan }: RoundGiven, { runs_max }: MergeDeps): boolean =>
  round.dropped.length > 0 || !sameFilter(plan.plan.courses, head.filter) || head.runs.length >= runs_max

interface Touching extends RoundGiven {
  readonly receipts: readonly Receipt[]
  readonly old_runs: readonly string[]
  readonly known_names: string | null
}

/** Finds the courses that days which come or go have events of, whose names changed, or which a merge left ahead. */
async function touchedCourses(database: Database, given: Touching): Promise<ReadonlySet<string>> {
  const touched = new Set(given.left.flatMap((intent) => intent.courses ?? []))
  for (const receipt of given.receipts) for (const { course_id } of receipt.courses) touched.add(course_id)
  for (const old_run of given.old_runs) {
    const gone = await database.rows<{ course_id: string }>(
      `select distinct course_id from ${old_run}.main.course_day where ${ofDates(given.round.dropped)}`,
    )
    for (const { course_id } of gone) touched.add(course_id)
  }
  if (given.known_names !== null) {
    const changed = await coursesWithChangedNames(database, { names: 'names', old_names: given.known_names })
    for (const course_id of changed) touched.add(course_id)
  }
  return touched
}

/** Reads the days of every course from a run that holds all days. */
async function daysByCourse(database: Database): Promise<ReadonlyMap<string, Days>> {
  const found = await database.rows<{ course_id: string; date: string; fingerprint: string }>(
    'select course_id, file_date::varchar as date, fingerprint from run.main.course_day',
  )
  const days = new Map<string, Map<string, Fingerprint>>()
  for (const { course_id, date, fingerprint } of found) {
    const of_course = days.get(course_id) ?? new Map<string, Fingerprint>()
    of_course.set(date, Fingerprint.parse(fingerprint))
    days.set(course_id, of_course)
  }
  return days
}

/** In a round that only adds days, a course has the days it had and those whose receipts name it. */
function addedTo(receipts: readonly Receipt[]): SiteFiles['daysOf'] {
  const added = new Map<string, Map<string, Fingerprint>>()
  for (const { log_file, fingerprint, courses } of receipts)
    for (const { course_id } of courses) {
      const of_course = added.get(course_id) ?? new Map<string, Fingerprint>()
      of_course.set(log_file.day.date, fingerprint)
      added.set(course_id, of_course)
    }
  return (course_id, counted) => new Map([...counted, ...(added.get(course_id) ?? [])])
}
