// Columns become vectors of DuckDB by copying memory, not by values: a call per cell would cost more than all the tables.
// Fixed-width columns are copied as they lie; text is dictionary-coded: each distinct string crosses once and rows repeat
// the 16 bytes that refer to it.
import bindings, { type Vector } from '@duckdb/node-bindings'
import { type Dictionary, STRING_BYTES, STRING_WORDS, VECTOR_ROWS } from './duckdb_strings.ts'

type Numbers = Int32Array | Uint8Array | Uint16Array | Uint32Array | Float64Array | BigInt64Array | BigUint64Array

/** Numbers as DuckDB lays them out, and a bit per row (lowest first, padded to whole 64) that says whether it is valid. */
export interface FixedData {
  readonly kind: 'fixed'
  readonly values: Numbers
  /** Without bits all rows are valid. */
  readonly valid: Uint8Array | null
}

/** A code per row, 0 for NULL; `values[code - 1]` is the string. */
export interface TextData {
  readonly kind: 'text'
  readonly codes: Uint32Array
  readonly values: readonly string[]
}

/** A column of rows. */
export type ColumnData = FixedData | TextData

/** Tells whether a column has that many rows, of items of so many bytes; null stands for text. */
export function hasRows(data: ColumnData, count: number, item_bytes: number | null | undefined): boolean {
  if (data.kind === 'text') return item_bytes === null && data.codes.length >= count
  const { values, valid } = data
  const validity_bytes = Math.ceil(count / 64) * 8
  return (
    item_bytes === values.BYTES_PER_ELEMENT &&
    values.length >= count &&
    (valid === null || valid.length >= validity_bytes)
  )
}

/** Some rows of a column: those from a number on, or those of a list from a place on. */
export interface Rows {
  readonly from: number
  readonly count: number
  /** Row numbers. */
  readonly of: Uint32Array | null
}

/** Copies rows into vectors; what it gathers on the way has room for one vector. */
export class VectorWriter {
  readonly #words = new Uint32Array(VECTOR_ROWS * STRING_WORDS)
  readonly #halves = new Uint16Array(this.#words.buffer)
  readonly #bytes = new Uint8Array(this.#words.buffer)
  readonly #bits = new Uint8Array(VECTOR_ROWS / 8)

  fixed(vector: Vector, { values, valid }: FixedData, rows: Rows): void {
    const { from, count } = rows
    const width = values.BYTES_PER_ELEMENT
    if (rows.of === null) {
      bindings.copy_data_to_vector(vector, 0, plain(values.buffer), values.byteOffset + from * width, count * width)
      if (valid !== null) copyValidity(vector, valid, { from, count })
      return
    }
    this.#gather(values, rows.of, rows)
    bindings.copy_data_to_vector(vector, 0, this.#words.buffer, 0, count * width)
    if (valid === null) return
    const bits = this.#bits
    bits.fill(0)
    for (let at = 0; at < count; at++) {
      const row = rows.of[from + at] ?? 0
      bits[at >> 3] = (bits[at >> 3] ?? 0) | ((((valid[row >> 3] ?? 0) >> (row & 7)) & 1) << (at & 7))
    }
    copyValidity(vector, bits, { from: 0, count })
  }

  /** Copies as integers, of eight bytes as two of four: as floating-point numbers some NaNs would change. */
  #gather(values: Numbers, of: Uint32Array, { from, count }: Rows): void {
    const { buffer, byteOffset, byteLength } = values
    switch (values.BYTES_PER_ELEMENT) {
      case 1: {
        const source = new Uint8Array(buffer, byteOffset, byteLength)
        for (let at = 0; at < count; at++) this.#bytes[at] = source[of[from + at] ?? 0] ?? 0
        return
      }
      case 2: {
        const source = new Uint16Array(buffer, byteOffset, byteLength / 2)
        for (let at = 0; at < count; at++) this.#halves[at] = source[of[from + at] ?? 0] ?? 0
        return
      }
      case 4: {
        const source = new Uint32Array(buffer, byteOffset, byteLength / 4)
        for (let at = 0; at < count; at++) this.#words[at] = source[of[from + at] ?? 0] ?? 0
        return
      }
      default: {
        const source = new Uint32Array(buffer, byteOffset, byteLength / 4)
        for (let at = 0; at < count; at++) {
          const row = of[from + at] ?? 0
          this.#words[2 * at] = source[2 * row] ?? 0
          this.#words[2 * at + 1] = source[2 * row + 1] ?? 0
        }
      }
    }
  }

  text(vector: Vector, codes: Uint32Array, strings: Dictionary, { from, count, of }: Rows): void {
    const words = this.#words
    const bits = this.#bits
    bits.fill(0)
    for (let at = 0; at < count; at++) {
      const code = codes[of === null ? from + at : (of[from + at] ?? 0)] ?? 0
      const source = code * STRING_WORDS
      const target = at * STRING_WORDS
      words[target] = strings[source] ?? 0
      words[target + 1] = strings[source + 1] ?? 0
      words[target + 2] = strings[source + 2] ?? 0
      words[target + 3] = strings[source + 3] ?? 0
      if (code !== 0) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
    }
    bindings.copy_data_to_vector(vector, 0, words.buffer, 0, count * STRING_BYTES)
    copyValidity(vector, bits, { from: 0, count })
  }
}

function copyValidity(vector: Vector, bits: Uint8Array, { from, count }: Pick<Rows, 'from' | 'count'>): void {
  bindings.vector_ensure_validity_writable(vector)
  const bytes = Math.ceil(count / 64) * 8
  bindings.copy_data_to_vector_validity(vector, 0, plain(bits.buffer), bits.byteOffset + from / 8, bytes)
}

function plain(buffer: ArrayBufferLike): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer
  throw new Error('Shared memory cannot be copied into a column')
}
