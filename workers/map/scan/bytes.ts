// Short runs of bytes are cleared and compared in place: the instructions for whole memories cost a call each, several
// times a line.

/** Clears at least `length` bytes, in steps of sixteen. */
export function clear(at: usize, length: usize): void {
  for (const end = at + length; at < end; at += 16) v128.store(at, i64x2.splat(0))
}

/** Tells whether two runs of bytes are the same. */
export function areSame(one: usize, other: usize, length: usize): bool {
  const whole = one + (length & ~15)
  for (; one < whole; one += 16, other += 16)
    if (!i8x16.all_true(i8x16.eq(v128.load(one), v128.load(other)))) return false
  const rest = length & 15
  return rest === 0 || (differences(one, other) & ((1 << (<u32>rest)) - 1)) === 0
}

/** Tells whether all bytes are ASCII. Others may be no UTF-8, and are read as U+FFFD then: runs that differ become equal. */
export function isAscii(at: usize, length: usize): bool {
  for (; length > 16; at += 16, length -= 16) if (i8x16.bitmask(v128.load(at)) !== 0) return false
  return (i8x16.bitmask(v128.load(at)) & ((1 << (<u32>length)) - 1)) === 0
}

/** One bit for each of sixteen bytes that differs. */
function differences(one: usize, other: usize): u32 {
  return i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)))
}
