// Reads the one form of time that nearly every line has; any other is the careful reader's. Without it a Date and a string
// would be made for every line.
import { isDigit } from './value'

const DAY_S: i64 = 86_400
const SECOND_US: i64 = 1_000_000

/** What `readTimestamp` gives for text of another form. */
export const NO_TIMESTAMP = i64.MIN_VALUE

/** Reads `YYYY-MM-DDTHH:MM:SS`, a fraction of up to six places or none, then `+00:00`, `Z` or nothing. */
export function readTimestamp(at: usize, length: usize): i64 {
  if (length < 19) return NO_TIMESTAMP
  if (load<u8>(at + 4) !== 0x2d || load<u8>(at + 7) !== 0x2d || load<u8>(at + 10) !== 0x54) return NO_TIMESTAMP
  if (load<u8>(at + 13) !== 0x3a || load<u8>(at + 16) !== 0x3a) return NO_TIMESTAMP
  const century = twoDigits(at)
  const year_of_century = twoDigits(at + 2)
  const month = twoDigits(at + 5)
  const day = twoDigits(at + 8)
  const hour = twoDigits(at + 11)
  const minute = twoDigits(at + 14)
  const second = twoDigits(at + 17)
  if ((century | year_of_century | month | day | hour | minute | second) < 0) return NO_TIMESTAMP
  const year = 100 * century + year_of_century
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NO_TIMESTAMP
  if (hour > 23 || minute > 59 || second > 59) return NO_TIMESTAMP

  const end = at + length
  let next = at + 19
  let micros: i64 = 0
  if (next < end && load<u8>(next) === 0x2e) {
    let places = 0
    for (next++; next < end && isDigit(load<u8>(next)); next++, places++) micros = 10 * micros + load<u8>(next) - 0x30
    if (places < 1 || places > 6) return NO_TIMESTAMP
    for (; places < 6; places++) micros *= 10
  }
  const rest = end - next
  const is_utc =
    rest === 0 ||
    (rest === 1 && load<u8>(next) === 0x5a) ||
    (rest === 6 && load<u32>(next) === 0x3a30302b && load<u16>(next + 4) === 0x3030)
  if (!is_utc) return NO_TIMESTAMP
  const seconds = daysSince1970(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second
  return seconds * SECOND_US + micros
}

/** Reads two digits; negative when one is none. */
function twoDigits(at: usize): i32 {
  const tens = load<u8>(at)
  const ones = load<u8>(at + 1)
  return isDigit(tens) && isDigit(ones) ? 10 * (<i32>tens - 0x30) + (<i32>ones - 0x30) : -1
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Counts days in the Gregorian calendar, with March as the first month so that leap days come last. */
function daysSince1970(year: i32, month: i32, day: i32): i64 {
  const shifted_year = month > 2 ? year : year - 1
  const era = shifted_year / 400
  const year_of_era = shifted_year - era * 400
  const day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  const day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
  return <i64>era * 146_097 + day_of_era - 719_468
}
