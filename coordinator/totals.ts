// Sums a survey by year and by site. `plan` and `status` print these figures, and the metrics show them.
import { DAY_STATES, type DayState, type WhyKind } from './day_state.ts'
import type { SurveyedDay } from './survey.ts'

export interface Totals {
  /** Days by state; every state has its figure. */
  readonly days: Readonly<Record<DayState, number>>
  /** Stored bytes by state. */
  readonly bytes: Readonly<Record<DayState, number>>
  /** Days with a log file that has bytes. */
  readonly present: number
  /** Days that are still to be computed, queued and running ones included, and their stored bytes. */
  readonly wanted: number
  readonly wanted_bytes: number
  readonly wanted_why: Readonly<Partial<Record<WhyKind, number>>>
  /** Seconds that the wanted days will take; null when no rate was measured. */
  readonly estimated_seconds: number | null
}

/** Sums surveyed days, all together and by year. */
export function totalsOf(
  days: readonly SurveyedDay[],
  bytes_per_second: number | null,
): { readonly totals: Totals; readonly years: ReadonlyMap<string, Totals> } {
  const years = Map.groupBy(days, (day) => day.date.slice(0, 4))
  return {
    totals: sum(days, bytes_per_second),
    years: new Map([...years].map(([year, of]) => [year, sum(of, bytes_per_second)])),
  }
}

function sum(of: readonly SurveyedDay[], bytes_per_second: number | null): Totals {
  const days = zeros()
  const bytes = zeros()
  const wanted_why: Partial<Record<WhyKind, number>> = {}
  let wanted = 0
  let wanted_bytes = 0
  for (const day of of) {
    days[day.state] += 1
    bytes[day.state] += day.bytes
    if (day.why === null) continue
    wanted += 1
    wanted_bytes += day.bytes
    wanted_why[day.why.kind] = (wanted_why[day.why.kind] ?? 0) + 1
  }
  const estimated_seconds = bytes_per_second === null ? null : wanted_bytes / bytes_per_second
  const present = of.length - days.missing - days.empty
  return { days, bytes, present, wanted, wanted_bytes, wanted_why, estimated_seconds }
}

function zeros(): Record<DayState, number> {
  // DAY_STATES lists every member of the union, so no key is absent.
  return Object.fromEntries(DAY_STATES.map((state) => [state, 0])) as Record<DayState, number>
}
