// Compares what is wanted with what is there and gives every day its state, and every wanted day its reason. What this
// derives is what `plan` prints, `status` shows and the dispatch acts on.
import type { Reprocess } from '../config/schema.ts'
import type { Site } from '../contracts/day.ts'
import type { SiteHead } from '../contracts/head.ts'
import type { PlannedDay, SitePlan } from '../contracts/plan_record.ts'
import type { DayState, Why } from './day_state.ts'
import { reprocessOf } from './plan.ts'
import { type Totals, totalsOf } from './totals.ts'

export interface SurveyedDay {
  readonly date: string
  readonly state: DayState
  /** Stored bytes of its log file; 0 without one. */
  readonly bytes: number
  /** Why it is to be computed; null for a day that is not. */
  readonly why: Why | null
  /** Its entry in the plan; null for a missing or empty day. */
  readonly planned: PlannedDay | null
}

export interface SiteSurvey {
  readonly site: Site
  /** Oldest first. */
  readonly days: readonly SurveyedDay[]
  readonly totals: Totals
  /** By year, oldest first. */
  readonly years: ReadonlyMap<string, Totals>
}

/** Fingerprints that records of one kind name, by date. */
export type FingerprintsByDate = ReadonlyMap<string, ReadonlySet<string>>

export interface SurveyGiven {
  readonly plan: SitePlan
  /** The plan that the present results were made by: the head's, else an older one, else null. */
  readonly previous: SitePlan | null
  readonly reprocess: readonly Reprocess[]
  readonly receipts: FingerprintsByDate
  readonly quarantines: FingerprintsByDate
  /** Fingerprints of the jobs in the queue, those in hand included. */
  readonly outstanding: ReadonlySet<string>
  /** Dates that workers say they work on. */
  readonly running: ReadonlySet<string>
  readonly head: SiteHead | null
  /** Stored bytes per second that all workers together get through, measured; null when nothing was measured. */
  readonly bytes_per_second: number | null
}

/** Surveys one site. */
export function surveySite(given: SurveyGiven): SiteSurvey {
  const { plan } = given
  const held = new Set(plan.held)
  const before = new Map<string, PlannedDay>(given.previous?.days.map((day) => [day.log_file.day.date, day]))
  const days: SurveyedDay[] = plan.days.map((planned) => {
    const { date } = planned.log_file.day
    const state = stateOf(planned, given, held.has(date))
    const wanted = state === 'waiting' || state === 'stale' || state === 'queued' || state === 'running'
    const why = wanted ? whyOf(planned, before.get(date), given) : null
    return { date, state, bytes: planned.log_file.size, why, planned }
  })
  const planned = new Set(days.map((day) => day.date))
  for (const date of plan.missing) days.push({ date, state: 'missing', bytes: 0, why: null, planned: null })
  for (const date of new Set<string>(plan.empty.map((file) => file.day.date)))
    if (!planned.has(date)) days.push({ date, state: 'empty', bytes: 0, why: null, planned: null })
  days.sort((a, b) => (a.date < b.date ? -1 : 1))
  return { site: plan.site, days, ...totalsOf(days, given.bytes_per_second) }
}

/** A receipt alone is "done": a head whose receipt is gone is computed again, and a receipt outweighs a quarantine. */
function stateOf(planned: PlannedDay, given: SurveyGiven, held: boolean): DayState {
  const { fingerprint } = planned
  const { date } = planned.log_file.day
  if (given.receipts.get(date)?.has(fingerprint) === true)
    return given.head?.days[date] === fingerprint ? 'merged' : 'done'
  if (given.quarantines.get(date)?.has(fingerprint) === true) return 'quarantined'
  // Nothing can be computed from a log file that the source no longer has.
  if (held) return 'missing'
  if (given.outstanding.has(fingerprint)) return given.running.has(date) ? 'running' : 'queued'
  return hasResult(date, given) ? 'stale' : 'waiting'
}

const hasResult = (date: string, given: SurveyGiven): boolean =>
  (given.receipts.get(date)?.size ?? 0) > 0 || given.head?.days[date] !== undefined

function whyOf(planned: PlannedDay, before: PlannedDay | undefined, given: SurveyGiven): Why {
  const { day, ...file } = planned.log_file
  if (!hasResult(day.date, given)) return { kind: 'new' }
  if (given.head?.days[day.date] === planned.fingerprint) return { kind: 'receipt gone' }
  if (before === undefined) return { kind: 're-published' }
  const old = before.log_file
  if (old.key !== file.key || old.etag !== file.etag || old.size !== file.size) return { kind: 're-published' }
  if (planned.epoch !== before.epoch) {
    const reason = reprocessOf(day, given.reprocess)?.reason ?? 'the entry was taken back'
    return { kind: 'reprocess', epoch: planned.epoch, reason }
  }
  const was = given.previous?.recipe ?? given.plan.recipe
  if (was !== given.plan.recipe) return { kind: 'recipe', from: was, to: given.plan.recipe }
  return planned.fingerprint === before.fingerprint ? { kind: 'receipt gone' } : { kind: 'rules changed' }
}

/** Lists the days that have to be computed and that no job is outstanding for, in the order of dispatch. */
export function waitingDays(survey: SiteSurvey, order: 'newest_first' | 'oldest_first'): readonly PlannedDay[] {
  const waiting = survey.days.flatMap(({ state, planned }) =>
    planned !== null && (state === 'waiting' || state === 'stale') ? [planned] : [],
  )
  return order === 'newest_first' ? waiting.reverse() : waiting
}

/**
 * Tells whether the site's heads have to be brought up to what is done: days to add or take out, another filter, or
 * tables that are declared otherwise.
 */
export function needsMerge(
  survey: SiteSurvey,
  given: {
    readonly plan: SitePlan
    readonly head: SiteHead | null
    /** The plan that the head was made by. */
    readonly reached: SitePlan | null
    /** Of the set of tables. */
    readonly declarations: string
  },
): boolean {
  const { plan, head, reached } = given
  if (survey.days.some((day) => day.state === 'done')) return true
  if (head === null) return false
  if (head.declarations !== given.declarations) return true
  const planned = new Set<string>(plan.days.map((day) => day.log_file.day.date))
  if (Object.keys(head.days).some((date) => !planned.has(date))) return true
  return reached !== null && JSON.stringify(reached.courses) !== JSON.stringify(plan.courses)
}
