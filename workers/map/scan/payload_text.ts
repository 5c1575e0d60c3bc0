// SQL reads payloads as JSON that payload_text.ts wrote, of every seventh event. Nearly all of them differ from what was
// logged by white space, a `.0` and escapes, so they are written where the bytes lie: parsing them into objects, to write
// those out again, costs ten times as much.
import { plainEnd, plainStart, writePlain } from './plain_text'
import { passSpace } from './value'
import { beginsNoJson } from './whole_payload'
import { BYTES_MAX, beginWriting, writeNested, writeString, writtenAddress, writtenBytes } from './written_json'

const QUOTE: u8 = 0x22
const BACKSLASH: u8 = 0x5c
/** Of fewer digits no number is rounded. */
const ROUNDED_DIGITS: usize = 16

/**
 * Writes what payloadText() would write of the payload whose JSON stands at `at`, if JavaScript agrees about the numbers at
 * `askedAddress`; gives its bytes, 0 when there is a doubt.
 */
export function writePayloadText(at: usize, bytes: usize): usize {
  if (bytes === 0 || bytes > BYTES_MAX) return 0
  beginWriting()
  const end = at + bytes
  return writePayload(at, end) && !mayHoldRounded() ? writtenBytes() : 0
}

function writePayload(at: usize, end: usize): bool {
  if (load<u8>(at) !== QUOTE) return writeAll(at, end)
  const first = load<u8>(at + 1)
  if (beginsNoJson(first)) return writeForm(at, end)
  return first !== QUOTE && writePlain(at + 1, end - 1) && writeText(plainStart(), plainEnd())
}

/** Writes the JSON in a text. */
function writeText(at: usize, end: usize): bool {
  if (load<u8>(at) !== QUOTE) return writeAll(at, end)
  return beginsNoJson(load<u8>(at + 1)) && writeForm(at, end)
}

/** Writes an object or list and nothing else. */
function writeAll(at: usize, end: usize): bool {
  const sign = load<u8>(at)
  if (sign !== 0x7b && sign !== 0x5b) return false
  const after = writeNested(at, end, 0)
  return after !== 0 && passSpace(after, end) === end
}

/** Writes the string of a form, or of anything else that is no JSON, unless there may be white space at its end. */
function writeForm(at: usize, end: usize): bool {
  const after = writeString(at + 1, end)
  if (after === 0 || passSpace(after, end) !== end) return false
  const closing = writtenAddress() + writtenBytes() - 1
  const last = load<u8>(closing - 1)
  return last > 0x20 && last < 0x80 && load<u8>(closing - 2) !== BACKSLASH
}

/**
 * Tells what mayHoldRounded() tells of the text. Numbers are shorter here, but what looks like one in a string makes the
 * careful reader read its whole line anew.
 */
function mayHoldRounded(): bool {
  const end = writtenAddress() + writtenBytes()
  v128.store(end, i64x2.splat(0))
  let digits: usize = 0
  for (let at = writtenAddress(); at < end; at += 16) {
    const bytes = i8x16.sub(v128.load(at), i8x16.splat(0x30))
    const others = ~i8x16.bitmask(i8x16.lt_u(bytes, i8x16.splat(10))) & 0xffff
    if (others === 0) {
      digits += 16
      continue
    }
    digits += ctz(others)
    if (digits >= ROUNDED_DIGITS && followsSign(at + ctz(others) - digits)) return true
    digits = clz(others) - 16
  }
  return false
}

/** Tells whether a number could begin here. */
function followsSign(at: usize): bool {
  const before = load<u8>(at - 1)
  const sign = before === 0x2d ? load<u8>(at - 2) : before
  return sign === 0x3a || sign === 0x5b || sign === 0x2c
}
