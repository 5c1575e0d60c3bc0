// Turns the lengths of a prefix code into a table that decodes a symbol by one look-up, or two for the longest codes. It
// refuses every set of lengths that zlib refuses: a table made of nonsense would decode nonsense.
//
// An entry is 32 bits. Always: the bits to drop in 0-5. A literal: LITERAL, its byte from 16. A length or distance: its
// base from 16, the bits of its code alone in 8-11, the rest of the dropped bits being the extra bits to add to the base.
// Else SPECIAL: END, or SUBTABLE with its first index from 16 and its width in 8-11, or no code at all.

export const LITERAL: u32 = 0x80000000
export const SPECIAL: u32 = 0x8000
export const SUBTABLE: u32 = 0x4000
export const END: u32 = 0x2000

/** Widths in bits: wide enough that few codes need a subtable, small enough for the nearest cache. */
export const LITERALS_WIDTH: u32 = 11
export const DISTANCES_WIDTH: u32 = 9
export const CODE_LENGTHS_WIDTH: u32 = 7

/** Entries: the most that any complete code of so many symbols and at most 15 bits needs, rounded up. */
export const LITERALS: usize = memory.data(2400 * 4, 16)
export const DISTANCES: usize = memory.data(1024 * 4, 16)
export const CODE_LENGTHS: usize = memory.data(128 * 4, 16)

const LENGTH_BASE: usize = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
])
const LENGTH_EXTRA: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
])
const DISTANCE_BASE: usize = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
])

const CODE_BITS_MAX: u32 = 15
/** How many codes have a length, and the next free code of it. */
const COUNTS: usize = memory.data(16 * 4, 16)
const NEXT: usize = memory.data(16 * 4, 16)

/** Builds a table from `symbols` code lengths of a byte each; false when they make no code. */
export function buildTable(table: usize, width: u32, lengths: usize, symbols: u32): bool {
  const longest = countLengths(lengths, symbols)
  const left = assignCodes()
  if (left < 0) return false
  // A code that leaves something over is damage, but for one of a single symbol of one bit, or of none.
  if (left > 0 && (table === CODE_LENGTHS || longest > 1)) return false
  const size: u32 = 1 << width
  if (left > 0) for (let i: u32 = 0; i < size; i++) put(table, i, SPECIAL | 1)
  let free = size
  let prefix: u32 = 0xffffffff
  let sub: u32 = 0
  let sub_width: u32 = 0
  for (let n: u32 = 1; n <= longest; n++) {
    let same_length_left = count(n)
    for (let symbol: u32 = 0; same_length_left > 0; symbol++) {
      if (load<u8>(lengths + symbol) !== n) continue
      const code = reversed(nextCode(n), n)
      if (n <= width) {
        const entry = entryOf(table, symbol, n)
        for (let i = code; i < size; i += 1 << n) put(table, i, entry)
      } else {
        // Codes come in order, so those of one subtable come one after another.
        if ((code & (size - 1)) !== prefix) {
          prefix = code & (size - 1)
          sub = free
          sub_width = subtableWidth(n - width, n, same_length_left)
          free += 1 << sub_width
          put(table, prefix, (sub << 16) | SPECIAL | SUBTABLE | (sub_width << 8) | width)
        }
        const entry = entryOf(table, symbol, n - width)
        for (let i = code >> width; i < (<u32>1) << sub_width; i += 1 << (n - width)) put(table, sub + i, entry)
      }
      same_length_left--
    }
  }
  return true
}

/** Counts the codes of each length and gives the longest. */
function countLengths(lengths: usize, symbols: u32): u32 {
  memory.fill(COUNTS, 0, 64)
  let longest: u32 = 0
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const n: u32 = load<u8>(lengths + symbol)
    if (n === 0) continue
    store<u32>(COUNTS + (n << 2), count(n) + 1)
    longest = max(longest, n)
  }
  return longest
}

/** Finds the first code of each length, and tells how much of the code space is left, or by less than 0 lacking. */
function assignCodes(): i32 {
  let left: i32 = 1
  let code: u32 = 0
  for (let n: u32 = 1; n <= CODE_BITS_MAX; n++) {
    left = (left << 1) - count(n)
    if (left < 0) return left
    code = (code + count(n - 1)) << 1
    store<u32>(NEXT + (n << 2), code)
  }
  return left
}

/** The width of a subtable that begins with one of the last `of_length_left` codes of length `n`: it holds all its codes. */
function subtableWidth(narrowest: u32, n: u32, of_length_left: u32): u32 {
  let width = narrowest
  let room: i32 = (1 << width) - of_length_left
  while (room > 0) {
    width++
    n++
    room = (room << 1) - count(n)
  }
  return width
}

/** What a symbol means in a table, its code having so many bits to drop. */
function entryOf(table: usize, symbol: u32, bits: u32): u32 {
  if (table === CODE_LENGTHS) return (symbol << 16) | bits
  if (table === DISTANCES) {
    if (symbol > 29) return SPECIAL | bits
    const extra: u32 = symbol < 4 ? 0 : (symbol >> 1) - 1
    return ((<u32>load<u16>(DISTANCE_BASE + (symbol << 1))) << 16) | (bits << 8) | (bits + extra)
  }
  if (symbol < 256) return LITERAL | (symbol << 16) | bits
  if (symbol === 256) return SPECIAL | END | bits
  if (symbol > 285) return SPECIAL | bits
  const at = symbol - 257
  return ((<u32>load<u16>(LENGTH_BASE + (at << 1))) << 16) | (bits << 8) | (bits + load<u8>(LENGTH_EXTRA + at))
}

function put(table: usize, index: u32, entry: u32): void {
  store<u32>(table + (index << 2), entry)
}

function count(n: u32): u32 {
  return load<u32>(COUNTS + (n << 2))
}

function nextCode(n: u32): u32 {
  const code = load<u32>(NEXT + (n << 2))
  store<u32>(NEXT + (n << 2), code + 1)
  return code
}

/** Codes are written with their first bit first, and read from the low end. */
function reversed(code: u32, bits: u32): u32 {
  let turned = code
  turned = ((turned & 0x5555) << 1) | ((turned >> 1) & 0x5555)
  turned = ((turned & 0x3333) << 2) | ((turned >> 2) & 0x3333)
  turned = ((turned & 0x0f0f) << 4) | ((turned >> 4) & 0x0f0f)
  turned = ((turned & 0x00ff) << 8) | ((turned >> 8) & 0x00ff)
  return turned >> (16 - bits)
}
