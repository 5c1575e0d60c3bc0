// Passes over values that nobody asks for, and finds out whether they are JSON: a line is an event only if all of it is.
import { passString } from './string'

/** Deeper nesting is left to the careful reader, so that no line can exhaust the stack. */
const DEPTH_MAX = 64

/** Passes white space. */
export function passSpace(at: usize, end: usize): usize {
  while (at < end) {
    const byte = load<u8>(at)
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) break
    at++
  }
  return at
}

/** Passes the value at `at`; gives the address behind it, 0 when it is broken or too deep. */
export function passValue(at: usize, end: usize, depth: i32): usize {
  if (at >= end) return 0
  const sign = load<u8>(at)
  switch (sign) {
    case 0x22:
      return passString(at + 1, end)
    case 0x7b:
      return depth < DEPTH_MAX ? passObject(at + 1, end, depth + 1) : 0
    case 0x5b:
      return depth < DEPTH_MAX ? passList(at + 1, end, depth + 1) : 0
    case 0x74:
      return at + 4 <= end && load<u32>(at) === 0x65757274 ? at + 4 : 0
    case 0x6e:
      return at + 4 <= end && load<u32>(at) === 0x6c6c756e ? at + 4 : 0
    case 0x66:
      return at + 5 <= end && load<u32>(at + 1) === 0x65736c61 ? at + 5 : 0
    default:
      return passNumber(at, end)
  }
}

function passObject(at: usize, end: usize, depth: i32): usize {
  at = passSpace(at, end)
  if (at < end && load<u8>(at) === 0x7d) return at + 1
  while (true) {
    if (at >= end || load<u8>(at) !== 0x22) return 0
    at = passString(at + 1, end)
    if (at === 0) return 0
    at = passSpace(at, end)
    if (at >= end || load<u8>(at) !== 0x3a) return 0
    at = passValue(passSpace(at + 1, end), end, depth)
    if (at === 0) return 0
    at = passSpace(at, end)
    if (at >= end) return 0
    const sign = load<u8>(at)
    if (sign === 0x7d) return at + 1
    if (sign !== 0x2c) return 0
    at = passSpace(at + 1, end)
  }
}

function passList(at: usize, end: usize, depth: i32): usize {
  at = passSpace(at, end)
  if (at < end && load<u8>(at) === 0x5d) return at + 1
  while (true) {
    at = passValue(at, end, depth)
    if (at === 0) return 0
    at = passSpace(at, end)
    if (at >= end) return 0
    const sign = load<u8>(at)
    if (sign === 0x5d) return at + 1
    if (sign !== 0x2c) return 0
    at = passSpace(at + 1, end)
  }
}

/** Passes digits, of which there may be none. */
export function passDigits(at: usize, end: usize): usize {
  while (at < end && isDigit(load<u8>(at))) at++
  return at
}

/** Passes a number; gives the address behind it, 0 when it is broken. */
export function passNumber(at: usize, end: usize): usize {
  if (load<u8>(at) === 0x2d) at++
  if (at >= end || !isDigit(load<u8>(at))) return 0
  at = load<u8>(at) === 0x30 ? at + 1 : passDigits(at, end)
  if (at < end && load<u8>(at) === 0x2e) {
    const fraction = at + 1
    at = passDigits(fraction, end)
    if (at === fraction) return 0
  }
  if (at < end && (load<u8>(at) | 0x20) === 0x65) {
    at++
    if (at < end && (load<u8>(at) === 0x2b || load<u8>(at) === 0x2d)) at++
    const exponent = at
    at = passDigits(exponent, end)
    if (at === exponent) return 0
  }
  return at
}

export function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39
}
