// Which days of a sample exist, and how: gaps, empty files, plain files and files for an expired key are ordinary in
// real archives, so a sample without them would prove little. Also spells times the ways logs spell them.
import type { Random } from './random.ts'

export const DAY_US = 86_400_000_000
export const SECOND_US = 1_000_000

/** `missing` has no file; `empty` has a file without a line; `expired_key` opens only with the old key; `plain` is `.log.gz`. */
export type DayFate = 'usual' | 'missing' | 'empty' | 'expired_key' | 'plain'

export interface SampleDay {
  readonly date: string
  readonly start_us: number
  readonly fate: DayFate
}

/** Plans the days of one site: with a week or more, every fate occurs. */
export function planDays(given: {
  readonly from: string
  readonly days: number
  readonly random: Random
}): SampleDay[] {
  const { from, days, random } = given
  const first_us = startOf(from)
  const fates = new Array<DayFate>(days).fill('usual')
  if (days >= 7) {
    fates[0] = 'expired_key'
    fates[1] = 'expired_key'
    fates[random.between(2, 3)] = 'missing'
    fates[random.between(4, 5)] = 'empty'
    fates[days - 1] = 'plain'
  }
  return fates.map((fate, index) => {
    const start_us = first_us + index * DAY_US
    return { date: dateOf(start_us), start_us, fate }
  })
}

/** True when a day's file holds lines. */
export const hasLines = (day: SampleDay | undefined): boolean =>
  day !== undefined && day.fate !== 'missing' && day.fate !== 'empty'

/** Gives the first microsecond of a calendar date. */
export const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000

const dates = new Map<number, string>()

/** Gives the calendar date of a time. */
export function dateOf(time_us: number): string {
  const number = Math.floor(time_us / DAY_US)
  const known = dates.get(number)
  if (known !== undefined) return known
  const date = new Date(number * 86_400_000).toISOString().slice(0, 10)
  dates.set(number, date)
  return date
}

/**
 * The spellings of `time` that logs have had: the same instant, cut where the spelling cannot hold more. The exception is
 * the last, a device that thinks it is 1970; `context.received_at` stands in for it.
 */
export const TIME_FORMS = [
  'usual',
  'whole_second',
  'milliseconds',
  'zulu',
  'space',
  'naive',
  'offset',
  'epoch',
  'clock_unset',
] as const
export type TimeForm = (typeof TIME_FORMS)[number]

/** Cuts a time to what its spelling can hold. */
export function cutTime(time_us: number, form: TimeForm): number {
  if (form === 'whole_second' || form === 'epoch') return time_us - (time_us % SECOND_US)
  return form === 'milliseconds' ? time_us - (time_us % 1000) : time_us
}

const two = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

function clock(time_us: number): string {
  const second = Math.floor((time_us % DAY_US) / SECOND_US)
  return `${two[Math.floor(second / 3600)]}:${two[Math.floor(second / 60) % 60]}:${two[second % 60]}`
}

/** Spells a time as JSON: text in quotes, or a bare number. A fraction of zero is left out, as Python does. */
export function timeJson(time_us: number, form: TimeForm): string {
  const fraction_us = time_us % SECOND_US
  const fraction = fraction_us === 0 ? '' : `.${String(fraction_us).padStart(6, '0')}`
  switch (form) {
    case 'usual':
    case 'whole_second':
      return `"${dateOf(time_us)}T${clock(time_us)}${fraction}+00:00"`
    case 'milliseconds':
      return `"${dateOf(time_us)}T${clock(time_us)}.${String(fraction_us / 1000).padStart(3, '0')}+00:00"`
    case 'zulu':
      return `"${dateOf(time_us)}T${clock(time_us)}${fraction}Z"`
    case 'space':
      return `"${dateOf(time_us)} ${clock(time_us)}${fraction}+00:00"`
    case 'naive':
      return `"${dateOf(time_us)}T${clock(time_us)}${fraction}"`
    case 'offset': {
      const there_us = time_us + 2 * 3600 * SECOND_US
      return `"${dateOf(there_us)}T${clock(there_us)}${fraction}+02:00"`
    }
    case 'epoch':
      return String(time_us / SECOND_US)
    case 'clock_unset':
      return `"1970-01-01T${clock(time_us)}${fraction}+00:00"`
  }
}

/** How busy an hour of the day is: quiet at night, two peaks, never nothing. */
const HOURS = [3, 2, 2, 1, 1, 2, 3, 5, 8, 10, 11, 10, 9, 10, 11, 11, 10, 9, 10, 12, 13, 12, 9, 6]
const HOURS_TOTAL = HOURS.reduce((sum, weight) => sum + weight, 0)

/** Draws a time of day, in microseconds since midnight. */
export function drawTimeOfDay(random: Random): number {
  let left = random.below(HOURS_TOTAL)
  let hour = 0
  for (const weight of HOURS) {
    if (left < weight) break
    left -= weight
    hour++
  }
  return hour * 3600 * SECOND_US + random.below(3600) * SECOND_US + random.below(SECOND_US)
}

/** How much is done on a date, around 1: weekends are quiet, the days before a deadline on Sunday are not. */
export function busyness(day: SampleDay): number {
  const weekday = new Date(day.start_us / 1000).getUTCDay()
  return [1.25, 0.95, 0.9, 1, 1.05, 0.85, 0.8][weekday] ?? 1
}
