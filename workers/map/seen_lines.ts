// Remembers which lines of one file have occurred, by their 64-bit hash, so that a repeated line counts once. However many
// lines there are, the table is at most 8 MiB: what outgrows it goes to a scratch file, but for two bytes of each hash.
//
// Two different lines are taken for one with odds of n² / 2^65: 3 in a million files of ten million lines each lose one.
import { SpilledHashes } from './spilled_hashes.ts'

const SLOTS_MIN = 8_192
/** Slots of the table at its largest, of eight bytes each. */
const SLOTS_MAX = 1_048_576
/** The table grows so many times at once, so that it is seldom copied and its former self is small. */
const GROWTH = 4
/** Beyond this share of slots in use, looking for a free one takes long. */
const FILL_MAX = 0.75

/** A set of 64-bit hashes of the lines of one file, given in halves. Whoever made it disposes of it. */
export class SeenLines implements Disposable {
  readonly #slots_max: number
  readonly #spilled: SpilledHashes
  /** Open addressing with linear probing; a slot is two halves, low and high. */
  #slots: Uint32Array<ArrayBuffer>
  #used = 0
  /** The hash 0 marks a free slot, so it is a flag when it occurs. */
  #has_zero = false

  /** `slots_max` is a power of two. */
  constructor(options: { readonly scratch: string; readonly slots_max?: number }) {
    this.#slots_max = options.slots_max ?? SLOTS_MAX
    this.#spilled = new SpilledHashes(options.scratch)
    this.#slots = new Uint32Array(2 * Math.min(SLOTS_MIN, this.#slots_max))
  }

  /** Adds a hash; true when it was not there before. */
  add(low: number, high: number): boolean {
    if (low === 0 && high === 0) {
      const is_new = !this.#has_zero
      this.#has_zero = true
      return is_new
    }
    const slots = this.#slots
    const at = slotOf(slots, low, high)
    if (slots[at] !== 0 || slots[at + 1] !== 0) return false
    if (this.#spilled.has(low, high)) return false
    slots[at] = low
    slots[at + 1] = high
    this.#used++
    if (this.#used >= (FILL_MAX * slots.length) / 2) this.#makeRoom()
    return true
  }

  [Symbol.dispose](): void {
    this.#spilled[Symbol.dispose]()
    this.#slots = freed(this.#slots)
  }

  #makeRoom(): void {
    const old = this.#slots
    if (old.length >= 2 * this.#slots_max) {
      this.#spilled.spill(old)
      old.fill(0)
      this.#used = 0
      return
    }
    this.#slots = new Uint32Array(Math.min(GROWTH * old.length, 2 * this.#slots_max))
    for (let from = 0; from < old.length; from += 2) {
      const low = old[from] ?? 0
      const high = old[from + 1] ?? 0
      if (low === 0 && high === 0) continue
      const at = slotOf(this.#slots, low, high)
      this.#slots[at] = low
      this.#slots[at + 1] = high
    }
    freed(old)
  }
}

/** Finds where in the table a hash is, or the free slot where it would be. */
function slotOf(slots: Uint32Array, low: number, high: number): number {
  const mask = slots.length - 1
  let at = (low << 1) & mask
  for (;;) {
    const low_there = slots[at]
    const high_there = slots[at + 1]
    if ((low_there === low && high_there === high) || (low_there === 0 && high_there === 0)) return at
    at = (at + 2) & mask
  }
}

/** Gives memory back at once: left to the garbage collector, the tables of several days would pile up. */
const freed = ({ buffer }: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => new Uint32Array(buffer.transfer(0))
