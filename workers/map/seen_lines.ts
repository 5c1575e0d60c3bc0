// Remembers which lines of one file have occurred, by their 64-bit hash, at about 8 to 11 bytes a line instead of the
// hundred that a Set of bigint takes: a day of ten million lines must fit beside everything else in a thread.
//
// Two different lines are taken for one with odds of n² / 2^65: 3 in a million files of ten million lines each lose one.

const SEGMENTS = 256
const SLOTS_MIN = 32

/** A set of 64-bit hashes of the lines of one file. Each of its segments grows alone, so no growth copies everything. */
export class SeenLines {
  readonly #segments = Array.from({ length: SEGMENTS }, () => new Segment())

  /** Adds a hash, given in halves; true when it was not there before. */
  add(low: number, high: number): boolean {
    const segment = this.#segments[high >>> 24]
    return segment?.add(low, high) ?? true
  }
}

/** Open addressing with linear probing; a slot is two halves, and the hash 0, which marks a free slot, is a flag. */
class Segment {
  #slots = new Uint32Array(2 * SLOTS_MIN)
  #size = 0
  #has_zero = false

  add(low: number, high: number): boolean {
    if (low === 0 && high === 0) {
      const is_new = !this.#has_zero
      this.#has_zero = true
      return is_new
    }
    if (!insert(this.#slots, low, high)) return false
    this.#size++
    const capacity = this.#slots.length / 2
    if (this.#size > 0.8 * capacity) this.#grow()
    return true
  }

  #grow(): void {
    const grown = new Uint32Array(2 * this.#slots.length)
    for (let at = 0; at < this.#slots.length; at += 2) {
      const low = this.#slots[at] ?? 0
      const high = this.#slots[at + 1] ?? 0
      if (low !== 0 || high !== 0) insert(grown, low, high)
    }
    this.#slots = grown
  }
}

function insert(slots: Uint32Array, low: number, high: number): boolean {
  const mask = slots.length - 1
  let at = (low << 1) & mask
  for (;;) {
    const low_there = slots[at]
    const high_there = slots[at + 1]
    if (low_there === low && high_there === high) return false
    if (low_there === 0 && high_there === 0) {
      slots[at] = low
      slots[at + 1] = high
      return true
    }
    at = (at + 2) & mask
  }
}
