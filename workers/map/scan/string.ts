// Strings are most of a log: they are passed over sixteen bytes at a time, and held to JSON's rules on the way, because a
// line with a broken string is no event.

const QUOTE: u8 = 0x22
const BACKSLASH: u8 = 0x5c

/** The string passed last had an escape in it. */
export let had_escape = false

/** Passes a string whose opening quote stands before `at`; gives the address behind the closing quote, 0 when it is broken. */
export function passString(at: usize, end: usize): usize {
  had_escape = false
  while (at < end) {
    const bytes = v128.load(at)
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    )
    const mask = i8x16.bitmask(special)
    if (mask === 0) {
      at += 16
      continue
    }
    at += ctz(mask)
    if (at >= end) return 0
    const byte = load<u8>(at)
    if (byte === QUOTE) return at + 1
    if (byte !== BACKSLASH) return 0
    had_escape = true
    at = passEscape(at, end)
    if (at === 0) return 0
  }
  return 0
}

function passEscape(at: usize, end: usize): usize {
  if (at + 1 >= end) return 0
  const sign = load<u8>(at + 1)
  switch (sign) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 2
    case 0x75:
      return at + 6 <= end && hexadecimal(at + 2) >= 0 ? at + 6 : 0
    default:
      return 0
  }
}

/** Reads four hexadecimal digits; -1 when one is none. */
export function hexadecimal(at: usize): i32 {
  let value = 0
  for (let next = at; next < at + 4; next++) {
    const code = load<u8>(next)
    const lower = code | 0x20
    let digit = 0
    if (code >= 0x30 && code <= 0x39) digit = code - 0x30
    else if (lower >= 0x61 && lower <= 0x66) digit = lower - 0x57
    else return -1
    value = (value << 4) | digit
  }
  return value
}
