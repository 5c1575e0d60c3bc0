// Merges the courses of one round: plans each from its newest head, loads what further days they need, builds a few at a
// time. A course that somebody else moved meanwhile, or whose rows file is unusable, is planned once more.
//
// States of a course: waiting → planned → done | failed | waiting (moved, rows unusable).
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import type { Fingerprint } from '../../contracts/fingerprint.ts'
import type { SiteHead } from '../../contracts/head.ts'
import { literal } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'
import { forEachBounded } from './bounded.ts'
import { ofDates } from './copy_rows.ts'
import {
  type CourseBuild,
  type CourseHeads,
  type CoursePlan,
  courseHeads,
  knownNumber,
  planCourse,
} from './course_plan.ts'
import { makeTemplate } from './course_template.ts'
import { loadPartials, tablesByCourse } from './load_partials.ts'
import { type CourseWork, mergeCourse, RowsUnusable } from './merge_course.ts'
import type { MergeDeps } from './merge_deps.ts'
import { namesOfCourse } from './names.ts'
import { type Days, daysOf } from './pending.ts'
import { REQUESTS_MAX, readReceipts } from './read_receipts.ts'
import { insertReceipts, RECEIPT_ROWS } from './receipt_rows.ts'
import { courseRows, REJECTED_LINE } from './row_layout.ts'
import { assertNewest } from './site_base.ts'

/** Courses built at one time: uploads of one overlap with the computing of another, in half the memory each. */
const COURSES_AT_ONCE = 2
/** Rows files and batch together up to which one thread builds a course: more of them only cost each other's time. */
const SMALL_BYTES_MAX = 33_554_432
/** Times that a course is planned before it counts as failed. */
const PASSES_MAX = 5

export interface CoursesGiven {
  readonly site: Site
  readonly head: SiteHead | null
  readonly course_ids: readonly string[]
  /** The course filter. */
  readonly wanted: (course_id: string) => boolean
  readonly batch_path: string
  readonly names_path: string
  /** Tells the days of a course at the end of the round, from those of the head that the site's head counts. */
  readonly daysOf: (course_id: string, counted: Days) => Days
  /** Called before the first of these courses is changed. */
  readonly intend: (course_ids: readonly string[]) => Promise<void>
  /** Days that the batch holds for all courses. */
  readonly in_batch: ReadonlySet<string>
  readonly folder: string
}

export interface MergedCourses {
  /** Numbers of the newest heads, by course. */
  readonly numbers: ReadonlyMap<string, number>
  /** Why a course could not be merged, by course. */
  readonly failed: ReadonlyMap<string, MillraceError>
}

/** Brings courses to the days and names of the round. */
export async function mergeCourses(given: CoursesGiven, deps: MergeDeps): Promise<MergedCourses> {
  if (given.course_ids.length === 0) return { numbers: new Map(), failed: new Map() }
  const { tables, threads, memory_mb, signal } = deps
  await makeTemplate(templatePath(given), tables, { threads, memory_mb, signal })
  const numbers = new Map<string, number>()
  const failed = new Map<string, MillraceError>()
  /** Course -> number of the head whose rows file is unusable, 0 for none. */
  let waiting = new Map(given.course_ids.map((course_id) => [course_id, 0]))
  for (let pass = 1; waiting.size > 0; pass++) {
    const { plans, tables_in_batch } = await planAll(given, waiting, deps, failed)
    const changing = plans.filter((plan) => plan.kind !== 'current').map((plan) => plan.course_id)
    if (changing.length > 0) await given.intend(changing)
    waiting = new Map()
    await forEachBounded(plans, COURSES_AT_ONCE, async (plan) => {
      const { course_id } = plan
      try {
        const head = await mergeOne(
          plan,
          { ...given, tables_in_batch: tables_in_batch.get(course_id) ?? new Set() },
          deps,
        )
        if (head !== null) numbers.set(course_id, head)
      } catch (error) {
        const again = pass < PASSES_MAX && (await mayTryAgain(error, given, deps))
        if (again) waiting.set(course_id, error instanceof RowsUnusable ? (plan.head?.number ?? 0) : 0)
        else failed.set(course_id, courseFailure(error, plan, given, deps))
      }
    })
  }
  return { numbers, failed }
}

const templatePath = ({ folder }: CoursesGiven): string => join(folder, 'template.duckdb')

async function mergeOne(
  plan: CoursePlan,
  given: CoursesGiven & Pick<CourseWork, 'tables_in_batch'>,
  deps: MergeDeps,
): Promise<number | null> {
  const { metrics, log, signal } = deps
  const head = await mergeCourse(plan, {
    store: deps.results,
    site: given.site,
    tables: deps.tables,
    batch_path: given.batch_path,
    tables_in_batch: given.tables_in_batch,
    names_path: given.names_path,
    template_path: templatePath(given),
    folder: given.folder,
    memory_mb: Math.floor(deps.memory_mb / COURSES_AT_ONCE),
    threads: (await bytesOf(plan, given)) > SMALL_BYTES_MAX ? deps.threads : 1,
    signal,
  })
  if (plan.kind !== 'current' && head !== null) {
    metrics.head_updates_total.inc({ result: 'created' })
    const { number, summary } = head
    log.info(plan.kind === 'build' ? 'course_merged' : 'course_withdrawn', {
      site: given.site,
      course_id: plan.course_id,
      number,
      days: Object.keys(head.days).length,
      events: summary.events,
    })
  }
  deps.progress(`${given.site} ${plan.course_id}`)
  return head?.number ?? null
}

