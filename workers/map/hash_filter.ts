// Tells of nearly every hash that was never added that it was not, by one look at memory. Without it each line of a huge file
// would be looked up in every run of the scratch file.
//
// It is a Bloom filter in blocks: a hash has a block of 256 bits, and in it four bits. With n hashes in 8 MiB, some 0.1 % of
// others are not told apart at 3 million, 2 % at 8 million; with many more it becomes useless, and nothing becomes wrong.

const WORDS = 2_097_152
/** A block has eight words; the upper bits of a hash number it, so that sorted hashes are added block after block. */
const BLOCK_SHIFT = 14

export class HashFilter {
  readonly #words = new Uint32Array(WORDS)

  add(low: number, high: number): void {
    const words = this.#words
    const block = (high >>> BLOCK_SHIFT) << 3
    for (let shift = 0; shift < 32; shift += 8) {
      const bit = low >>> shift
      const at = block + ((bit >>> 5) & 7)
      words[at] = (words[at] ?? 0) | (1 << (bit & 31))
    }
  }

  /** Tells whether the hash may have been added; false is certain. */
  mayHave(low: number, high: number): boolean {
    const words = this.#words
    const block = (high >>> BLOCK_SHIFT) << 3
    for (let shift = 0; shift < 32; shift += 8) {
      const bit = low >>> shift
      if (((words[block + ((bit >>> 5) & 7)] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }
}
