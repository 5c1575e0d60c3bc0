// Event times as integer microseconds. A JavaScript Date knows milliseconds only and floats round, but gaps, orders and
// first and last times are promised to the microsecond, so the digits of the text are computed with as integers.
import type { CalendarDate } from '../../contracts/day.ts'

const SECOND_US = 1_000_000
const DAY_S = 86_400
const DAY_US = DAY_S * SECOND_US

/** Times from `from_us` on and before `before_us` are believed; others come from a wrong clock. */
export interface TimeWindow {
  readonly from_us: number
  readonly before_us: number
}

/** Makes the window of a log file: 2011-01-01 to the end of the second day after the file's date. */
export function windowOf(date: CalendarDate): TimeWindow {
  const [year, month, day] = date.split('-').map(Number)
  return {
    from_us: daysSince1970(2011, 1, 1) * DAY_US,
    before_us: (daysSince1970(year ?? Number.NaN, month ?? Number.NaN, day ?? Number.NaN) + 3) * DAY_US,
  }
}

/** Tells whether a log says no time at all: then another field may stand in. */
export const isNoTime = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Reads a time in any form that occurs in logs; null when it is none. Times outside the window may be inexact. */
export function readTimeUs(value: unknown): number | null {
  if (typeof value === 'number') return readEpochNumber(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return readTimestamp(text) ?? readEpochDigits(text)
}

function readEpochNumber(value: number): number | null {
  if (Number.isSafeInteger(value)) return microsecondsOfEpoch(value, '')
  return Number.isFinite(value) ? (readEpochDigits(String(value)) ?? value * SECOND_US) : null
}

function readEpochDigits(text: string): number | null {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text)
  return match === null ? null : microsecondsOfEpoch(Number(match[1]), match[2] ?? '')
}

/** Above 10^14 an epoch is in microseconds, above 10^11 in milliseconds, else in seconds. Further digits are cut. */
function microsecondsOfEpoch(whole: number, fraction: string): number {
  if (whole > 1e14) return whole
  const digits = whole > 1e11 ? 3 : 6
  const part = Number(fraction.slice(0, digits).padEnd(digits, '0'))
  return whole * 10 ** digits + (whole < 0 ? -part : part)
}

/** Reads `YYYY-MM-DD`, `T` or a blank, `HH:MM:SS`, an optional fraction, and `Z`, an offset or nothing (UTC). */
function readTimestamp(text: string): number | null {
  const separator = text.charCodeAt(10)
  if (text.length < 19 || (separator !== 0x54 && separator !== 0x20)) return null
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return null
  const year = digitsAt(text, 0, 4)
  const month = digitsAt(text, 5, 2)
  const day = digitsAt(text, 8, 2)
  const hour = digitsAt(text, 11, 2)
  const minute = digitsAt(text, 14, 2)
  const second = digitsAt(text, 17, 2)
  // Comparisons with NaN are false, so a digit that is none fails here.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return null
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return null

  let at = 19
  let micros = 0
  if (text[at] === '.') {
    let places = 0
    for (at++; isDigit(text.charCodeAt(at)); at++, places++)
      if (places < 6) micros = 10 * micros + text.charCodeAt(at) - 0x30
    if (places === 0) return null
    for (; places < 6; places++) micros *= 10
  }
  const offset_s = readOffset(text, at)
  if (offset_s === null) return null
  const seconds = daysSince1970(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second - offset_s
  return seconds * SECOND_US + micros
}

/** Reads the offset at the end of a timestamp in seconds east of UTC: nothing, `Z`, `+HH:MM`, `+HHMM` or `+HH`. */
function readOffset(text: string, at: number): number | null {
  const rest = text.length - at
  if (rest === 0) return 0
  const sign = text[at]
  if (sign === 'Z') return rest === 1 ? 0 : null
  if (sign !== '+' && sign !== '-') return null
  const colon = rest === 6 && text[at + 3] === ':' ? 1 : 0
  if (rest !== 3 && rest !== 5 + colon) return null
  const hours = digitsAt(text, at + 1, 2)
  const minutes = rest === 3 ? 0 : digitsAt(text, at + 3 + colon, 2)
  if (!(hours <= 23 && minutes <= 59)) return null
  const offset_s = hours * 3600 + minutes * 60
  return sign === '+' ? offset_s : -offset_s
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** Reads `count` digits; NaN when one is none. */
function digitsAt(text: string, at: number, count: number): number {
  let value = 0
  for (let next = at; next < at + count; next++) {
    const code = text.charCodeAt(next)
    if (!isDigit(code)) return Number.NaN
    value = 10 * value + code - 0x30
  }
  return value
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Counts days since 1970-01-01 in the Gregorian calendar, with March as the first month so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted_year = month > 2 ? year : year - 1
  const era = Math.floor(shifted_year / 400)
  const year_of_era = shifted_year - era * 400
  const day_of_year = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const day_of_era = year_of_era * 365 + Math.floor(year_of_era / 4) - Math.floor(year_of_era / 100) + day_of_year
  return era * 146_097 + day_of_era - 719_468
}

/** Writes microseconds as ISO text with six places and `Z`. Years 0 to 9999. */
export function isoOfMicroseconds(time_us: number): string {
  const seconds = Math.floor(time_us / SECOND_US)
  const micros = time_us - seconds * SECOND_US
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}
