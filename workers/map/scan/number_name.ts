// JavaScript writes a number by the shortest name of its double. Of numbers with few digits that is known from their digits; of
// others only JavaScript can tell, and it is asked for these alone: videos and grades are full of them.
import { passDigits } from './value'

const MINUS: u8 = 0x2d
const POINT: u8 = 0x2e
const ZERO: u8 = 0x30

/** Of as many significant digits no two numbers are the same double, so it has no shorter name than them. */
const DIGITS_MAX: usize = 15
/** After more zeros behind the point JavaScript writes an exponent. */
const ZEROS_MAX: usize = 5
/** JavaScript writes no number with more. */
const BYTES_MAX: usize = 25
/** Numbers of one payload that JavaScript is asked for. */
const ASKED_MAX: u32 = 16

/** Their count, then address and bytes of each. */
const asked = heap.alloc(4 + 8 * ASKED_MAX)

export function askedAddress(): usize {
  return asked
}

export function forgetAsked(): void {
  store<u32>(asked, 0)
}

/** Notes where a number is written that JavaScript must be asked for; false when there are too many, or it is too long. */
export function ask(at: usize, bytes: usize): bool {
  const count = load<u32>(asked)
  if (count === ASKED_MAX || bytes > BYTES_MAX) return false
  store<u32>(asked + 8 * count, <u32>at, 4)
  store<u32>(asked + 8 * count, <u32>bytes, 8)
  store<u32>(asked, count + 1)
  return true
}

/**
 * Tells how far JavaScript writes the number between two addresses as it stands: all of it but zeros at its end. 0 when only
 * JavaScript can tell.
 */
export function endOfName(at: usize, end: usize): usize {
  const whole = load<u8>(at) === MINUS ? at + 1 : at
  const point = passDigits(whole, end)
  const is_zero = load<u8>(whole) === ZERO
  let last = point
  if (point < end && load<u8>(point) === POINT) {
    const fraction = point + 1
    const after = passDigits(fraction, end)
    if (after !== end) return 0
    last = after
    while (load<u8>(last - 1) === ZERO) last--
    if (is_zero && leadingZeros(fraction, last) > ZEROS_MAX) return 0
    if (last === fraction) last = point
  } else if (point !== end) return 0
  const digits = last - whole
  const places = last - point
  if (digits - (places > 0 ? 1 : 0) > DIGITS_MAX) return 0
  return is_zero && places === 0 && whole !== at ? 0 : last
}

function leadingZeros(at: usize, end: usize): usize {
  const start = at
  while (at < end && load<u8>(at) === ZERO) at++
  return at - start
}
