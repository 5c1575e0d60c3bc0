// The data of a block: literals, and matches that repeat what came before. All the time of decompression is spent here, so
// several literals are taken at a time, the next look-up is under way before a match is copied, nothing is checked that a
// bound outside of the loop can promise, and matches are copied by 96 bytes.
import {
  DISTANCES,
  DISTANCES_WIDTH,
  EIGHT_BITS,
  END,
  LITERALS,
  LITERALS_WIDTH,
  NO_LITERAL,
  SPECIAL,
  SUBTABLE,
} from './huffman_table'
import {
  DAMAGED,
  GO_ON,
  IN_HEADER,
  NEEDS_INPUT,
  OUTPUT,
  OUTPUT_FULL,
  PIECE_BYTES,
  STREAM_END,
  stream,
} from './stream_memory'

/** Bytes that one turn of the loop may look at. */
const TURN_BYTES: usize = 24
/** How far the input may be taken behind its last byte: beyond, all its bits are used even if 7 bytes of bits are held. */
const OVERRUN_BYTES: usize = 8

/** Copies stored bytes. */
export function copyStored(): i32 {
  const input_left = stream.input_end - stream.input_at
  const output_left = OUTPUT + PIECE_BYTES - min(stream.output_at, OUTPUT + PIECE_BYTES)
  const bytes = min(min(<usize>stream.stored_left, input_left), output_left)
  memory.copy(stream.output_at, stream.input_at, bytes)
  stream.input_at += bytes
  stream.output_at += bytes
  stream.stored_left -= <u32>bytes
  if (stream.stored_left > 0) return bytes === output_left ? OUTPUT_FULL : NEEDS_INPUT
  stream.place = IN_HEADER
  return stream.last_block ? STREAM_END : GO_ON
}

/**
 * Decodes until the block ends, the input or the room for output. A turn begins with 56 bits at least and the entry that
 * they begin with: three look-ups of literals, a refill, then 48 bits for the longest length with the farthest distance.
 */
