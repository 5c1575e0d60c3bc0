// The header of a gzip member (RFC 1952 §2.3). Archives were made by many programs, and some of them write a name, a
// comment or more into it; where it ends has to be known to the byte.
import { crc32 } from 'node:zlib'

const FIXED_BYTES = 10
const DEFLATE = 8

/** Bits of the flags. The others are reserved, and whoever sets them means something that is not known here. */
const HEADER_CRC = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16
const RESERVED = 0xe0

/** Tells how many bytes the header at the front of `bytes` has; `cut` when they end inside it. */
export function gzipHeaderBytes(bytes: Uint8Array): number | 'cut' | 'damaged' {
  const [magic_1, magic_2, method, flags = 0] = bytes
  if ((magic_1 ?? 0x1f) !== 0x1f || (magic_2 ?? 0x8b) !== 0x8b || (method ?? DEFLATE) !== DEFLATE) return 'damaged'
  if ((flags & RESERVED) !== 0) return 'damaged'
  let at = FIXED_BYTES
  if ((flags & EXTRA) !== 0) {
    const [low, high] = bytes.subarray(at, at + 2)
    if (low === undefined || high === undefined) return 'cut'
    at += 2 + low + 256 * high
  }
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue
    const end = bytes.indexOf(0, at)
    if (end === -1) return 'cut'
    at = end + 1
  }
  if ((flags & HEADER_CRC) !== 0) {
    const [low, high] = bytes.subarray(at, at + 2)
    if (low === undefined || high === undefined) return 'cut'
    if ((crc32(bytes.subarray(0, at)) & 0xffff) !== low + 256 * high) return 'damaged'
    at += 2
  }
  return at <= bytes.length ? at : 'cut'
}
