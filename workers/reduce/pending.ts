// Works out what a merge of a site has to change: plan, receipts and head in, changed days out. Pure, so that the hardest
// question of the reducer (which result of a day counts now?) can be tested without a store or a database.
import type { Fingerprint } from '../../contracts/fingerprint.ts'
import type { MergedDays } from '../../contracts/head.ts'
import type { SitePlan } from '../../contracts/plan_record.ts'
import { dayOfKey } from '../../contracts/store_layout.ts'

/** Date -> fingerprint of the result that counts, at most one per date (I2). */
export type Days = ReadonlyMap<string, Fingerprint>

/** Reads the days of a head or an edition. */
export const daysOf = (merged: MergedDays): Days => new Map(Object.entries(merged))

/** Spells days for a head: by date, so that equal days are equal text. */
export const mergedDays = (days: Days): MergedDays => Object.fromEntries([...days].sort(([a], [b]) => (a < b ? -1 : 1)))

/** Names the results that have a receipt, as `date/fingerprint`. */
export function receiptNames(keys: Iterable<string>): ReadonlySet<string> {
  const names = new Set<string>()
  for (const key of keys) {
    const day = dayOfKey(key)
    if (day !== null) names.add(`${day.date}/${day.fingerprint}`)
  }
  return names
}

/**
 * Tells which result of each day should be served: the planned one once its receipt is there, until then the one that
 * is served now. Days that left the plan are dropped.
 */
export function targetDays(given: {
  readonly plan: SitePlan
  readonly served: Days
  /** From `receiptNames`. */
  readonly receipts: ReadonlySet<string>
}): Days {
  const target = new Map<string, Fingerprint>()
  for (const planned of given.plan.days) {
    const { date } = planned.log_file.day
    const served = given.served.get(date)
    if (given.receipts.has(`${date}/${planned.fingerprint}`)) target.set(date, planned.fingerprint)
    else if (served !== undefined) target.set(date, served)
  }
  return target
}

export interface Differences {
  readonly added: readonly string[]
  readonly replaced: readonly string[]
  readonly removed: readonly string[]
}

/** Compares the days that are served with those that should be; dates in order. */
export function differencesOf(served: Days, target: Days): Differences {
  const added = [...target.keys()].filter((date) => !served.has(date))
  const replaced = [...target].filter(([date, print]) => served.has(date) && served.get(date) !== print)
  const removed = [...served.keys()].filter((date) => !target.has(date))
  return { added: added.sort(), replaced: replaced.map(([date]) => date).sort(), removed: removed.sort() }
}

export interface Round {
  /** What the site serves after this round. */
  readonly days: Days
  /** Dates whose results must be loaded. */
  readonly loaded: Days
  /** Dates whose present rows must go: replaced and removed. */
  readonly dropped: readonly string[]
  /** How the days changed, for the log and the metrics. */
  readonly differences: Differences
  /** Nothing is left for a further round. */
  readonly last: boolean
}

/** What a round may load: scratch and memory follow it. */
export interface RoundLimits {
  readonly days_max: number
  /** Of the days' log files together; a round has one day at least. */
  readonly bytes_max: number
  readonly bytesOf: (date: string) => number
}

/** Takes the next changes: all removals, and new results within limits, newest dates first. */
export function nextRound(served: Days, target: Days, { days_max, bytes_max, bytesOf }: RoundLimits): Round {
  const { added, replaced, removed } = differencesOf(served, target)
  const waiting = [...added, ...replaced].sort().reverse()
  const taken = new Set<string>()
  let bytes = 0
  for (const date of waiting) {
    bytes += bytesOf(date)
    if (taken.size === days_max || (taken.size > 0 && bytes > bytes_max)) break
    taken.add(date)
  }
  return roundOf(served, target, { taken, removed, last: taken.size === waiting.length })
}

/** Takes days out of a round whose results turned out unusable: they keep what is served now. */
export function withoutDays(served: Days, round: Round, unusable: ReadonlySet<string>): Round {
  const taken = new Set([...round.loaded.keys()].filter((date) => !unusable.has(date)))
  return roundOf(served, round.days, { taken, removed: round.differences.removed, last: round.last })
}

function roundOf(
  served: Days,
  target: Days,
  given: { readonly taken: ReadonlySet<string>; readonly removed: readonly string[]; readonly last: boolean },
): Round {
  const { taken, removed, last } = given
  const days = new Map([...served].filter(([date]) => !removed.includes(date)))
  const loaded = new Map([...target].filter(([date]) => taken.has(date)))
  for (const [date, print] of loaded) days.set(date, print)
  const differences = differencesOf(served, days)
  return { days, loaded, dropped: [...differences.replaced, ...removed].sort(), differences, last }
}