/** Tells what a course is built from at most: which rows of the batch are its own shows only when they are read. */
async function bytesOf(plan: CoursePlan, { batch_path }: CoursesGiven): Promise<number> {
  return (plan.head?.rows?.bytes ?? 0) + (await stat(batch_path)).size
}

/** A course that moved or lost its rows file is planned anew, unless the whole site has moved on. */
async function mayTryAgain(error: unknown, given: CoursesGiven, deps: MergeDeps): Promise<boolean> {
  if (error instanceof RowsUnusable) {
    deps.log.error('course_rows_unusable', { site: given.site, error })
    return true
  }
  if (!(error instanceof MillraceError && error.code === 'merge_conflict')) return false
  deps.metrics.head_updates_total.inc({ result: 'conflict' })
  deps.metrics.merge_conflicts_total.inc()
  await assertNewest(deps.results, given.site, given.head, deps)
  return true
}

/** Turns what went wrong with one course into its failure; what concerns all courses is thrown on. */
function courseFailure(error: unknown, plan: CoursePlan, given: CoursesGiven, deps: MergeDeps): MillraceError {
  if (deps.signal.aborted || !(error instanceof Error) || error.name === 'AssertionError') throw error
  if (error instanceof MillraceError && error.retryable) throw error
  const { course_id } = plan
  if (error instanceof MillraceError && error.code === 'verify_failed') deps.metrics.verify_failures_total.inc()
  deps.log.error('course_failed', { site: given.site, course_id, error })
  if (error instanceof MillraceError) return error
  return new MillraceError('verify_failed', `Cannot build the course "${course_id}": ${error.message}`, {
    cause: error,
  })
}

interface Planned {
  readonly plans: readonly CoursePlan[]
  /** By course. */
  readonly tables_in_batch: ReadonlyMap<string, ReadonlySet<string>>
}

async function planAll(
  given: CoursesGiven,
  waiting: ReadonlyMap<string, number>,
  deps: MergeDeps,
  failed: Map<string, MillraceError>,
): Promise<Planned> {
  const { site, head } = given
  const heads = new Map<string, CourseHeads>()
  await forEachBounded(waiting.keys(), REQUESTS_MAX, async (course_id) => {
    heads.set(course_id, await courseHeads(deps.results, { site, course_id, head }, deps))
  })
  // Somebody else wrote a newer head: fine after a crash, but not while this merge is behind the site's own head.
  if ([...heads].some(([course_id, { newest }]) => newest && newest.number > knownNumber(head, course_id)))
    await assertNewest(deps.results, site, head, deps)

  await using database = await openDatabase({
    path: given.batch_path,
    threads: deps.threads,
    memory_mb: deps.memory_mb,
    temp_directory: given.folder,
    signal: deps.signal,
  })
  await database.run(`attach ${literal(given.names_path)} as names (read_only)`)
  const { declarations } = deps.tables
  const plans: CoursePlan[] = []
  for (const [course_id, unusable] of waiting) {
    const of_course = heads.get(course_id) ?? { newest: null, counted: null }
    const days = given.daysOf(course_id, daysOf(of_course.counted?.days ?? {}))
    const names = await namesOfCourse(database, { names: 'names', course_id })
    const distrust_rows = of_course.newest !== null && of_course.newest.number === unusable
    const wanted = given.wanted(course_id)
    plans.push(planCourse({ course_id, days, names, declarations, heads: of_course, wanted, distrust_rows }))
  }
  const lost = await loadFurtherDays(database, plans, given, deps)
  const possible = plans.filter((plan) => {
    const date = plan.kind === 'build' ? [...plan.inserted.keys()].find((day) => lost.has(day)) : undefined
    if (date === undefined) return true
    const reason = `the result of ${date} is damaged and is computed again`
    failed.set(plan.course_id, new MillraceError('object_corrupt', `Cannot build "${plan.course_id}": ${reason}`))
    return false
  })
  return { plans: possible, tables_in_batch: await tablesByCourse(database, deps.tables) }
}

/** Loads days that only some courses need: those that were not built before, or whose rows file is lost. */
async function loadFurtherDays(
  database: Awaited<ReturnType<typeof openDatabase>>,
  plans: readonly CoursePlan[],
  given: CoursesGiven,
  deps: MergeDeps,
): Promise<ReadonlySet<string>> {
  const builds = plans.filter((plan): plan is CourseBuild => plan.kind === 'build')
  const days = new Map<string, Fingerprint>()
  const courses = new Set<string>()
  for (const { course_id, inserted } of builds)
    for (const [date, fingerprint] of inserted)
      if (!given.in_batch.has(date)) {
        days.set(date, fingerprint)
        courses.add(course_id)
      }
  if (days.size === 0) return new Set()
  // An earlier pass may have loaded some of them, for other courses.
  for (const table of [...courseRows(deps.tables), REJECTED_LINE, ...RECEIPT_ROWS])
    await database.run(`delete from "${table.name}" where not (${ofDates(given.in_batch)})`)
  const receipts = await readReceipts(deps.results, given.site, days, deps)
  const { results: store, tables, log, signal } = deps
  const corrupt = await loadPartials(database, [...receipts.values()], {
    store,
    site: given.site,
    tables,
    folder: given.folder,
    courses,
    log,
    signal,
    progress: () => deps.progress(`${given.site} further days`),
  })
  await insertReceipts(
    database,
    [...receipts].filter(([date]) => !corrupt.has(date)).map(([, receipt]) => receipt),
  )
  return new Set([...days.keys()].filter((date) => corrupt.has(date) || !receipts.has(date)))
}
