// Text with its dictionary becomes an ENUM: DuckDB then groups, compares and copies small integers where it would
// otherwise assemble, hash and store a string per row. Without this file a map thread would spend most of DuckDB's time on
// names that it has seen thousands of times.
import bindings from '@duckdb/node-bindings'
import type { FixedData } from './duckdb_vectors.ts'

type Codes = Uint8Array | Uint16Array | Uint32Array

/** A column of an ENUM type. */
export interface EnumColumn {
  readonly type: ReturnType<typeof bindings.create_enum_type>
  /** Lays the rows out as DuckDB lays them out; without bits all are valid. It costs a look at each row. */
  data(): FixedData
}

/**
 * Makes an ENUM column of text codes (0 is NULL, `values[code - 1]` the string). The type's values are sorted as DuckDB
 * sorts text, because ENUMs compare by position: so min(), max() and ORDER BY give what they give for text.
 */
export function enumColumn(text: {
  readonly codes: Uint32Array
  readonly values: readonly string[]
  readonly rows: number
}): EnumColumn {
  const { codes, values, rows } = text
  const sorted = sortedAsBytes(values)
  const position_of = new Map(sorted.map((value, position) => [value, position]))
  const positions = new Uint32Array(values.length + 1)
  values.forEach((value, index) => {
    positions[index + 1] = position_of.get(value) ?? 0
  })
  return { type: bindings.create_enum_type(sorted), data: () => laidOut(codes, positions, rows) }
}

function laidOut(codes: Uint32Array, positions: Uint32Array, rows: number): FixedData {
  const narrow = codesFor(positions.length - 1, rows)
  const valid = new Uint8Array(Math.ceil(rows / 64) * 8)
  let nulls = 0
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? 0
    if (code === 0) nulls++
    else {
      narrow[row] = positions[code] ?? 0
      valid[row >> 3] = (valid[row >> 3] ?? 0) | (1 << (row & 7))
    }
  }
  return { kind: 'fixed', values: narrow, valid: nulls === 0 ? null : valid }
}

/** DuckDB takes the narrowest integer that counts the values of the type. */
function codesFor(values: number, rows: number): Codes {
  if (values <= 0xff) return new Uint8Array(rows)
  if (values <= 0xffff) return new Uint16Array(rows)
  return new Uint32Array(rows)
}

const SURROGATE = /[\ud800-\udfff]/

/** Sorts by the bytes of UTF-8, as DuckDB compares; JavaScript's order differs only where there are surrogates. */
function sortedAsBytes(values: readonly string[]): string[] {
  if (!values.some((value) => SURROGATE.test(value))) return [...values].sort()
  return values
    .map((value) => ({ value, bytes: Buffer.from(value) }))
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
    .map(({ value }) => value)
}
