// A log says the same few thousand names, ids and URLs over and over. A memo computes what follows from a text once, and
// forgets everything when it is full, so that a file of ever new texts cannot fill the memory.

/** Texts over this length are computed each time: they seldom come again and would hold much memory. */
const KEY_LENGTH_MAX = 512

/** Makes a function that remembers up to `entries_max` results of the pure function `compute`. */
export function memoised<T extends NonNullable<unknown> | null>(
  entries_max: number,
  compute: (text: string) => T,
): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const value = known.get(text)
    if (value !== undefined) return value
    const computed = compute(text)
    if (text.length > KEY_LENGTH_MAX) return computed
    if (known.size >= entries_max) known.clear()
    known.set(text, computed)
    return computed
  }
}
