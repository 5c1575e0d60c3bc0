// Tables look at the events of a few types. Who looks through all rows for them does so once per table; here they are
// found once for all tables.

/** The rows of a column of codes, by code. */
export class RowsByCode {
  readonly #codes: Uint32Array
  readonly #codes_max: number
  /** Row numbers in the order of their codes, and where each code begins. */
  #sorted: { readonly rows: Uint32Array; readonly starts: Uint32Array } | null = null

  constructor(codes: Uint32Array, codes_max: number) {
    this.#codes = codes
    this.#codes_max = codes_max
  }

  /** Numbers of the rows that have one of the codes, by code and then in order. */
  rows(codes: readonly number[]): Uint32Array {
    this.#sorted ??= this.#sort()
    const { rows, starts } = this.#sorted
    const pieces = codes.map((code) => rows.subarray(starts[code], starts[code + 1]))
    if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0]
    const found = new Uint32Array(pieces.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      found.set(piece, at)
      at += piece.length
    }
    return found
  }

  #sort(): { readonly rows: Uint32Array; readonly starts: Uint32Array } {
    const starts = new Uint32Array(this.#codes_max + 2)
    for (const code of this.#codes) starts[code + 1] = (starts[code + 1] ?? 0) + 1
    for (let code = 0; code <= this.#codes_max; code++) starts[code + 1] = (starts[code + 1] ?? 0) + (starts[code] ?? 0)
    const next = starts.slice()
    const rows = new Uint32Array(this.#codes.length)
    for (let row = 0; row < rows.length; row++) {
      const code = this.#codes[row] ?? 0
      const at = next[code] ?? 0
      rows[at] = row
      next[code] = at + 1
    }
    return { rows, starts }
  }
}

/** Gives those rows, of a list or of all up to a number, that have a code in one of the columns. */
export function rowsHaving(columns: readonly Uint32Array[], of: Uint32Array | number): Uint32Array {
  const found = new Uint32Array(typeof of === 'number' ? of : of.length)
  let next = 0
  for (let at = 0; at < found.length; at++) {
    const row = typeof of === 'number' ? at : (of[at] ?? 0)
    for (const codes of columns) {
      if (codes[row] === 0) continue
      found[next] = row
      next += 1
      break
    }
  }
  return found.slice(0, next)
}
