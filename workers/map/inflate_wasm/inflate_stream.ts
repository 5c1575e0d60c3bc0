// What an inflater offers to its caller: give it compressed bytes, let it run, take the text. The frame around the data, as
// gzip and zlib have it, is the caller's; only Adler-32 is computed here, because nothing else on Node does it.
import { copyStored, decode } from './block_data'
import { readHeader } from './block_header'
import {
  DAMAGED,
  GO_ON,
  IN_CODES,
  IN_STORED,
  INPUT,
  INPUT_BYTES,
  OUTPUT,
  PADDING_BYTES,
  STREAM_END,
  stream,
} from './stream_memory'

export function inputAddress(): usize {
  return INPUT
}

export function inputBytes(): usize {
  return INPUT_BYTES
}

export function outputAddress(): usize {
  return OUTPUT
}

/** Address of the first compressed byte that was not consumed. */
export function inputAt(): usize {
  return stream.input_at
}

/** Address behind the last byte of text. */
export function outputAt(): usize {
  return stream.output_at
}

/** Tells where the compressed bytes stand, and whether they are the last ones. */
export function setInput(at: usize, end: usize, is_last: bool): void {
  stream.input_at = at
  stream.input_end = end
  stream.input_last = is_last
  if (is_last) memory.fill(end, 0, PADDING_BYTES)
}

export function begin(): void {
  stream.begin()
}

/** Forgets the text; a stream that goes on can still refer to it. */
export function slide(): void {
  stream.slide()
}

/** Inflates as far as input and room for text reach, and tells what is wanted next. */
export function run(): i32 {
  let status = GO_ON
  while (status === GO_ON) {
    if (stream.place === IN_CODES) status = decode()
    else if (stream.place === IN_STORED) status = copyStored()
    else status = readHeader()
  }
  if (status !== STREAM_END) return status
  // The bits up to the next byte belong to nobody.
  stream.bits = 0
  stream.bit_count = 0
  return stream.input_at > stream.input_end ? DAMAGED : STREAM_END
}

/** Goes on with an Adler-32 over the text from an address on. */
export function adler32(checksum: u32, from: usize): u32 {
  let low = checksum & 0xffff
  let high = checksum >> 16
  for (let at = from; at < stream.output_at; ) {
    // As many bytes as the sums hold without an overflow.
    const stop = min(stream.output_at, at + 5552)
    const begun = at
    let sums = i32x4.splat(0)
    let sums_of_sums = i32x4.splat(0)
    let weighted = i32x4.splat(0)
    for (; at + 16 <= stop; at += 16) {
      const bytes = v128.load(at)
      // A byte counts once more for each of the 16 behind it, and then for every byte of later steps.
      sums_of_sums = i32x4.add(sums_of_sums, sums)
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
      const first = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), i16x8(16, 15, 14, 13, 12, 11, 10, 9))
      const second = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), i16x8(8, 7, 6, 5, 4, 3, 2, 1))
      weighted = i32x4.add(weighted, i32x4.add(first, second))
    }
    high += low * <u32>(at - begun) + 16 * total(sums_of_sums) + total(weighted)
    low += total(sums)
    for (; at < stop; at++) {
      low += load<u8>(at)
      high += low
    }
    low %= 65521
    high %= 65521
  }
  return (high << 16) | low
}

/** The sum of four sums. */
function total(sums: v128): u32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  )
}
