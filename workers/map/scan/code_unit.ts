// Python writes whatever is not ASCII as `\u` and the four digits of a UTF-16 code unit; where text is written out, its bytes
// of UTF-8 stand instead.
import { hexadecimal } from './string'

/** Bytes of the escape of one code unit. */
export const CODE_UNIT_BYTES: usize = 6

/**
 * Writes the character of the escape at `at`, or of the two of a surrogate pair, and gives its bytes: four are those of a pair.
 * 0 is a doubt: half a pair, or ASCII, which hides NUL and what JSON escapes otherwise.
 */
export function writeCodeUnit(at: usize, end: usize, into: usize): usize {
  if (at + CODE_UNIT_BYTES > end) return 0
  const unit: u32 = hexadecimal(at + 2)
  if (unit < 0x80 || <i32>unit < 0) return 0
  if (unit < 0x800) {
    store<u16>(into, <u16>(0x80c0 | (unit >> 6) | ((unit & 0x3f) << 8)))
    return 2
  }
  if (unit < 0xd800 || unit > 0xdfff) {
    store<u32>(into, 0x8080e0 | (unit >> 12) | (((unit >> 6) & 0x3f) << 8) | ((unit & 0x3f) << 16))
    return 3
  }
  const other = at + CODE_UNIT_BYTES
  if (unit > 0xdbff || other + CODE_UNIT_BYTES > end || load<u16>(other) !== 0x755c) return 0
  const low: u32 = hexadecimal(other + 2)
  if (low < 0xdc00 || low > 0xdfff) return 0
  const code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
  const tail = 0x80808000 | (((code >> 12) & 0x3f) << 8) | (((code >> 6) & 0x3f) << 16) | ((code & 0x3f) << 24)
  store<u32>(into, tail | 0xf0 | (code >> 18))
  return 4
}
