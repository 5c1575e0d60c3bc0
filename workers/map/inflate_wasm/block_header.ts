// The beginning of a block (RFC 1951 §3.2.3): stored as it is, or compressed with the code of the standard or one of its
// own. Read bit by bit and with every check, because it is short; the data behind it has no time for that.
import {
  buildTable,
  CODE_LENGTHS,
  CODE_LENGTHS_WIDTH,
  DISTANCES,
  DISTANCES_WIDTH,
  LITERALS,
  LITERALS_WIDTH,
  packLiterals,
} from './huffman_table'
import { DAMAGED, GO_ON, IN_CODES, IN_STORED, NEEDS_INPUT, stream } from './stream_memory'

/** No header is longer: 17 bits, 19 code lengths of 3 bits, 316 lengths of 14 bits. */
const HEADER_BYTES_MAX: usize = 640

/** The order in which the lengths of the code of code lengths are written. */
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
/** Of up to 286 literals and lengths and 30 distances, or 288 of the standard code. */
const LENGTHS: usize = memory.data(320, 16)

const STORED: u32 = 0
const STANDARD: u32 = 1
const OWN: u32 = 2

/** Reads a block's header, whole or not at all, and readies what its data needs. */
export function readHeader(): i32 {
  if (!stream.input_last && stream.input_at + HEADER_BYTES_MAX > stream.input_end) return NEEDS_INPUT
  if (stream.input_at > stream.input_end) return DAMAGED
  refill()
  stream.last_block = take(1) !== 0
  const kind = take(2)
  if (kind === STORED) return readStored()
  const good = kind === STANDARD ? useStandardCode() : kind === OWN ? readOwnCode() : false
  giveBack()
  stream.place = IN_CODES
  return good ? GO_ON : DAMAGED
}

function readStored(): i32 {
  take(stream.bit_count & 7)
  giveBack()
  if (stream.input_at + 4 > stream.input_end) return DAMAGED
  const bytes: u32 = load<u16>(stream.input_at)
  if ((bytes ^ load<u16>(stream.input_at, 2)) !== 0xffff) return DAMAGED
  stream.input_at += 4
  stream.stored_left = bytes
  stream.place = IN_STORED
  return GO_ON
}

function useStandardCode(): bool {
  memory.fill(LENGTHS, 5, 32)
  buildTable(DISTANCES, DISTANCES_WIDTH, LENGTHS, 32)
  memory.fill(LENGTHS, 8, 144)
  memory.fill(LENGTHS + 144, 9, 112)
  memory.fill(LENGTHS + 256, 7, 24)
  memory.fill(LENGTHS + 280, 8, 8)
  if (!buildTable(LITERALS, LITERALS_WIDTH, LENGTHS, 288)) return false
  packLiterals()
  return true
}

function readOwnCode(): bool {
  const literals = take(5) + 257
  const distances = take(5) + 1
  const code_lengths = take(4) + 4
  if (literals > 286 || distances > 30) return false
  memory.fill(LENGTHS, 0, 19)
  for (let i: u32 = 0; i < code_lengths; i++) {
    if (stream.bit_count < 3) refill()
    store<u8>(LENGTHS + load<u8>(ORDER + i), take(3))
  }
  if (!buildTable(CODE_LENGTHS, CODE_LENGTHS_WIDTH, LENGTHS, 19)) return false
  if (!readLengths(literals + distances)) return false
  // Without an end the block would have none.
  if (load<u8>(LENGTHS + 256) === 0) return false
  if (!buildTable(DISTANCES, DISTANCES_WIDTH, LENGTHS + literals, distances)) return false
  if (!buildTable(LITERALS, LITERALS_WIDTH, LENGTHS, literals)) return false
  packLiterals()
  return true
}

/** Reads code lengths, which are themselves coded: 16 repeats the last one, 17 and 18 are runs of zeros. */
function readLengths(total: u32): bool {
  let at: u32 = 0
  let last: u32 = 0
  while (at < total) {
    if (stream.input_at > stream.input_end + 8) return false
    refill()
    const entry = load<u32>(CODE_LENGTHS + ((<u32>stream.bits & 127) << 2))
    take(entry & 63)
    const symbol = entry >> 16
    let times: u32 = 1
    if (symbol < 16) last = symbol
    else if (symbol === 16) {
      if (at === 0) return false
      times = 3 + take(2)
    } else {
      last = 0
      times = symbol === 17 ? 3 + take(3) : 11 + take(7)
    }
    if (at + times > total) return false
    memory.fill(LENGTHS + at, <u8>last, times)
    at += times
  }
  return true
}

/** Takes whole bytes into the bits until there are 56 at least. */
function refill(): void {
  stream.bits |= load<u64>(stream.input_at) << stream.bit_count
  stream.input_at += (63 - stream.bit_count) >> 3
  stream.bit_count |= 56
}

function take(bits: u32): u32 {
  const taken = <u32>stream.bits & ((1 << bits) - 1)
  stream.bits >>= bits
  stream.bit_count -= bits
  return taken
}

/** Returns the whole bytes among the bits to the input. */
function giveBack(): void {
  stream.input_at -= stream.bit_count >> 3
  stream.bit_count &= 7
  stream.bits &= (1 << stream.bit_count) - 1
}
