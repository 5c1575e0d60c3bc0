// The scan: bytes of a log in, one record a line out, at a pace near the memory's. TypeScript puts bytes into `input`,
// calls `scan`, and reads the records; what is behind a record's addresses stays until the next bytes come.
//
// This folder is AssemblyScript, TypeScript's dialect for WebAssembly. `npm run build` makes scan.wasm of it.
import { believeTimes, readEvent } from './event'
import { askedAddress } from './number_name'
import { payloadAddress, readPayload } from './payload'
import { writePayloadText } from './payload_text'
import * as record from './record'
import { forgetTexts, isNearlyFull, textPlaces } from './texts'
import { writtenAddress } from './written_json'
import { xxh64 } from './xxh64'

/** Bytes read at one time, with the longest line that counts before them. */
const INPUT_BYTES: usize = 4_194_304 + 1_048_576
const RECORDS_MAX: u32 = 1_024
/** Vectors may be loaded across the end of the input. */
const SPARE = 64

const NEWLINE: u8 = 0x0a

const input = heap.alloc(INPUT_BYTES + SPARE)
const records = heap.alloc(4 * record.RECORD_WORDS * RECORDS_MAX)

/** Behind the last line that was scanned. */
let scanned: usize = input

export function inputAddress(): usize {
  return input
}

export function inputBytes(): usize {
  return INPUT_BYTES
}

export function recordsAddress(): usize {
  return records
}

export function scannedAddress(): usize {
  return scanned
}

/** Starts a file: no text is known, and these times are believed. */
export function begin(from_us: i64, before_us: i64): void {
  forgetTexts()
  believeTimes(from_us, before_us)
}

/** Tells whether texts must be forgotten before `scan` goes on; the numbers in its records are void then. */
export function textsAreFull(): bool {
  return isNearlyFull()
}

/**
 * Scans the whole lines between two addresses, as many as there are records, and gives their number. `scannedAddress`
 * tells where it ended: at an unfinished line, when records ran out, or when texts must be forgotten first.
 */
export function scan(from: usize, to: usize): u32 {
  let count: u32 = 0
  let into = records
  let at = from
  while (count < RECORDS_MAX && !isNearlyFull()) {
    const end = newline(at, to)
    if (end === 0) break
    const length = end - at
    const hash = xxh64(at, length)
    store<u32>(into + 4 * record.LINE, <u32>at)
    store<u32>(into + 4 * record.LINE_BYTES, <u32>length)
    store<u64>(into + 4 * record.HASH, hash)
    const is_event = length > 1 && load<u8>(at) === 0x7b && load<u8>(end - 1) === 0x7d && readEvent(at, end, into)
    store<u32>(into + 4 * record.KIND, is_event ? record.SCANNED : record.UNSURE)
    at = end + 1
    into += 4 * record.RECORD_WORDS
    count++
  }
  scanned = at
  return count
}

/** Finds the next newline; 0 when there is none. */
function newline(at: usize, to: usize): usize {
  for (; at < to; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(NEWLINE)))
    if (mask === 0) continue
    at += ctz(mask)
    return at < to ? at : 0
  }
  return 0
}

export { askedAddress, forgetTexts, payloadAddress, readPayload, textPlaces, writePayloadText, writtenAddress }
