// Reads numbers of few digits as doubles, exactly: a whole number below 2^53 divided by a power of ten is rounded once, so
// it is the double nearest to the digits (Clinger 1990). Of any other value only the place is noted.
import { notePlace } from './place'
import * as record from './record'
import { isDigit } from './value'

const DIGITS_MAX = 15
const POWERS: StaticArray<f64> = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

/** Notes the value between two addresses: null, a number of few digits, or where its JSON stands. */
export function noteNumber(at: usize, end: usize, into: usize): void {
  const sign = load<u8>(at)
  if (sign === 0x6e) {
    store<u32>(into, record.NULL)
    return
  }
  if (sign !== 0x2d && !isDigit(sign)) {
    noteValue(at, end, into)
    return
  }
  let digits = 0
  let places = 0
  let in_fraction = false
  let whole: i64 = 0
  for (let next = sign === 0x2d ? at + 1 : at; next < end; next++) {
    const byte = load<u8>(next)
    if (isDigit(byte) && digits < DIGITS_MAX) {
      whole = 10 * whole + (byte - 0x30)
      digits++
      if (in_fraction) places++
    } else if (byte === 0x2e) in_fraction = true
    else {
      noteValue(at, end, into)
      return
    }
  }
  const size = <f64>whole / unchecked(POWERS[places])
  store<u32>(into, record.DOUBLE)
  store<f64>(into + 8, sign === 0x2d ? -size : size)
}

function noteValue(at: usize, end: usize, into: usize): void {
  store<u32>(into, record.VALUE)
  notePlace(at, end, into + 8)
}
