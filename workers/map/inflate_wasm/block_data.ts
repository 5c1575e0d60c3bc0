// The data of a block: literals, and matches that repeat what came before. All the time of decompression is spent here, so
// a symbol costs a look-up and a shift, nothing is checked that a bound outside of the loop can promise, and matches are
// copied by 16 bytes.
import { DISTANCES, DISTANCES_WIDTH, END, LITERAL, LITERALS, LITERALS_WIDTH, SPECIAL, SUBTABLE } from './huffman_table'
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
/** How far a turn may begin behind the last byte: all bits of the stream were used by then, so that it is damage. */
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
 * Decodes until the block ends, the input or the room for output. A turn begins with 56 bits at least: two literals in
 * the table, a refill, then 48 bits for the longest length with the farthest distance.
 */
export function decode(): i32 {
  let at = stream.input_at
  let bits = stream.bits
  let n = stream.bit_count
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
    bits |= load<u64>(at) << n
    at += (63 - n) >> 3
    n |= 56
    let entry = load<u32>(LITERALS + ((<u32>bits & ((1 << LITERALS_WIDTH) - 1)) << 2))
    if (entry & LITERAL) {
      bits >>= entry & 63
      n -= entry & 63
      store<u8>(out, entry >> 16)
      out++
      entry = load<u32>(LITERALS + ((<u32>bits & ((1 << LITERALS_WIDTH) - 1)) << 2))
      if (entry & LITERAL) {
        bits >>= entry & 63
        n -= entry & 63
        store<u8>(out, entry >> 16)
        out++
        entry = load<u32>(LITERALS + ((<u32>bits & ((1 << LITERALS_WIDTH) - 1)) << 2))
        if (entry & LITERAL) {
          bits >>= entry & 63
          n -= entry & 63
          store<u8>(out, entry >> 16)
          out++
          continue
        }
      }
      bits |= load<u64>(at) << n
      at += (63 - n) >> 3
      n |= 56
    }
    if (entry & SPECIAL) {
      if (entry & SUBTABLE) {
        bits >>= LITERALS_WIDTH
        n -= LITERALS_WIDTH
        const index = (entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))
        entry = load<u32>(LITERALS + (index << 2))
        if (entry & LITERAL) {
          bits >>= entry & 63
          n -= entry & 63
          store<u8>(out, entry >> 16)
          out++
          continue
        }
      }
      if (entry & SPECIAL) {
        if (!(entry & END)) {
          status = DAMAGED
          break
        }
        bits >>= entry & 63
        n -= entry & 63
        stream.place = IN_HEADER
        status = stream.last_block ? STREAM_END : GO_ON
        break
      }
    }
    const length_code = (entry >> 8) & 15
    const length_extra = (entry & 63) - length_code
    const length: usize = ((entry >> 16) & 511) + (<u32>(bits >> length_code) & ((1 << length_extra) - 1))
    bits >>= entry & 63
    n -= entry & 63

    entry = load<u32>(DISTANCES + ((<u32>bits & ((1 << DISTANCES_WIDTH) - 1)) << 2))
    if (entry & SUBTABLE && entry & SPECIAL) {
      bits >>= DISTANCES_WIDTH
      n -= DISTANCES_WIDTH
      const index = (entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))
      entry = load<u32>(DISTANCES + (index << 2))
    }
    const distance_code = (entry >> 8) & 15
    const distance_extra = (entry & 63) - distance_code
    const distance: usize = (entry >> 16) + (<u32>(bits >> distance_code) & ((1 << distance_extra) - 1))
    bits >>= entry & 63
    n -= entry & 63
    if (entry & SPECIAL || out - distance < begins_at) {
      status = DAMAGED
      break
    }
    repeat(out, distance, length)
    out += length
  }
  stream.input_at = at - (n >> 3)
  stream.bit_count = n & 7
  stream.bits = bits & ((1 << (n & 7)) - 1)
  stream.output_at = out
  return status
}

/** Writes at `out` what stands `distance` before it. It may write up to 31 bytes more than `length`. */
function repeat(out: usize, distance: usize, length: usize): void {
  const end = out + length
  let from = out - distance
  let to = out
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from))
      v128.store(to, v128.load(from, 16), 16)
      to += 32
      from += 32
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
