// A sample must be the same on every machine for the same seed, and its days must not depend on each other's draws; so
// chance comes from this small seeded generator (Chris Doty-Humphrey's sfc32) and never from the system.
import { createHash } from 'node:crypto'

export class Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest()
    this.#seed = seed
    this.#a = digest.readInt32LE(0)
    this.#b = digest.readInt32LE(4)
    this.#c = digest.readInt32LE(8)
    for (let round = 0; round < 12; round++) this.uint32()
  }

  /** Makes an independent generator; it depends on the seed and the name alone, not on what was drawn before. */
  derive(name: string): Random {
    return new Random(`${this.#seed}/${name}`)
  }

  /** Draws an integer of 32 bits. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    this.#c |= 0
    return sum >>> 0
  }

  /** Draws from 0 (inclusive) to 1 (exclusive). */
  fraction(): number {
    return this.uint32() / 4_294_967_296
  }

  /** Draws an integer from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit)
  }

  /** Draws an integer between two, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    const picked = list[this.below(list.length)]
    if (picked === undefined) throw new RangeError('Cannot pick from an empty list')
    return picked
  }

  /** Draws an index below `size`, small ones far more often: a few learners make most of the events. */
  skewed(size: number): number {
    return Math.floor(size * this.fraction() ** 2.2)
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.uint32().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }
}
