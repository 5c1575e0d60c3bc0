// Bulk columns enter DuckDB as memory, not as values: a call per cell would cost more than all the tables. Fixed-width
// columns are copied whole; text is dictionary-coded: each distinct string crosses once and rows repeat its 16 bytes
// (`duckdb_string_t` of DuckDB's C API: a length, then up to 12 bytes inline, or 4 bytes and a pointer).
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBEnumType,
  type DuckDBType,
  DuckDBTypeId,
  VARCHAR,
} from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import { enumColumn } from './duckdb_enum.ts'
import { DatabaseError } from './duckdb_error.ts'

type Numbers = Int32Array | Uint8Array | Uint16Array | Uint32Array | Float64Array | BigInt64Array | BigUint64Array
type Vector = ReturnType<typeof bindings.data_chunk_get_vector>

/**
 * A column of rows. `fixed`: numbers as DuckDB lays them out, and a bit per row (lowest first, padded to whole 64) that
 * says whether it is valid; without bits all are. `text`: a code per row, 0 for NULL; `values[code - 1]` is the string.
 */
export type ColumnData =
  | { readonly kind: 'fixed'; readonly values: Numbers; readonly valid: Uint8Array | null }
  | { readonly kind: 'text'; readonly codes: Uint32Array; readonly values: readonly string[] }

/** A column of a table that is made together with its rows. */
export interface TableColumn {
  readonly name: string
  /** SQL type; a text column is an ENUM of its strings unless it has none. */
  readonly type: string
  readonly data: ColumnData
}

const CHUNK_ROWS = bindings.vector_size()
const STRING_WORDS = 4
const STRING_BYTES = 16
const ITEM_BYTES: Readonly<Partial<Record<DuckDBTypeId, number>>> = {
  [DuckDBTypeId.BOOLEAN]: 1,
  [DuckDBTypeId.UTINYINT]: 1,
  [DuckDBTypeId.USMALLINT]: 2,
  [DuckDBTypeId.UINTEGER]: 4,
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
    const appender = await this.#open(table)
    try {
      const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
      if (columns.length !== types.length || !columns.every((column, index) => fits(column, types[index], rows)))
        throw new DatabaseError(
          'Columns Error',
          `Cannot append rows to ${table}: the columns given differ from its own`,
        )
      this.#fill(appender, { types, columns, rows })
    } finally {
      this.#close(appender)
    }
  }

  /** Makes a table of columns, in the place of one of that name. */
  async replace(table: string, columns: readonly TableColumn[], rows: number): Promise<void> {
    const enums = columns.map(({ data }) =>
      data.kind === 'text' && data.values.length > 0 ? enumColumn({ ...data, rows }) : null,
    )
    await this.#create(
      table,
      columns.map(({ name, type }, index) => ({ name, type: enums[index]?.type ?? type })),
    )
    const appender = await this.#open(table)
    try {
      // A type of ours is not asked for again: its strings would be read one by one.
      const types = enums.map((column, index) => column?.type ?? appender.columnType(index))
      const data = columns.map((column, index) => enums[index] ?? column.data)
      if (!data.every((column, index) => fits(column, types[index], rows)))
        throw new DatabaseError('Columns Error', `Cannot make the table ${table}: its columns are not of their types`)
      this.#fill(appender, { types, columns: data, rows })
    } finally {
      this.#close(appender)
    }
  }

  /** Strings of ENUM types travel as parameters: a statement may be cited in an error, and they are learners' data. */
  async #create(
    table: string,
    columns: readonly { readonly name: string; readonly type: string | DuckDBEnumType }[],
  ): Promise<void> {
    const values: string[] = []
    const types: DuckDBType[] = []
    const selected = columns.map(({ name, type }) => {
      if (typeof type === 'string') return `null::${type} as "${name}"`
      values.push(type.values[0] ?? '')
      types.push(type)
      return `$${values.length} as "${name}"`
    })
    await this.#connection.run(
      `create or replace table ${table} as select ${selected.join(', ')} where false`,
      values,
      types,
    )
  }

  async #open(table: string): Promise<DuckDBAppender> {
    const [name = '', schema = null] = table.split('.').toReversed()
    return await this.#connection.createAppender(name, schema)
  }

  #close(appender: DuckDBAppender): void {
    appender.closeSync()
    this.#dictionaries = []
  }

  #fill(appender: DuckDBAppender, { types, columns, rows }: Filling): void {
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

interface Filling {
  readonly types: readonly DuckDBType[]
  readonly columns: readonly ColumnData[]
  readonly rows: number
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

function fits(column: ColumnData, type: DuckDBType | undefined, rows: number): boolean {
  if (type === undefined) return false
  if (column.kind === 'text') return type.typeId === DuckDBTypeId.VARCHAR && column.codes.length >= rows
  const type_id = type instanceof DuckDBEnumType ? type.internalTypeId : type.typeId
  const validity_bytes = Math.ceil(rows / 64) * 8
  return (
    ITEM_BYTES[type_id] === column.values.BYTES_PER_ELEMENT &&
    column.values.length >= rows &&
    (column.valid === null || column.valid.length >= validity_bytes)
  )
}
