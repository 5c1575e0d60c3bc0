// Texts that come again and again (courses, types, names) are given numbers, so that JavaScript sees each of them once and
// otherwise counts with integers. When the space for them is used up, everything is forgotten and numbering starts anew.
import { areSame } from './bytes'

/** Texts between two fresh starts. */
const TEXTS_MAX: u32 = 65_536
/** Their bytes together. */
const BYTES_MAX: usize = 8_388_608
/** A longer text is not interned: its line is the careful reader's. */
const TEXT_BYTES_MAX: usize = 2_048

const QUOTE: u8 = 0x22
const SLOTS = 4 * TEXTS_MAX
const slots = heap.alloc(4 * SLOTS)
const hashes = heap.alloc(4 * TEXTS_MAX)
const places = heap.alloc(8 * TEXTS_MAX)
const bytes = heap.alloc(BYTES_MAX + 16)

let count: u32 = 0
let used: usize = 0

/** Tells whether the texts of one more line might not find room, unless it says the same keys over and over. */
export function isNearlyFull(): bool {
  return count + 16 > TEXTS_MAX || used + 16 * TEXT_BYTES_MAX > BYTES_MAX
}

/** Forgets all texts. */
export function forgetTexts(): void {
  memory.fill(slots, 0, 4 * SLOTS)
  count = 0
  used = 0
}

/** Tells whether a text can be given a number, if it has none yet. */
function hasRoom(length: usize): bool {
  return length <= TEXT_BYTES_MAX && count < TEXTS_MAX && used + length <= BYTES_MAX
}

/** Notes the number of the JSON string between two addresses, 0 for another value; false when it has no room. */
export function noteText(at: usize, end: usize, into: usize): bool {
  const is_text = load<u8>(at) === QUOTE
  const length = end - at - 2
  if (is_text && !hasRoom(length)) return false
  store<u32>(into, is_text ? numberOf(at + 1, length) : 0)
  return true
}

/** Notes the number of any JSON between two addresses, as it stands; false when it has no room. */
export function noteJson(at: usize, end: usize, into: usize): bool {
  if (!hasRoom(end - at)) return false
  store<u32>(into, numberOf(at, end - at))
  return true
}

/** Gives the number of a text, from 1. */
function numberOf(at: usize, length: usize): u32 {
  const hash = quickHash(at, length)
  let slot = hash & (SLOTS - 1)
  while (true) {
    const number = load<u32>(slots + 4 * slot)
    if (number === 0) break
    if (load<u32>(hashes + 4 * (number - 1)) === hash && isText(number, at, length)) return number
    slot = (slot + 1) & (SLOTS - 1)
  }
  memory.copy(bytes + used, at, length)
  store<u32>(hashes + 4 * count, hash)
  store<u32>(places + 8 * count, <u32>(bytes + used))
  store<u32>(places + 8 * count, <u32>length, 4)
  used += length
  count++
  store<u32>(slots + 4 * slot, count)
  return count
}

/** Address of the texts' places: for each its address and its bytes, two words. */
export function textPlaces(): usize {
  return places
}

function isText(number: u32, at: usize, length: usize): bool {
  const place = places + 8 * (number - 1)
  if (load<u32>(place, 4) !== <u32>length) return false
  return areSame(load<u32>(place), at, length)
}

/** Spreads eight bytes at a time; only its own table ever sees it. */
function quickHash(at: usize, length: usize): u32 {
  let hash: u64 = length * 0x9e3779b97f4a7c15
  const end = at + length
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ load<u64>(at), 29) * 0xbf58476d1ce4e5b9
  let rest: u64 = 0
  for (; at < end; at++) rest = (rest << 8) | load<u8>(at)
  hash = (hash ^ rest) * 0x94d049bb133111eb
  return <u32>(hash ^ (hash >> 32))
}