export function decode(): i32 {
  let at = stream.input_at
  let n = stream.bit_count
  let bits = stream.bits | (load<u64>(at) << n)
  at += (63 - n) >> 3
  n |= 56
  let entry = literalsEntry(bits)
  let out = stream.output_at
  const last = stream.input_last ? stream.input_end + TURN_BYTES + OVERRUN_BYTES : stream.input_end
  const full = OUTPUT + PIECE_BYTES
  const begins_at = stream.begins_at
  let status = GO_ON
  for (;;) {
    if (at + TURN_BYTES > last) {
      status = stream.input_last ? DAMAGED : NEEDS_INPUT
      break
    }
    if (out >= full) {
      status = OUTPUT_FULL
      break
    }
    if (entry & EIGHT_BITS) {
      // Look-ups where the next would lie if these have 8 bits, too: none has to wait for the one before it.
      const second = literalsEntry(bits >> 8)
      const third = literalsEntry(bits >> 16)
      if (second & third & EIGHT_BITS) {
        store<u8>(out, entry >> 8)
        store<u8>(out, second >> 8, 1)
        store<u8>(out, third >> 8, 2)
        entry = literalsEntry(bits >> 24)
        const fifth = literalsEntry(bits >> 32)
        const sixth = literalsEntry(bits >> 40)
        if (entry & fifth & sixth & EIGHT_BITS) {
          store<u8>(out, entry >> 8, 3)
          store<u8>(out, fifth >> 8, 4)
          store<u8>(out, sixth >> 8, 5)
          out += 6
          bits = (bits >> 48) | (load<u64>(at) << (n - 48))
          at += 6
          entry = literalsEntry(bits)
          continue
        }
        out += 3
        bits = (bits >> 24) | (load<u64>(at) << (n - 24))
        at += 3
      }
    }
    if (!(entry & NO_LITERAL)) {
      bits >>= entry
      n -= entry & 63
      store<u16>(out, entry >> 8)
      out += entry >> 24
      entry = literalsEntry(bits)
      if (!(entry & NO_LITERAL)) {
        bits >>= entry
        n -= entry & 63
        store<u16>(out, entry >> 8)
        out += entry >> 24
        entry = literalsEntry(bits)
        if (!(entry & NO_LITERAL)) {
          bits >>= entry
          n -= entry & 63
          store<u16>(out, entry >> 8)
          out += entry >> 24
          entry = literalsEntry(bits)
        }
      }
      bits |= load<u64>(at) << n
      at += (63 - n) >> 3
      n |= 56
      if (!(entry & NO_LITERAL)) continue
    }
    if (entry & SPECIAL) {
      if (entry & SUBTABLE) {
        bits >>= LITERALS_WIDTH
        n -= LITERALS_WIDTH
        entry = load<u32>(LITERALS + (subtableIndex(entry, bits) << 2))
        if (!(entry & NO_LITERAL)) {
          bits >>= entry
          n -= entry & 63
          store<u8>(out, entry >> 8)
          out++
          bits |= load<u64>(at) << n
          at += (63 - n) >> 3
          n |= 56
          entry = literalsEntry(bits)
          continue
        }
      }
      if (entry & SPECIAL) {
        if (!(entry & END)) {
          status = DAMAGED
          break
        }
        bits >>= entry
        n -= entry & 63
        stream.place = IN_HEADER
        status = stream.last_block ? STREAM_END : GO_ON
        break
      }
    }
    const length: usize = ((entry >> 16) & 511) + extraBits(entry, bits)
    bits >>= entry
    n -= entry & 63

    entry = load<u32>(DISTANCES + ((<u32>bits & ((1 << DISTANCES_WIDTH) - 1)) << 2))
    if (entry & SUBTABLE && entry & SPECIAL) {
      bits >>= DISTANCES_WIDTH
      n -= DISTANCES_WIDTH
      entry = load<u32>(DISTANCES + (subtableIndex(entry, bits) << 2))
    }
    const distance: usize = (entry >> 16) + extraBits(entry, bits)
    bits >>= entry
    n -= entry & 63
    if (entry & SPECIAL || out - distance < begins_at) {
      status = DAMAGED
      break
    }
    // The next look-up needs the bits alone, so it does not wait for the copy.
    bits |= load<u64>(at) << n
    at += (63 - n) >> 3
    n |= 56
    entry = literalsEntry(bits)
    repeat(out, distance, length)
    out += length
  }
  stream.input_at = at - (n >> 3)
  stream.bit_count = n & 7
  stream.bits = bits & ((1 << (n & 7)) - 1)
  stream.output_at = out
  return status
}

/** The entry of what bits begin with. */
function literalsEntry(bits: u64): u32 {
  return load<u32>(LITERALS + ((<u32>bits & ((1 << LITERALS_WIDTH) - 1)) << 2))
}

/** Where a subtable has the entry of what bits begin with, behind those that led to it. */
function subtableIndex(entry: u32, bits: u64): u32 {
  return ((entry >> 16) & 0x7fff) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))
}

/** What a length or distance has in addition to its base, behind the bits of its code. */
function extraBits(entry: u32, bits: u64): u32 {
  const code_bits = (entry >> 8) & 15
  return <u32>(bits >> code_bits) & ((1 << ((entry & 63) - code_bits)) - 1)
}

/** Writes at `out` what stands `distance` before it. It may write up to 95 bytes more than `length`. */
function repeat(out: usize, distance: usize, length: usize): void {
  const end = out + length
  let from = out - distance
  let to = out
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from))
      v128.store(to, v128.load(from, 16), 16)
      v128.store(to, v128.load(from, 32), 32)
      v128.store(to, v128.load(from, 48), 48)
      v128.store(to, v128.load(from, 64), 64)
      v128.store(to, v128.load(from, 80), 80)
      to += 96
      from += 96
    } while (to < end)
  } else if (distance === 1) {
    const same = v128.splat<u8>(load<u8>(from))
    do {
      v128.store(to, same)
      to += 16
    } while (to < end)
  } else {
    do {
      store<u8>(to, load<u8>(from))
      to++
      from++
    } while (to < end)
  }
}
