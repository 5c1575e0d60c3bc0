// One round of a merge: some changed days of a site are loaded, the site's rows and the courses they touch are brought
// up to them, and the site's next head is created. A round that fails half way leaves some courses ahead, which the next
// one finds; the site's head never lists a day that a touched course lacks.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { courseMatcher } from '../../config/course_filter.ts'
import type { Site } from '../../contracts/day.ts'
import { COURSE_DECLARATIONS } from '../../contracts/declarations.ts'
import type { MillraceError } from '../../contracts/errors.ts'
import type { EditionFile, SiteHead } from '../../contracts/head.ts'
import type { CourseFilter } from '../../contracts/plan_record.ts'
import type { Receipt } from '../../contracts/receipt.ts'
import { siteEditionKey, siteHeadKey } from '../../contracts/store_layout.ts'
import { literal } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { coursesToPlan } from './course_set.ts'
import { createBatch, loadPartials } from './load_partials.ts'
import { mergeCourses } from './merge_courses.ts'
import type { MergeDeps } from './merge_deps.ts'
import { attachNew } from './new_file.ts'
import type { Days } from './pending.ts'
import { mergedDays, type Round, withoutDays } from './pending.ts'
import { createHead, removeOldEditions, uploadEditionFile } from './publish.ts'
import { readReceipts } from './read_receipts.ts'
import type { NumberedPlan } from './site_base.ts'
import { buildSiteRows } from './site_rows.ts'
import { inTransaction } from './transaction.ts'
import { wrongDays } from './verify.ts'

/** Where a site stands between two rounds. */
export interface SiteState {
  readonly head: SiteHead | null
  /** The head's days, or none when its rows file is lost and everything is loaded again. */
  readonly served: Days
  /** Local copy of the head's rows file; null without one. */
  readonly rows_path: string | null
}

export interface RoundGiven {
  readonly site: Site
  readonly plan: NumberedPlan
  readonly state: SiteState
  readonly round: Round
  /** Filter that the head was made with; null when it is not known. */
  readonly old_filter: CourseFilter | null
  readonly check_all: boolean
  /** Private folder of this round. */
  readonly folder: string
}

export interface RoundResult {
  readonly state: SiteState
  /** Dates whose results could not be used, with the reason where a person must look at it (null: computed again). */
  readonly unusable: ReadonlyMap<string, string | null>
  /** Courses that could not be merged; with one of them the head stays as it was. */
  readonly failed: ReadonlyMap<string, MillraceError>
}

/** Does one round. */
export async function mergeRound(given: RoundGiven, deps: MergeDeps): Promise<RoundResult> {
  const { site, plan, state, folder } = given
  await mkdir(folder, { recursive: true })
  const made = await makeSiteRows(given, deps)
  const { round, unusable } = made
  deps.progress(`${site}: ${round.loaded.size} days loaded`)
  const courses = await mergeCourses(
    {
      site,
      head: state.head,
      course_ids: made.course_ids,
      wanted: courseMatcher(plan.plan.courses),
      batch_path: made.batch_path,
      site_path: made.rows_path,
      in_batch: new Set(round.loaded.keys()),
      folder,
    },
    deps,
  )
  if (courses.failed.size > 0) return { state, unusable, failed: courses.failed }
  if (isReached(given, round, courses.numbers)) return { state, unusable, failed: courses.failed }
  const head = await publishSite({ ...given, round, rows_path: made.rows_path, numbers: courses.numbers }, deps)
  return { state: { head, served: round.days, rows_path: made.rows_path }, unusable, failed: courses.failed }
}

/** The head says already what a new one would: a check of all courses found nothing to do. */
function isReached({ plan, state }: RoundGiven, round: Round, numbers: ReadonlyMap<string, number>): boolean {
  const { head } = state
  if (head === null || state.rows_path === null || head.plan_number !== plan.number) return false
  if (head.declarations !== COURSE_DECLARATIONS) return false
  const { added, replaced, removed } = round.differences
  if (added.length + replaced.length + removed.length > 0) return false
  return [...numbers].every(([course_id, number]) => head.courses[course_id] === number)
}

interface SiteRowsMade {
  readonly round: Round
  readonly unusable: ReadonlyMap<string, string | null>
  readonly course_ids: readonly string[]
  readonly batch_path: string
  readonly rows_path: string
}

