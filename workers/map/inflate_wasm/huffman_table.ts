// Turns the lengths of a prefix code into a table that decodes a symbol by one look-up, or two for the longest codes. It
// refuses every set of lengths that zlib refuses: a table made of nonsense would decode nonsense.
//
// An entry is 32 bits. Always: the bits to drop in 0-5, so that it can be shifted by as it is. A literal, or two that follow
// one another: their bytes from 8 and 16, how many from 24, and perhaps EIGHT_BITS. Else NO_LITERAL (which only the table
// of literals needs), and a length or distance: its base from 16, the bits of its code alone in 8-11, the rest of the
// dropped bits being the extra bits to add to the base. Else SPECIAL too: END, or SUBTABLE with its first index from 16 and
// its width in 8-11, or no code at all.

export const NO_LITERAL: u32 = 0x80000000
export const EIGHT_BITS: u32 = 0x80
export const SPECIAL: u32 = 0x8000
export const SUBTABLE: u32 = 0x4000
export const END: u32 = 0x2000
export const ONE_LITERAL: u32 = 1 << 24
export const TWO_LITERALS: u32 = 2 << 24

/** Widths in bits: wide enough that few codes need a subtable, small enough for the nearest cache. */
export const LITERALS_WIDTH: u32 = 10
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
/** How many codes have a length, the first of them, and where the next symbol of that length is sorted in. */
const COUNTS: usize = memory.data(16 * 4, 16)
const FIRST: usize = memory.data(16 * 4, 16)
const PLACES: usize = memory.data(16 * 4, 16)
/** The symbols by the lengths of their codes, those without a code before them. */
const SORTED: usize = memory.data(288 * 2, 16)

/** Builds a table from `symbols` code lengths of a byte each; false when they make no code. */
export function buildTable(table: usize, width: u32, lengths: usize, symbols: u32): bool {
  const longest = countLengths(lengths, symbols)
  const left = assignCodes()
  if (left < 0) return false
  // A code that leaves something over is damage, but for one of a single symbol of one bit, or of none.
  if (left > 0 && (table === CODE_LENGTHS || longest > 1)) return false
  let sorted = sortSymbols(lengths, symbols)
  if (left > 0) for (let i = 0; i < 2; i++) put(table, i, NO_LITERAL | SPECIAL | 1)
  for (let n: u32 = 1; n <= width; n++) {
    // So far the table is one of codes shorter than `n`; twice as long, it looks at one bit more.
    if (n > 1) double(table, 1 << (n - 1))
    const first = load<u32>(FIRST + (n << 2))
    for (let i: u32 = 0; i < count(n); i++) {
      put(table, reversed(first + i, n), entryOf(table, load<u16>(sorted), n))
      sorted += 2
    }
  }
  if (longest > width) addSubtables(table, width, sorted, longest)
  return true
}

/** Readies the table of literals, just built, for a block of its kind. */
export function packLiterals(): void {
  if (count(8) > 128) markEightBits()
  else pairLiterals()
}

/** What was compressed before has hardly anything but literals of 8 bits; they can be looked up before it is certain. */
function markEightBits(): void {
  const literal_of_8 = v128.splat<u32>(8)
  for (let at = LITERALS; at < LITERALS + (4 << LITERALS_WIDTH); at += 16) {
    const entries = v128.load(at)
    const fits = v128.eq<u32>(v128.and(entries, v128.splat<u32>(NO_LITERAL | 63)), literal_of_8)
    v128.store(at, v128.or(entries, v128.and(fits, v128.splat<u32>(EIGHT_BITS))))
  }
}

