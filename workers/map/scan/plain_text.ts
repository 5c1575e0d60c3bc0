// A payload is mostly text of an object: JSON inside a JSON string. Its bytes are written out without the outer escapes, so
// that one walk serves both forms.
import { CODE_UNIT_BYTES, writeCodeUnit } from './code_unit'

const BACKSLASH: u8 = 0x5c
/** A longer payload is the careful reader's. */
const BYTES_MAX: usize = 65_536

const plain = heap.alloc(BYTES_MAX + 64)
let plain_end: usize = 0

export function plainStart(): usize {
  return plain
}

export function plainEnd(): usize {
  return plain_end
}

/** Writes a string, given without its quotes, to `plainStart`; false when it is too long or has a doubtful code unit. */
export function writePlain(at: usize, end: usize): bool {
  if (end - at > BYTES_MAX) return false
  let into = plain
  while (at < end) {
    const bytes = v128.load(at)
    v128.store(into, bytes)
    const mask = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(BACKSLASH)))
    const ahead: usize = mask === 0 ? 16 : ctz(mask)
    at += ahead
    into += ahead
    if (mask === 0 || at >= end) continue
    const sign = load<u8>(at + 1)
    if (sign === 0x75) {
      const bytes = writeCodeUnit(at, end, into)
      if (bytes === 0) return false
      at += bytes === 4 ? 2 * CODE_UNIT_BYTES : CODE_UNIT_BYTES
      into += bytes
    } else {
      store<u8>(into, unescaped(sign))
      at += 2
      into++
    }
  }
  plain_end = into - (at - end)
  return true
}

/** The byte that an escape of one letter stands for. */
function unescaped(sign: u8): u8 {
  switch (sign) {
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x6e:
      return 0x0a
    case 0x72:
      return 0x0d
    case 0x74:
      return 0x09
    default:
      return sign
  }
}
