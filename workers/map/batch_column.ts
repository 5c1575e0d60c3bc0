// Columns of an event batch: each holds its rows in the layout that DuckDB has, so that nothing is converted on the way.
// A column that only ever got NULLs costs no more than a look at its bits.

/** One bit per row, set where the row has a value. */
class ValidBits {
  readonly bits: Uint8Array

  constructor(capacity: number) {
    this.bits = new Uint8Array(Math.ceil(capacity / 64) * 8)
  }

  add(at: number): void {
    this.bits[at >> 3] = (this.bits[at >> 3] ?? 0) | (1 << (at & 7))
  }

  clear(): void {
    this.bits.fill(0)
  }
}

/** Strings as codes into a dictionary: code 0 is NULL, `values[code - 1]` the string. */
export class TextColumn {
  readonly kind = 'text'
  readonly codes: Uint32Array
  readonly values: string[] = []
  readonly #code_of = new Map<string, number>()

  constructor(capacity: number) {
    this.codes = new Uint32Array(capacity)
  }

  set(at: number, value: string | null): void {
    this.codes[at] = value === null ? 0 : this.codeOf(value)
  }

  /** Gives the code of a string, for readers that keep codes themselves. It holds until the next `clear`. */
  codeOf(value: string): number {
    const known = this.#code_of.get(value)
    if (known !== undefined) return known
    this.values.push(value)
    this.#code_of.set(value, this.values.length)
    return this.values.length
  }

  clear(): void {
    this.codes.fill(0)
    this.values.length = 0
    this.#code_of.clear()
  }
}

/** Strings that hardly repeat: each row has a code of its own. */
export class LongTextColumn {
  readonly kind = 'text'
  readonly codes: Uint32Array
  readonly values: string[] = []
  #chars = 0

  constructor(capacity: number) {
    this.codes = new Uint32Array(capacity)
  }

  /** Characters of all strings together. */
  get chars(): number {
    return this.#chars
  }

  set(at: number, value: string | null): void {
    if (value === null) return
    this.codes[at] = this.values.push(value)
    this.#chars += value.length
  }

  clear(): void {
    this.codes.fill(0)
    this.values.length = 0
    this.#chars = 0
  }
}

/** Microseconds since 1970, given as numbers: two halves are stored, because a bigint per event is too much garbage. */
export class TimestampColumn {
  readonly kind = 'fixed'
  readonly values: BigInt64Array
  readonly valid = null
  readonly #halves: Uint32Array

  constructor(capacity: number) {
    this.values = new BigInt64Array(capacity)
    this.#halves = new Uint32Array(this.values.buffer)
  }

  set(at: number, time_us: number): void {
    const high = Math.floor(time_us / 0x1_0000_0000)
    this.setHalves(at, time_us - high * 0x1_0000_0000, high)
  }

  setHalves(at: number, low: number, high: number): void {
    this.#halves[2 * at] = low
    this.#halves[2 * at + 1] = high
  }

  clear(): void {}
}

/** 64-bit integers, signed or not: the bits are the same. */
export class LongColumn {
  readonly kind = 'fixed'
  readonly values: BigUint64Array
  readonly #valid: ValidBits
  readonly #halves: Uint32Array

  constructor(capacity: number) {
    this.values = new BigUint64Array(capacity)
    this.#halves = new Uint32Array(this.values.buffer)
    this.#valid = new ValidBits(capacity)
  }

  get valid(): Uint8Array {
    return this.#valid.bits
  }

  set(at: number, value: bigint | null): void {
    if (value === null) return
    this.values[at] = value
    this.#valid.add(at)
  }

  setHalves(at: number, low: number, high: number): void {
    this.#halves[2 * at] = low
    this.#halves[2 * at + 1] = high
    this.#valid.add(at)
  }

  clear(): void {
    this.#valid.clear()
  }
}

export class DoubleColumn {
  readonly kind = 'fixed'
  readonly values: Float64Array
  readonly #valid: ValidBits

  constructor(capacity: number) {
    this.values = new Float64Array(capacity)
    this.#valid = new ValidBits(capacity)
  }

  get valid(): Uint8Array {
    return this.#valid.bits
  }

  set(at: number, value: number | null): void {
    if (value === null) return
    this.values[at] = value
    this.#valid.add(at)
  }

  clear(): void {
    this.#valid.clear()
  }
}

export class IntegerColumn {
  readonly kind = 'fixed'
  readonly values: Int32Array
  readonly valid = null

  constructor(capacity: number) {
    this.values = new Int32Array(capacity)
  }

  set(at: number, value: number): void {
    this.values[at] = value
  }

  clear(): void {}
}

export class BooleanColumn {
  readonly kind = 'fixed'
  readonly values: Uint8Array
  readonly #valid: ValidBits

  constructor(capacity: number) {
    this.values = new Uint8Array(capacity)
    this.#valid = new ValidBits(capacity)
  }

  get valid(): Uint8Array {
    return this.#valid.bits
  }

  set(at: number, value: boolean | null): void {
    if (value === null) return
    this.values[at] = value ? 1 : 0
    this.#valid.add(at)
  }

  clear(): void {
    this.#valid.clear()
  }
}
