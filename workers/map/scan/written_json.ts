// Writes JSON anew as JavaScript would write it after reading it: without white space, numbers and escapes in the one form
// that JSON.stringify knows. Where the two could differ in any other way it says so, and JavaScript does it.
import { CODE_UNIT_BYTES, writeCodeUnit } from './code_unit'
import { ask, endOfName, forgetAsked } from './number_name'
import { addKey, closeKeys, forgetKeys, openKeys } from './object_keys'
import { passNumber, passSpace, passValue } from './value'

const QUOTE: u8 = 0x22
const BACKSLASH: u8 = 0x5c

/** What is written is never longer than what was read. */
export const BYTES_MAX: usize = 65_536
/** Deeper nesting is JavaScript's. */
const LEVELS_MAX = 32

const written = heap.alloc(BYTES_MAX + 64)
let into: usize = written

export function writtenAddress(): usize {
  return written
}

/** Bytes written since `beginWriting`. */
export function writtenBytes(): usize {
  return into - written
}

export function beginWriting(): void {
  into = written
  forgetAsked()
  forgetKeys()
}

/** Writes the object or list at `at`; gives the address behind it, 0 when there is a doubt. */
export function writeNested(at: usize, end: usize, level: i32): usize {
  if (level === LEVELS_MAX) return 0
  return load<u8>(at) === 0x7b ? writeObject(at + 1, end, level) : writeList(at + 1, end, level)
}

function writeObject(at: usize, end: usize, level: i32): usize {
  put(0x7b)
  at = passSpace(at, end)
  if (at < end && load<u8>(at) === 0x7d) {
    put(0x7d)
    return at + 1
  }
  const keys = openKeys()
  while (true) {
    if (at >= end || load<u8>(at) !== QUOTE) return 0
    const key = into + 1
    at = writeString(at + 1, end)
    if (at === 0 || !addKey(keys, key, into - 1 - key)) return 0
    at = passSpace(at, end)
    if (at >= end || load<u8>(at) !== 0x3a) return 0
    put(0x3a)
    at = writeValue(passSpace(at + 1, end), end, level)
    if (at === 0) return 0
    at = passSpace(at, end)
    if (at >= end) return 0
    const sign = load<u8>(at)
    put(sign)
    if (sign === 0x7d) break
    if (sign !== 0x2c) return 0
    at = passSpace(at + 1, end)
  }
  closeKeys(keys)
  return at + 1
}

function writeList(at: usize, end: usize, level: i32): usize {
  put(0x5b)
  at = passSpace(at, end)
  if (at < end && load<u8>(at) === 0x5d) {
    put(0x5d)
    return at + 1
  }
  while (true) {
    at = writeValue(at, end, level)
    if (at === 0) return 0
    at = passSpace(at, end)
    if (at >= end) return 0
    const sign = load<u8>(at)
    put(sign)
    if (sign === 0x5d) return at + 1
    if (sign !== 0x2c) return 0
    at = passSpace(at + 1, end)
  }
}

function writeValue(at: usize, end: usize, level: i32): usize {
  if (at >= end) return 0
  switch (load<u8>(at)) {
    case 0x22:
      return writeString(at + 1, end)
    case 0x7b:
    case 0x5b:
      return writeNested(at, end, level + 1)
    case 0x74:
    case 0x6e:
    case 0x66: {
      const after = passValue(at, end, 0)
      if (after !== 0) copy(at, after)
      return after
    }
    default:
      return writeNumber(at, end)
  }
}

/** Writes a string whose opening quote stands before `at`. */
export function writeString(at: usize, end: usize): usize {
  put(QUOTE)
  let to = into
  while (at < end) {
    const bytes = v128.load(at)
    v128.store(to, bytes)
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    )
    const mask = i8x16.bitmask(special)
    const ahead: usize = mask === 0 ? 16 : ctz(mask)
    at += ahead
    to += ahead
    if (mask === 0) continue
    if (at >= end) return 0
    const byte = load<u8>(at)
    if (byte === QUOTE) {
      // The quote was copied with the bytes before it.
      into = to + 1
      return at + 1
    }
    if (byte !== BACKSLASH || at + 1 >= end) return 0
    switch (load<u8>(at + 1)) {
      case 0x22:
      case 0x5c:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        store<u16>(to, load<u16>(at))
        at += 2
        to += 2
        break
      case 0x2f:
        store<u8>(to, 0x2f)
        at += 2
        to++
        break
      case 0x75: {
        const bytes = writeCodeUnit(at, end, to)
        if (bytes === 0) return 0
        at += bytes === 4 ? 2 * CODE_UNIT_BYTES : CODE_UNIT_BYTES
        to += bytes
        break
      }
      default:
        return 0
    }
  }
  return 0
}

/** Writes a number as it stands, but for zeros at its end. */
function writeNumber(at: usize, end: usize): usize {
  const after = passNumber(at, end)
  if (after === 0) return 0
  const last = endOfName(at, after)
  if (last === 0 && !ask(into, after - at)) return 0
  copy(at, last === 0 ? after : last)
  return after
}

/** Copies at most 32 bytes: a literal, or a number as JavaScript writes it. */
function copy(at: usize, end: usize): void {
  v128.store(into, v128.load(at))
  v128.store(into + 16, v128.load(at + 16))
  into += end - at
}

function put(byte: u8): void {
  store<u8>(into, byte)
  into++
}
