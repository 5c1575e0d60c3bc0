// A payload is mostly text of an object: JSON inside a JSON string. Its bytes are written out without the outer escapes, so
// that one walk serves both forms.

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

/** Writes a string, given without its quotes, to `plainStart`; false when it is too long or has an escape of a code unit. */
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
    const byte = unescaped(load<u8>(at + 1))
    if (byte === 0) return false
    store<u8>(into, byte)
    at += 2
    into++
  }
  plain_end = into - (at - end)
  return true
}

/** The byte that an escape stands for; 0 for one of a code unit. */
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
    case 0x75:
      return 0
    default:
      return sign
  }
}
