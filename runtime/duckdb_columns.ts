// Bulk columns enter DuckDB as memory, not as values: a call per cell would cost more than all the tables. Fixed-width
// columns are copied whole; text is dictionary-coded: each distinct string crosses once and rows repeat its 16 bytes
// (`duckdb_string_t` of DuckDB's C API: a length, then up to 12 bytes inline, or 4 bytes and a pointer).
import { type DuckDBConnection, DuckDBDataChunk, DuckDBTypeId, VARCHAR } from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import { DatabaseError } from './duckdb_error.ts'

type Numbers = Int32Array | Uint8Array | Float64Array | BigInt64Array | BigUint64Array
type Vector = ReturnType<typeof bindings.data_chunk_get_vector>

/**
 * A column of rows. `fixed`: numbers as DuckDB lays them out, and a bit per row (lowest first, padded to whole 64) that
 * says whether it is valid; without bits all are. `text`: a code per row, 0 for NULL; `values[code - 1]` is the string.
 */
export type ColumnData =
  | { readonly kind: 'fixed'; readonly values: Numbers; readonly valid: Uint8Array | null }
  | { readonly kind: 'text'; readonly codes: Uint32Array; readonly values: readonly string[] }

const CHUNK_ROWS = bindings.vector_size()
const STRING_WORDS = 4
const STRING_BYTES = 16
const ITEM_BYTES: Readonly<Partial<Record<DuckDBTypeId, number>>> = {
  [DuckDBTypeId.BOOLEAN]: 1,
  [DuckDBTypeId.INTEGER]: 4,
  [DuckDBTypeId.BIGINT]: 8,
  [DuckDBTypeId.UBIGINT]: 8,
  [DuckDBTypeId.DOUBLE]: 8,
  [DuckDBTypeId.TIMESTAMP]: 8,
}

/** Appends rows, given as columns, to a table. */
export class ColumnAppender {
  readonly #connection: DuckDBConnection
  readonly #words = new Uint32Array(CHUNK_ROWS * STRING_WORDS)
  readonly #bits = new Uint8Array(CHUNK_ROWS / 8)
  /** Owners of the strings that rows point to: they must live until the rows are in the table. */
  #dictionaries: readonly (Dictionary | null)[] = []

  constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  async append(table: string, columns: readonly ColumnData[], rows: number): Promise<void> {
    const [name = '', schema = null] = table.split('.').toReversed()
    const appender = await this.#connection.createAppender(name, schema)
    try {
      const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
      const type_ids = types.map((type) => type.typeId)
      if (columns.length !== types.length || !columns.every((column, index) => fits(column, type_ids[index], rows)))
        throw new DatabaseError(
          'Columns Error',
          `Cannot append rows to ${table}: the columns given differ from its own`,
        )
      const chunk = DuckDBDataChunk.create(types)
      this.#dictionaries = columns.map((column) => (column.kind === 'text' ? new Dictionary(column.values) : null))
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        chunk.reset()
        chunk.rowCount = Math.min(CHUNK_ROWS, rows - from)
        columns.forEach((column, index) => {
          const vector = bindings.data_chunk_get_vector(chunk.chunk, index)
          const dictionary = this.#dictionaries[index]
          if (column.kind === 'fixed') copyFixed(vector, column, { from, count: chunk.rowCount })
          else if (dictionary) this.#copyText(vector, column.codes, dictionary, { from, count: chunk.rowCount })
        })
        appender.appendDataChunk(chunk)
      }
    } finally {
      appender.closeSync()
      this.#dictionaries = []
    }
  }

  #copyText(vector: Vector, codes: Uint32Array, { strings }: Dictionary, { from, count }: Range): void {
    const words = this.#words
    const bits = this.#bits
    bits.fill(0)
    for (let row = 0; row < count; row++) {
      const code = codes[from + row] ?? 0
      const source = code * STRING_WORDS
      const target = row * STRING_WORDS
      words[target] = strings[source] ?? 0
      words[target + 1] = strings[source + 1] ?? 0
      words[target + 2] = strings[source + 2] ?? 0
      words[target + 3] = strings[source + 3] ?? 0
      if (code !== 0) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
    }
    bindings.copy_data_to_vector(vector, 0, words.buffer, 0, count * STRING_BYTES)
    copyValidity(vector, bits, { from: 0, count })
  }
}

interface Range {
  readonly from: number
  readonly count: number
}

/** Strings in DuckDB's memory. `strings` has the four words of each, at its code; code 0 is the empty one. */
class Dictionary {
  readonly vector: Vector
  readonly strings: Uint32Array

  constructor(values: readonly string[]) {
    this.vector = bindings.create_vector(VARCHAR.toLogicalType().logical_type, Math.max(values.length, 1))
    values.forEach((value, index) => {
      bindings.vector_assign_string_element(this.vector, index, value)
    })
    const bytes = bindings.vector_get_data(this.vector, values.length * STRING_BYTES)
    this.strings = new Uint32Array((values.length + 1) * STRING_WORDS)
    new Uint8Array(this.strings.buffer, STRING_BYTES).set(bytes)
  }
}

function copyFixed(vector: Vector, column: ColumnData & { readonly kind: 'fixed' }, { from, count }: Range): void {
  const { values, valid } = column
  const width = values.BYTES_PER_ELEMENT
  bindings.copy_data_to_vector(vector, 0, plain(values.buffer), values.byteOffset + from * width, count * width)
  if (valid !== null) copyValidity(vector, valid, { from, count })
}

function copyValidity(vector: Vector, bits: Uint8Array, { from, count }: Range): void {
  bindings.vector_ensure_validity_writable(vector)
  const bytes = Math.ceil(count / 64) * 8
  bindings.copy_data_to_vector_validity(vector, 0, plain(bits.buffer), bits.byteOffset + from / 8, bytes)
}

function plain(buffer: ArrayBufferLike): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer
  throw new Error('Shared memory cannot be copied into a column')
}

function fits(column: ColumnData, type: DuckDBTypeId | undefined, rows: number): boolean {
  if (type === undefined) return false
  if (column.kind === 'text') return type === DuckDBTypeId.VARCHAR && column.codes.length >= rows
  const validity_bytes = Math.ceil(rows / 64) * 8
  return (
    ITEM_BYTES[type] === column.values.BYTES_PER_ELEMENT &&
    column.values.length >= rows &&
    (column.valid === null || column.valid.length >= validity_bytes)
  )
}
