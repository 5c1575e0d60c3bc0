// XXH64 with seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), computed where the line lies: handing every line to
// another module would copy the whole log once more.

const PRIME_1: u64 = 0x9e3779b185ebca87
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f
const PRIME_3: u64 = 0x165667b19e3779f9
const PRIME_4: u64 = 0x85ebca77c2b2ae63
const PRIME_5: u64 = 0x27d4eb2f165667c5

/** Computes the hash of `length` bytes at `at`. */
export function xxh64(at: usize, length: usize): u64 {
  const end = at + length
  let hash = PRIME_5
  if (length >= 32) {
    let one = PRIME_1 + PRIME_2
    let two = PRIME_2
    let three: u64 = 0
    let four = 0 - PRIME_1
    for (const last = end - 32; at <= last; at += 32) {
      one = round(one, load<u64>(at))
      two = round(two, load<u64>(at, 8))
      three = round(three, load<u64>(at, 16))
      four = round(four, load<u64>(at, 24))
    }
    hash = rotl(one, 1) + rotl(two, 7) + rotl(three, 12) + rotl(four, 18)
    hash = merged(merged(merged(merged(hash, one), two), three), four)
  }
  hash += length
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ round(0, load<u64>(at)), 27) * PRIME_1 + PRIME_4
  if (at + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(at) * PRIME_1), 23) * PRIME_2 + PRIME_3
    at += 4
  }
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * PRIME_5), 11) * PRIME_1
  hash = (hash ^ (hash >> 33)) * PRIME_2
  hash = (hash ^ (hash >> 29)) * PRIME_3
  return hash ^ (hash >> 32)
}

function round(sum: u64, lane: u64): u64 {
  return rotl(sum + lane * PRIME_2, 31) * PRIME_1
}

function merged(hash: u64, sum: u64): u64 {
  return (hash ^ round(0, sum)) * PRIME_1 + PRIME_4
}
