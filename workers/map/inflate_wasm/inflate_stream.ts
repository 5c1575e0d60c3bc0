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
    for (; at + 4 <= stop; at += 4) {
      const four = load<u32>(at)
      const a = four & 0xff
      const b = (four >> 8) & 0xff
      const c = (four >> 16) & 0xff
      const d = four >> 24
      high += 4 * (low + a) + 3 * b + 2 * c + d
      low += a + b + c + d
    }
    for (; at < stop; at++) {
      low += load<u8>(at)
      high += low
    }
    low %= 65521
    high %= 65521
  }
  return (high << 16) | low
}
