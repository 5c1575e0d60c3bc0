// The fields of a payload that the scan has read, by their names in scan/record.ts. They lie in the scan's memory and are
// those of the payload read last.

/** Words, doubles and values of one payload. */
export class PayloadFields {
  readonly #words: Uint32Array
  readonly #doubles: Float64Array
  readonly #memory: Buffer

  /** `address`: where the scan puts them, a multiple of eight. */
  constructor(memory: ArrayBuffer, address: number) {
    this.#words = new Uint32Array(memory, address)
    this.#doubles = new Float64Array(memory, address)
    this.#memory = Buffer.from(memory)
  }

  word(name: number): number {
    return this.#words[name] ?? 0
  }

  /** The double of a number; `name` is that of its first word. */
  double(name: number): number {
    return this.#doubles[name / 2 + 1] ?? 0
  }

  /** Reads the JSON whose address and bytes stand in two words; undefined where there is none. */
  value(name: number): unknown {
    const at = this.word(name)
    const bytes = this.word(name + 1)
    return bytes === 0 ? undefined : JSON.parse(this.#memory.toString('utf8', at, at + bytes))
  }
}
