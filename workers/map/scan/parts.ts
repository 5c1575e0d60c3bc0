// Counts the parts of a submission where its `correct_map` stands. Making objects of it would cost more than all other
// fields of the payload together.

import { areSame, isAscii } from './bytes'
import * as record from './record'
import { had_escape, passString } from './string'
import { passSpace, passValue } from './value'

const QUOTE: u8 = 0x22
/** Of more parts, and of keys with escapes or beyond ASCII, it cannot be sure that none is there twice. */
const PARTS_MAX = 64

/** Address and bytes of the keys of the parts so far, two words each. */
const keys = heap.alloc(8 * PARTS_MAX)

/** Notes parts and right parts of the object at `at`; false when there is a doubt. Any other value has no parts. */
export function noteParts(at: usize, end: usize, into: usize): bool {
  store<u32>(into + 4 * record.HAS_PARTS, 0)
  if (load<u8>(at) !== 0x7b) return true
  let parts = 0
  let right = 0
  at = passSpace(at + 1, end)
  while (load<u8>(at) === QUOTE) {
    const key = at + 1
    at = passString(key, end)
    const bytes = at - 1 - key
    if (had_escape || parts === PARTS_MAX || !isAscii(key, bytes) || isKnown(parts, key, bytes)) return false
    noteKey(parts, key, bytes)
    const value = passSpace(passSpace(at, end) + 1, end)
    at = passValue(value, end, 2)
    const state = rightness(value, at)
    if (state < 0) return false
    parts++
    right += state
    at = passSpace(at, end)
    if (load<u8>(at) === 0x2c) at = passSpace(at + 1, end)
  }
  store<u32>(into + 4 * record.HAS_PARTS, 1)
  store<u32>(into + 4 * record.PARTS, parts)
  store<u32>(into + 4 * record.PARTS_CORRECT, right)
  return true
}

/** Tells of a part whether it is right: 1, or 0; negative when there is a doubt. The value is known to be JSON. */
function rightness(at: usize, end: usize): i32 {
  if (load<u8>(at) !== 0x7b) return 0
  let right = 0
  at = passSpace(at + 1, end)
  while (load<u8>(at) === QUOTE) {
    const key = at + 1
    at = passString(key, end)
    if (had_escape) return -1
    const key_bytes = at - 1 - key
    const value = passSpace(passSpace(at, end) + 1, end)
    at = passValue(value, end, 3)
    if (isCorrectness(key, key_bytes)) right = correctness(value, at)
    if (right < 0) return -1
    at = passSpace(at, end)
    if (load<u8>(at) === 0x2c) at = passSpace(at + 1, end)
  }
  return right
}

function isCorrectness(at: usize, bytes: usize): bool {
  return bytes === 11 && load<u64>(at) === 0x6e74636572726f63 && (load<u32>(at + 8) & 0xff_ffff) === 0x737365
}

/** Tells whether a value is the text `correct`; negative when it is a text with escapes. */
function correctness(at: usize, end: usize): i32 {
  if (load<u8>(at) !== QUOTE) return 0
  passString(at + 1, end)
  if (had_escape) return -1
  return end - at === 9 && load<u64>(at) === 0x74636572726f6322 ? 1 : 0
}

function isKnown(parts: i32, at: usize, bytes: usize): bool {
  for (let part = 0; part < parts; part++) {
    const key = keys + 8 * part
    if (load<u32>(key, 4) === <u32>bytes && areSame(load<u32>(key), at, bytes)) return true
  }
  return false
}

function noteKey(part: i32, at: usize, bytes: usize): void {
  store<u32>(keys + 8 * part, <u32>at)
  store<u32>(keys + 8 * part, <u32>bytes, 4)
}
