// Brings the course databases of a site to its newest plan. Whatever happens on the way (a crash, another reducer, a
// damaged part), running it again is right: it starts from the heads, and heads only ever name what is whole.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Site } from '../../contracts/day.ts'
import { COURSE_DECLARATIONS } from '../../contracts/declarations.ts'
import { MillraceError } from '../../contracts/errors.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import { DatabaseError } from '../../runtime/duckdb.ts'
import { publishCatalog } from './catalog.ts'
import { sameFilter } from './course_set.ts'
import { fileDigest } from './file_digest.ts'
import type { MergeDeps } from './merge_deps.ts'
import { type Days, daysOf, nextRound, targetDays } from './pending.ts'
import { assertNewest, listReceipts, newestPlan, newestSiteHead, planReached } from './site_base.ts'
import { mergeRound, type SiteState } from './site_round.ts'

export type MergeOutcome = Exclude<Outcome, { kind: 'quarantine' }>

/** Times that a merge starts from new heads before it gives way to the others. */
const CONFLICTS_MAX = 8
/** Pause before a merge that met a fault outside is tried again. */
const RETRY_MS = 5_000
/** Pause before a merge that a person should look at is tried again. */
const FAILED_RETRY_MS = 60_000

/** Merges what is done and not yet in the heads of a site, then publishes the catalogue. */
export async function mergeSite(site: Site, deps: MergeDeps): Promise<MergeOutcome> {
  let outcome: MergeOutcome | null = null
  for (let conflicts = 0; outcome === null; conflicts++) {
    try {
      outcome = await mergeFromHeads(site, { ...deps, check_all: deps.check_all || conflicts > 0 })
      await publishCatalog(deps)
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'merge_conflict' && conflicts < CONFLICTS_MAX) {
        deps.metrics.merge_conflicts_total.inc()
        deps.log.warn('merge_conflict', { site, error })
        outcome = null
      } else outcome = failureOf(error, site, deps)
    }
  }
  return outcome
}

function failureOf(error: unknown, site: Site, deps: MergeDeps): MergeOutcome {
  if (deps.signal.aborted)
    return { kind: 'retry', after_ms: 0, code: 'aborted', reason: `Cannot go on merging "${site}": told to stop` }
  const expected = error instanceof MillraceError || error instanceof DatabaseError
  if (!expected) throw error
  deps.log.error('merge_failed', { site, error })
  const code = error instanceof MillraceError ? error.code : 'database'
  const passing = error instanceof MillraceError && error.retryable
  return { kind: 'retry', after_ms: passing ? RETRY_MS : FAILED_RETRY_MS, code, reason: error.message }
}

async function mergeFromHeads(site: Site, deps: MergeDeps): Promise<MergeOutcome> {
  const { results: store } = deps
  const plan = await newestPlan(store, site, deps)
  if (plan === null) return { kind: 'done', how: 'superseded' }
  const head = await newestSiteHead(store, site, deps)
  const receipts = await listReceipts(store, site, deps)
  const served = daysOf(head?.days ?? {})
  const target = targetDays({ plan: plan.plan, served, receipts })
  const redeclared = head !== null && head.declarations !== COURSE_DECLARATIONS
  const old_plan = head && (head.plan_number === plan.number ? plan.plan : await planReached(store, head, deps))
  const old_filter = old_plan?.courses ?? null
  // A plan may differ in what only the catalogue tells, such as missing days: that is no reason for another head.
  const unchanged =
    head !== null && sameFilter(plan.plan.courses, old_filter) && sameDays(served, target) && !redeclared
  if ((head === null && target.size === 0) || (unchanged && !deps.check_all))
    return { kind: 'done', how: 'deduplicated' }
  // Other declarations make other databases of the same rows, in every course.
  const check_all = deps.check_all || redeclared

  const folder = await mkdtemp(join(deps.scratch, 'merge-'))
  try {
    const state = await openState(site, head, folder, deps)
    return await mergeRounds({ site, plan, state, receipts, old_filter, folder }, { ...deps, check_all })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const sameDays = (a: Days, b: Days): boolean =>
  a.size === b.size && [...a].every(([date, fingerprint]) => b.get(date) === fingerprint)

/** Downloads the rows file of the head. One that is missing or damaged is made again from all parts of the site. */
async function openState(site: Site, head: SiteState['head'], folder: string, deps: MergeDeps): Promise<SiteState> {
  const lost: SiteState = { head, served: new Map(), rows_path: null }
  if (head === null) return lost
  const rows_path = join(folder, 'old_site.duckdb')
  try {
    await deps.results.getFile(head.rows.key, rows_path, deps)
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'object_missing')) throw error
    // Removed as too old when another reducer went on; else it is really gone.
    await assertNewest(deps.results, site, head, deps)
    deps.log.error('site_rows_unusable', { site, key: head.rows.key, error })
    return lost
  }
  if ((await fileDigest(rows_path, deps)).sha256 === head.rows.sha256)
    return { head, served: daysOf(head.days), rows_path }
  deps.log.error('site_rows_unusable', { site, key: head.rows.key, reason: 'it differs from its head' })
  return lost
}

interface RoundsGiven {
  readonly site: Site
  readonly plan: NonNullable<Awaited<ReturnType<typeof newestPlan>>>
  readonly state: SiteState
  readonly receipts: ReadonlySet<string>
  readonly old_filter: Parameters<typeof mergeRound>[0]['old_filter']
  readonly folder: string
}

async function mergeRounds(given: RoundsGiven, deps: MergeDeps): Promise<MergeOutcome> {
  const { site, plan, receipts } = given
  let { state, old_filter } = given
  // Without its rows file a site is made again in one round: in several, courses would shrink before they grow.
  const rebuilt = state.head !== null && state.rows_path === null
  const days_max = rebuilt ? Number.POSITIVE_INFINITY : deps.batch_days_max
  const kept = rebuilt && state.head !== null ? daysOf(state.head.days) : null
  const unusable = new Map<string, string | null>()
  for (let number = 1; ; number++) {
    deps.signal.throwIfAborted()
    const target = new Map(targetDays({ plan: plan.plan, served: kept ?? state.served, receipts }))
    for (const date of unusable.keys()) leaveAsServed(target, state.served, date)
    const round = nextRound(state.served, target, days_max)
    const folder = join(given.folder, `round-${number}`)
    const check_all = deps.check_all && number === 1
    const result = await mergeRound({ site, plan, state, round, old_filter, check_all, folder }, deps)
    await rm(join(folder, 'batch.duckdb'), { force: true })
    for (const [date, reason] of result.unusable) unusable.set(date, reason)
    const [failed] = result.failed.values()
    if (failed) return { kind: 'retry', after_ms: FAILED_RETRY_MS, code: failed.code, reason: failed.message }
    state = result.state
    old_filter = plan.plan.courses
    if (round.last) break
  }
  deps.metrics.course_databases.set(Object.keys(state.head?.courses ?? {}).length)
  const wrong = [...unusable].find(([, reason]) => reason !== null)
  if (wrong === undefined) return { kind: 'done', how: 'computed' }
  const reason = `Cannot merge ${wrong[0]} of "${site}": ${wrong[1]}`
  return { kind: 'retry', after_ms: FAILED_RETRY_MS, code: 'verify_failed', reason }
}

function leaveAsServed(
  target: Map<string, Days extends ReadonlyMap<string, infer F> ? F : never>,
  served: Days,
  date: string,
): void {
  const present = served.get(date)
  if (present === undefined) target.delete(date)
  else target.set(date, present)
}