async function makeSiteRows(given: RoundGiven, deps: MergeDeps): Promise<SiteRowsMade> {
  const { plan, state, folder } = given
  const batch_path = join(folder, 'batch.duckdb')
  const rows_path = join(folder, 'site.duckdb')

  await using database = await openDatabase({
    path: batch_path,
    threads: deps.threads,
    memory_mb: deps.memory_mb,
    temp_directory: folder,
    signal: deps.signal,
  })
  const { round, receipts, unusable } = await loadRound(database, given, deps)
  if (state.rows_path !== null) await database.run(`attach ${literal(state.rows_path)} as old_site (read_only)`)
  await database.run(attachNew(rows_path, 'site'))
  const old_site = state.rows_path === null ? null : 'old_site'
  const sources = { batch: 'batch', old_site, site: 'site', dropped: round.dropped, receipts }
  await inTransaction(database, (site) => buildSiteRows(site, sources))
  const course_ids = await coursesToPlan(database, {
    old_site,
    site: 'site',
    head: state.head,
    dropped: round.dropped,
    receipts,
    filter: plan.plan.courses,
    old_filter: given.old_filter,
    check_all: given.check_all,
  })
  await database.run('checkpoint site')
  await database.run('detach site')
  return { round, unusable, course_ids, batch_path, rows_path }
}

interface LoadedRound {
  readonly round: Round
  readonly receipts: readonly Receipt[]
  readonly unusable: ReadonlyMap<string, string | null>
}

/** Loads the days of a round, and leaves out those that turn out unusable. */
async function loadRound(database: Database, given: RoundGiven, deps: MergeDeps): Promise<LoadedRound> {
  const { site, state } = given
  const { results: store, log, signal } = deps
  const progress = () => deps.progress(`${site}: loading days`)
  const unusable = new Map<string, string | null>()
  const receipts = await readReceipts(store, site, given.round.loaded, deps)
  for (const date of given.round.loaded.keys()) if (!receipts.has(date)) unusable.set(date, null)
  await createBatch(database)
  const all = [...receipts.values()]
  const loading = { store, site, folder: given.folder, courses: null, log, signal, progress }
  for (const date of await loadPartials(database, all, loading)) unusable.set(date, null)
  const whole = all.filter((receipt) => !unusable.has(receipt.log_file.day.date))
  for (const [date, reason] of await wrongDays(database, whole)) {
    log.error('day_differs', { site, date, fingerprint: given.round.loaded.get(date), reason })
    deps.metrics.verify_failures_total.inc()
    unusable.set(date, reason)
  }
  return {
    round: withoutDays(state.served, given.round, new Set(unusable.keys())),
    receipts: all.filter((receipt) => !unusable.has(receipt.log_file.day.date)),
    unusable,
  }
}

interface SiteEdition extends RoundGiven {
  readonly rows_path: string
  readonly numbers: ReadonlyMap<string, number>
}

async function publishSite(given: SiteEdition, deps: MergeDeps): Promise<SiteHead> {
  const { site, plan, state, round } = given
  const { results: store, metrics, signal } = deps
  const number = (state.head?.number ?? 0) + 1
  const prefix = siteEditionKey(site, '')
  const rows: EditionFile = await uploadEditionFile(
    store,
    { prefix, number, name: 'rows', path: given.rows_path },
    { signal },
  )
  const courses = { ...state.head?.courses, ...Object.fromEntries(given.numbers) }
  const days = mergedDays(round.days)
  const made = { plan_number: plan.number, declarations: COURSE_DECLARATIONS }
  const head: SiteHead = { version: 1, number, site, ...made, rows, days, courses }
  await createHead(store, { key: siteHeadKey(site, number), head, own: [rows] }, { signal })
  metrics.head_updates_total.inc({ result: 'created' })
  for (const op of ['added', 'replaced', 'removed'] as const)
    metrics.merge_days_total.inc({ op }, round.differences[op].length)
  await removeOldEditions(store, { prefix, number, keep: [] }, { signal })
  const { added, replaced, removed } = round.differences
  deps.log.info('site_merged', {
    site,
    number,
    added: added.length,
    replaced: replaced.length,
    removed: removed.length,
    courses: given.numbers.size,
  })
  return head
}