/** Makes one entry of two literals wherever both lie within the bits that are looked at. */
function pairLiterals(): void {
  // From the end, so that the second of a pair, which lies before the first, is not a pair itself yet.
  for (let i: i32 = (1 << LITERALS_WIDTH) - 1; i >= 0; i--) {
    const first = load<u32>(LITERALS + (i << 2))
    const second = load<u32>(LITERALS + ((i >> (first & 31)) << 2))
    const bits = (first & 63) + (second & 63)
    const pair = TWO_LITERALS | ((second & 0xff00) << 8) | (first & 0xff00) | bits
    // A choice without a jump: which it is, nobody could foresee.
    put(LITERALS, i, select<u32>(pair, first, ((first | second) & NO_LITERAL) === 0 && bits <= LITERALS_WIDTH))
  }
}

/** Goes on with the codes that are longer than the table is wide. */
function addSubtables(table: usize, width: u32, symbols: usize, longest: u32): void {
  let sorted = symbols
  let free: u32 = 1 << width
  let prefix: u32 = 0xffffffff
  let sub: u32 = 0
  let sub_width: u32 = 0
  for (let n = width + 1; n <= longest; n++) {
    const first = load<u32>(FIRST + (n << 2))
    for (let i: u32 = 0; i < count(n); i++) {
      const code = reversed(first + i, n)
      // Codes come in order, so those of one subtable come one after another.
      if ((code & ((1 << width) - 1)) !== prefix) {
        prefix = code & ((1 << width) - 1)
        sub = free
        sub_width = subtableWidth(n - width, n, count(n) - i)
        free += 1 << sub_width
        put(table, prefix, NO_LITERAL | SPECIAL | SUBTABLE | (sub << 16) | (sub_width << 8) | width)
      }
      const entry = entryOf(table, load<u16>(sorted), n - width)
      sorted += 2
      for (let at = code >> width; at < (<u32>1) << sub_width; at += 1 << (n - width)) put(table, sub + at, entry)
    }
  }
}

/** Repeats a table behind itself. What is written behind that, if it is tiny, is written anew later. */
function double(table: usize, entries: u32): void {
  const end = table + (entries << 2)
  for (let at = table; at < end; at += 16) v128.store(at + (entries << 2), v128.load(at))
}

/** Counts the codes of each length and gives the longest. */
function countLengths(lengths: usize, symbols: u32): u32 {
  memory.fill(COUNTS, 0, 64)
  let longest: u32 = 0
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const n: u32 = load<u8>(lengths + symbol)
    store<u32>(COUNTS + (n << 2), count(n) + 1)
    longest = max(longest, n)
  }
  return longest
}

/** Sorts the symbols by the lengths of their codes, and tells where those with a code begin. */
function sortSymbols(lengths: usize, symbols: u32): usize {
  let place = SORTED
  for (let n: u32 = 0; n <= CODE_BITS_MAX; n++) {
    store<usize>(PLACES + (n << 2), place)
    place += count(n) << 1
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const of_length = PLACES + ((<u32>load<u8>(lengths + symbol)) << 2)
    place = load<usize>(of_length)
    store<u16>(place, symbol)
    store<usize>(of_length, place + 2)
  }
  return SORTED + (count(0) << 1)
}

/** Finds the first code of each length, and tells how much of the code space is left, or by less than 0 lacking. */
function assignCodes(): i32 {
  let left: i32 = 1
  let code: u32 = 0
  for (let n: u32 = 1; n <= CODE_BITS_MAX; n++) {
    left = (left << 1) - count(n)
    if (left < 0) return left
    code <<= 1
    store<u32>(FIRST + (n << 2), code)
    code += count(n)
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
  if (symbol < 256) return ONE_LITERAL | (symbol << 8) | bits
  if (symbol === 256) return NO_LITERAL | SPECIAL | END | bits
  if (symbol > 285) return NO_LITERAL | SPECIAL | bits
  const at = symbol - 257
  const extra: u32 = load<u8>(LENGTH_EXTRA + at)
  return NO_LITERAL | ((<u32>load<u16>(LENGTH_BASE + (at << 1))) << 16) | (bits << 8) | (bits + extra)
}

function put(table: usize, index: u32, entry: u32): void {
  store<u32>(table + (index << 2), entry)
}

function count(n: u32): u32 {
  return load<u32>(COUNTS + (n << 2))
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
