// The scan gives a text a number, a batch gives it a code in the dictionary of a column. Between the two stands what the
// column makes of the text, which is worked out once for as long as the number lives.
import type { TextColumn } from './batch_column.ts'

/** Numbers for which there is room at first: a small file has few texts, and there are many small files. */
const NUMBERS_MIN = 256

/** Codes of a column for what a text means there, by the number of the text. */
export class TextCodes {
  readonly #column: TextColumn
  readonly #meaningOf: (number: number) => string | null
  readonly #meanings: (string | null | undefined)[] = []
  /** One more than the code; 0 where the present batch has none yet. */
  #codes = new Uint32Array(NUMBERS_MIN)

  /** `meaningOf` tells what the column holds for a text; null is NULL. */
  constructor(column: TextColumn, meaningOf: (number: number) => string | null) {
    this.#column = column
    this.#meaningOf = meaningOf
  }

  /** Gives the meaning of a text. Number 0 is no text and means nothing. */
  meaning(number: number): string | null {
    if (number === 0) return null
    const known = this.#meanings[number]
    if (known !== undefined) return known
    const meaning = this.#meaningOf(number)
    this.#meanings[number] = meaning
    return meaning
  }

  /** Gives its code in the present batch. */
  code(number: number): number {
    const known = this.#codes[number] ?? 0
    if (known !== 0) return known - 1
    const meaning = this.meaning(number)
    const code = meaning === null ? 0 : this.#column.codeOf(meaning)
    if (number >= this.#codes.length) this.#makeRoom(number)
    this.#codes[number] = code + 1
    return code
  }

  /** Tells that the batch was cleared. */
  forgetCodes(): void {
    this.#codes.fill(0)
  }

  /** Tells that numbers begin anew. */
  forgetTexts(): void {
    this.#meanings.length = 0
    this.#codes.fill(0)
  }

  #makeRoom(number: number): void {
    const codes = this.#codes
    this.#codes = new Uint32Array(Math.max(2 * codes.length, number + 1))
    this.#codes.set(codes)
  }
}
