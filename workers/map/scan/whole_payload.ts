// Nobody reads most payloads, but whether one was cut is counted for every line. A text of an object whose braces and
// quotes are balanced was not; deciding that where the bytes lie spares unpacking the text.
import { hexadecimal } from './string'

const QUOTE: u8 = 0x22
const BACKSLASH: u8 = 0x5c

/**
 * Tells of a JSON string, given without its quotes, that it is certainly no text of JSON that was cut: it is empty, or
 * begins like no JSON, or is an object with balanced braces. False leaves the question open.
 */
export function isSurelyWhole(at: usize, end: usize): bool {
  if (at === end) return true
  const first = load<u8>(at)
  if (first === 0x7b) return isBalanced(at, end)
  return first > 0x20 && first < 0x80 && first !== 0x5b && first !== BACKSLASH
}

/** Tells of the first byte of a text that no JSON begins with it: the text is a form or nothing at all. */
export function beginsNoJson(first: u8): bool {
  return first > 0x20 && first < 0x80 && first !== QUOTE && first !== 0x5b && first !== BACKSLASH && first !== 0x7b
}

/** Walks an object through its escapes: `\"` is a quote of it, `\\` a backslash of it. */
function isBalanced(at: usize, end: usize): bool {
  let depth = 0
  let in_string = false
  while (at < end) {
    const byte = load<u8>(at)
    if (byte !== BACKSLASH) {
      if (!in_string) {
        if (byte === 0x7b || byte === 0x5b) depth++
        else if (byte === 0x7d || byte === 0x5d) depth--
        at++
      } else at = nextBackslash(at + 1, end)
      continue
    }
    const sign = load<u8>(at + 1)
    if (sign === 0x75 && hexadecimal(at + 2) < 0x80) return false
    at += sign === 0x75 ? 6 : 2
    if (sign === QUOTE) in_string = !in_string
    else if (sign === BACKSLASH && in_string) {
      if (at >= end) return false
      // The escape belongs to the object: whatever it escapes is a plain character.
      if (load<u8>(at) !== BACKSLASH) at++
      else {
        const escaped = load<u8>(at + 1)
        if (escaped === 0x75 && hexadecimal(at + 2) < 0x80) return false
        at += escaped === 0x75 ? 6 : 2
      }
    }
  }
  return !in_string && depth <= 0
}

function nextBackslash(at: usize, end: usize): usize {
  while (at < end) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(BACKSLASH)))
    if (mask !== 0) {
      at += ctz(mask)
      return at < end ? at : end
    }
    at += 16
  }
  return end
}
