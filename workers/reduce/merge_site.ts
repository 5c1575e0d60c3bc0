// Brings the course databases of a site to its newest plan. Whatever happens on the way (a crash, another reducer, a
// damaged part), running it again is right: it starts from the heads, and heads only ever name what is whole.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import { DatabaseError } from '../../runtime/duckdb.ts'
import { publishCatalog } from './catalog.ts'
import { sameFilter } from './course_set.ts'
import type { MergeDeps } from './merge_deps.ts'
import { type LeftIntent, leftIntents } from './merge_intents.ts'
import { type Days, daysOf, nextRound, targetDays } from './pending.ts'
import { listReceipts, type NumberedPlan, newestPlan, newestSiteHead } from './site_base.ts'
import { mergeRound, type RoundResult } from './site_round.ts'
import { RunsUnusable, type SiteState } from './site_state.ts'

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
  // Each time but the first, every course is looked at: that reads all runs, and finds out which of them cannot be used.
  for (let conflicts = 0; outcome === null; conflicts++) {
    try {
      const merged = await mergeFromHeads(site, { ...deps, check_all: deps.check_all || conflicts > 0 })
      await publishCatalog(deps, merged.plan && { plan: merged.plan, head: merged.head })
      outcome = merged.outcome
    } catch (error) {
      if (error instanceof MillraceError && error.code === 'merge_conflict' && conflicts < CONFLICTS_MAX) {
        deps.metrics.merge_conflicts_total.inc()
        deps.log.warn('merge_conflict', { site, error })
        outcome = null
      } else if (error instanceof RunsUnusable && error.site === site && conflicts < CONFLICTS_MAX) {
        deps.log.warn('site_made_again', { site, error })
        outcome = null
      } else outcome = failureOf(error, site, deps)
    }
  }
  return outcome
}

function failureOf(error: unknown, site: Site, deps: MergeDeps): MergeOutcome {
  if (deps.signal.aborted)
    return { kind: 'retry', after_ms: 0, code: 'aborted', reason: `Cannot go on merging "${site}": told to stop` }
  const expected = error instanceof MillraceError || error instanceof DatabaseError || error instanceof RunsUnusable
  if (!expected) throw error
  deps.log.error('merge_failed', { site, error })
  const lost = error instanceof RunsUnusable ? 'object_missing' : 'database'
  const code = error instanceof MillraceError ? error.code : lost
  const passing = error instanceof MillraceError && error.retryable
  return { kind: 'retry', after_ms: passing ? RETRY_MS : FAILED_RETRY_MS, code, reason: error.message }
}

interface Merged {
  readonly outcome: MergeOutcome
  /** What it read and left, which the catalogue need not read again. */
  readonly plan: NumberedPlan | null
  readonly head: SiteState['head']
}

async function mergeFromHeads(site: Site, deps: MergeDeps): Promise<Merged> {
  const { results: store } = deps
  const plan = await newestPlan(store, site, deps)
  if (plan === null) return { outcome: { kind: 'done', how: 'superseded' }, plan, head: null }
  const head = await newestSiteHead(store, site, deps)
  const served = daysOf(head?.days ?? {})
  const receipts = await listReceipts(store, { plan: plan.plan, served }, deps)
  const left = await leftIntents(store, site, deps)
  const target = targetDays({ plan: plan.plan, served, receipts })
  // Other declarations make other databases of the same rows, in every course.
  const redeclared = head !== null && head.declarations !== deps.tables.declarations
  const check_all = deps.check_all || redeclared || left.some((intent) => intent.courses === null)
  // A plan may differ in what only the catalogue tells, such as missing days: that is no reason for another head.
  const unchanged =
    head === null
      ? target.size === 0
      : sameFilter(plan.plan.courses, head.filter) &&
        sameDays(served, target) &&
        !check_all &&
        left.every((intent) => intent.number <= head.number)
  if (unchanged) return { outcome: { kind: 'done', how: 'deduplicated' }, plan, head }

  const folder = await mkdtemp(join(deps.scratch, 'merge-'))
  try {
    const given = { site, plan, receipts, left, folder }
    return { ...(await mergeRounds({ ...given, state: { head, served, lost: false } }, { ...deps, check_all })), plan }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const sameDays = (a: Days, b: Days): boolean =>
  a.size === b.size && [...a].every(([date, fingerprint]) => b.get(date) === fingerprint)

interface RoundsGiven {
  readonly site: Site
  readonly plan: NumberedPlan
  readonly state: SiteState
  readonly receipts: ReadonlySet<string>
  readonly left: readonly LeftIntent[]
  readonly folder: string
}

async function mergeRounds(given: RoundsGiven, deps: MergeDeps): Promise<Omit<Merged, 'plan'>> {
  const { site, plan, receipts } = given
  let { state, left } = given
  const unusable = new Map<string, string | null>()
  const sizes = new Map<string, number>(plan.plan.days.map(({ log_file }) => [log_file.day.date, log_file.size]))
  const bytesOf = (date: string): number => sizes.get(date) ?? 0
  for (let number = 1; ; number++) {
    deps.signal.throwIfAborted()
    // Without its runs a site is made again in one round: in several, courses would shrink before they grow.
    const endless = { days_max: Number.POSITIVE_INFINITY, bytes_max: Number.POSITIVE_INFINITY }
    const limits = state.lost ? endless : { days_max: deps.batch_days_max, bytes_max: deps.batch_bytes_max }
    const kept = state.lost && state.head !== null ? daysOf(state.head.days) : state.served
    const target = new Map(targetDays({ plan: plan.plan, served: kept, receipts }))
    for (const date of unusable.keys()) leaveAsServed(target, state.served, date)
    const round = nextRound(state.served, target, { ...limits, bytesOf })
    const folder = join(given.folder, `round-${number}`)
    const check_all = deps.check_all && number === 1
    let result: RoundResult
    try {
      result = await mergeRound({ site, plan, state, round, left, check_all, folder }, deps)
    } catch (error) {
      if (!(error instanceof RunsUnusable)) throw error
      deps.log.warn('site_made_again', { site, error })
      state = { head: state.head, served: new Map(), lost: true }
      continue
    }
    await rm(join(folder, 'batch.duckdb'), { force: true })
    for (const [date, reason] of result.unusable) unusable.set(date, reason)
    state = result.state
    left = result.left
    const [failed] = result.failed.values()
    if (failed) return { outcome: retry(failed.code, failed.message), head: state.head }
    if (round.last) break
  }
  deps.metrics.course_databases.set(Object.keys(state.head?.courses ?? {}).length)
  const wrong = [...unusable].find(([, reason]) => reason !== null)
  if (wrong === undefined) return { outcome: { kind: 'done', how: 'computed' }, head: state.head }
  const reason = `Cannot merge ${wrong[0]} of "${site}": ${wrong[1]}`
  return { outcome: retry('verify_failed', reason), head: state.head }
}

const retry = (code: MillraceError['code'], reason: string): MergeOutcome => ({
  kind: 'retry',
  after_ms: FAILED_RETRY_MS,
  code,
  reason,
})

function leaveAsServed(
  target: Map<string, Days extends ReadonlyMap<string, infer F> ? F : never>,
  served: Days,
  date: string,
): void {
  const present = served.get(date)
  if (present === undefined) target.delete(date)
  else target.set(date, present)
}
