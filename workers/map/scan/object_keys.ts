// Of equal keys JavaScript keeps the last value at the place of the first, and keys that are numbers come before all others. An
// object is written as it stands only when it certainly has neither.
import { isAscii } from './bytes'
import { isDigit } from './value'

/** Keys of the objects that are open at one time: those of one are compared in pairs. */
const KEYS_MAX = 128

/** A fingerprint of every key: equal keys have equal ones. */
const fingerprints = heap.alloc(8 * KEYS_MAX)

let count = 0

/** Begins an object inside the one that is open; gives what `closeKeys` takes. */
export function openKeys(): i32 {
  return count
}

export function closeKeys(first: i32): void {
  count = first
}

/** Forgets all keys, of whatever was left open. */
export function forgetKeys(): void {
  count = 0
}

/** Adds a key to the object that began at `first`; false when it may be there already, or may not keep its place. */
export function addKey(first: i32, at: usize, bytes: usize): bool {
  if (count === KEYS_MAX || !isAscii(at, bytes) || isNumber(at, bytes)) return false
  const fingerprint = fingerprintOf(at, bytes)
  for (let key = first; key < count; key++) if (load<u64>(fingerprints + 8 * key) === fingerprint) return false
  store<u64>(fingerprints + 8 * count, fingerprint)
  count++
  return true
}

function isNumber(at: usize, bytes: usize): bool {
  const end = at + bytes
  while (at < end && isDigit(load<u8>(at))) at++
  return at === end && bytes > 0
}

/** Looks at the first and the last eight bytes, where keys of one object differ. */
function fingerprintOf(at: usize, bytes: usize): u64 {
  const head = load<u64>(at)
  if (bytes < 8) return ((head & (((<u64>1) << (8 * bytes)) - 1)) + bytes) * 0x9e3779b97f4a7c15
  return (head + bytes) * 0x9e3779b97f4a7c15 + rotl(load<u64>(at + bytes - 8), 32) * 0xbf58476d1ce4e5b9
}
