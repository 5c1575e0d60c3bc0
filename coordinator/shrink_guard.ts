// A listing that fails quietly looks like deletions. Without this guard one bad answer of a source would take years of
// days out of every database; with it they stay until a person says that they are meant to go.
import type { Config } from '../config/schema.ts'
import type { Site } from '../contracts/day.ts'
import type { PlannedDay, SitePlan } from '../contracts/plan_record.ts'
import { isWantedDate, isWantedSite, type PlanConfig } from './plan.ts'

/** Days that may vanish between two plans without a question: this many, or the share below. */
const VANISHED_DAYS_MAX = 5
const VANISHED_SHARE_MAX = 0.01

export interface Guarded {
  readonly plans: ReadonlyMap<Site, SitePlan>
  /** Sites where the guard holds days. */
  readonly tripped: ReadonlySet<Site>
}

/**
 * Compares new plans with the newest recorded ones, and keeps the entries of vanished days (`held`) where too many went
 * at once. What a change of the config leaves out has not vanished. A source that lists nothing at all after having had
 * days trips the guard even with `allow_shrink`: an empty answer is never what an operator meant.
 */
export function guardPlans(
  previous: ReadonlyMap<Site, SitePlan>,
  fresh: ReadonlyMap<Site, SitePlan>,
  config: PlanConfig & Pick<Config, 'allow_shrink'>,
): Guarded {
  const nothing_at_all = [...fresh.values()].every((plan) => plan.days.length === 0)
  const plans = new Map(fresh)
  const tripped = new Set<Site>()
  for (const [site, before] of previous) {
    if (!isWantedSite(site, config)) continue
    const now = fresh.get(site) ?? emptied(before, config)
    const vanished = vanishedDays(before, now, config)
    const trips = vanished.length > 0 && (nothing_at_all || (!config.allow_shrink && isTooMany(vanished, before, now)))
    if (trips) tripped.add(site)
    plans.set(site, trips ? holding(now, vanished) : now)
  }
  return { plans, tripped }
}

function isTooMany(vanished: readonly PlannedDay[], before: SitePlan, now: SitePlan): boolean {
  const most = Math.max(VANISHED_DAYS_MAX, before.days.length * VANISHED_SHARE_MAX)
  return now.days.length === 0 || vanished.length > most
}

/** Days of the former plan that the config still wants and for which the source has no bytes any more. */
function vanishedDays(before: SitePlan, now: SitePlan, config: PlanConfig): readonly PlannedDay[] {
  const present = new Set<string>(now.days.map((day) => day.log_file.day.date))
  return before.days.filter(
    ({ log_file: { day } }) =>
      day.organisation === config.organisation && isWantedDate(day.date, config) && !present.has(day.date),
  )
}

/** The plan of a site of which the source lists nothing any more. */
const emptied = (before: SitePlan, config: PlanConfig): SitePlan => ({
  ...before,
  days: [],
  superseded: [],
  empty: [],
  missing: [],
  held: [],
  courses: { include: [...config.courses.include], exclude: [...config.courses.exclude] },
})

/** Held entries stay as they were, fingerprint included: their log file cannot be read for another. */
function holding(now: SitePlan, vanished: readonly PlannedDay[]): SitePlan {
  const held = vanished.map((day) => day.log_file.day.date)
  const days = [...now.days, ...vanished].sort((a, b) => (a.log_file.day.date < b.log_file.day.date ? -1 : 1))
  return { ...now, days, held, missing: now.missing.filter((date) => !held.some((day) => day === date)) }
}
