// Bulk columns enter DuckDB as memory, not as values: a call per cell would cost more than all the tables. Fixed-width
// columns are copied whole; text is dictionary-coded: each distinct string crosses once and rows repeat its 16 bytes
// (`duckdb_string_t` of DuckDB's C API: a length, then up to 12 bytes inline, or 4 bytes and a pointer).
import { DuckDBTypeId, VARCHAR } from '@duckdb/node-api'
import bindings, { type Appender, type Connection, type LogicalType, type Vector } from '@duckdb/node-bindings'
import { enumColumn } from './duckdb_enum.ts'
import { DatabaseError } from './duckdb_error.ts'

type Numbers = Int32Array | Uint8Array | Uint16Array | Uint32Array | Float64Array | BigInt64Array | BigUint64Array

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
  /** SQL type; a text column is an ENUM of its strings unless it has none or is `plain`. */
  readonly type: string
  readonly data: ColumnData
  /** Its strings hardly repeat: no ENUM is made of them. */
  readonly plain?: boolean
}

const CHUNK_ROWS = bindings.vector_size()
const STRING_WORDS = 4
const STRING_BYTES = 16
const ITEM_BYTES: Readonly<Partial<Record<number, number>>> = {
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
  readonly #connection: Connection
  readonly #words = new Uint32Array(CHUNK_ROWS * STRING_WORDS)
  readonly #bits = new Uint8Array(CHUNK_ROWS / 8)
  /** Owners of the strings that rows point to: they must live until the rows are in the table. */
  #dictionaries: readonly (Dictionary | null)[] = []

  constructor(connection: Connection) {
    this.#connection = connection
  }

  append(table: string, columns: readonly ColumnData[], rows: number): void {
    const [name = '', schema = null] = table.split('.').toReversed()
    const appender = bindings.appender_create_ext(this.#connection, null, schema, name)
    try {
      this.#fill(appender, { table, columns, rows })
    } finally {
      bindings.appender_close_sync(appender)
      this.#dictionaries = []
    }
  }

  /** Makes a table of columns, in the place of one of that name. */
  async replace(table: string, columns: readonly TableColumn[], rows: number): Promise<void> {
    const enums = columns.map(({ data, plain }) =>
      data.kind === 'text' && data.values.length > 0 && plain !== true ? enumColumn({ ...data, rows }) : null,
    )
    await this.#create(
      table,
      columns.map(({ name, type }, index) => ({ name, type: enums[index]?.type ?? type })),
    )
    this.append(
      table,
      columns.map(({ data }, index) => enums[index] ?? data),
      rows,
    )
  }

  /** Types of ours travel as parameters: a statement may be cited in an error, and their strings are learners' data. */
  async #create(
    table: string,
    columns: readonly { readonly name: string; readonly type: string | LogicalType }[],
  ): Promise<void> {
    const types: LogicalType[] = []
    const selected = columns.map(({ name, type }) =>
      typeof type === 'string' ? `null::${type} as "${name}"` : `$${types.push(type)} as "${name}"`,
    )
    const statement = await bindings.prepare(
      this.#connection,
      `create or replace table ${table} as select ${selected.join(', ')} where false`,
    )
    try {
      types.forEach((type, index) => {
        bindings.bind_value(statement, index + 1, bindings.create_enum_value(type, 0))
      })
      await bindings.execute_prepared(statement)
    } finally {
      bindings.destroy_prepare_sync(statement)
    }
  }

  #fill(appender: Appender, { table, columns, rows }: Filling): void {
    const types = Array.from({ length: bindings.appender_column_count(appender) }, (_, index) =>
      bindings.appender_column_type(appender, index),
    )
    if (columns.length !== types.length || !columns.every((column, index) => fits(column, types[index], rows)))
      throw new DatabaseError('Columns Error', `Cannot append rows to ${table}: the columns given differ from its own`)
    const chunk = bindings.create_data_chunk(types)
    this.#dictionaries = columns.map((column) => (column.kind === 'text' ? new Dictionary(column.values) : null))
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - from)
      bindings.data_chunk_reset(chunk)
      bindings.data_chunk_set_size(chunk, count)
      columns.forEach((column, index) => {
        const vector = bindings.data_chunk_get_vector(chunk, index)
        const dictionary = this.#dictionaries[index]
        if (column.kind === 'fixed') copyFixed(vector, column, { from, count })
        else if (dictionary) this.#copyText(vector, column.codes, dictionary, { from, count })
      })
      bindings.append_data_chunk(appender, chunk)
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
  readonly table: string
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

function fits(column: ColumnData, type: LogicalType | undefined, rows: number): boolean {
  if (type === undefined) return false
  const id: number = bindings.get_type_id(type)
  if (column.kind === 'text') return id === DuckDBTypeId.VARCHAR && column.codes.length >= rows
  const validity_bytes = Math.ceil(rows / 64) * 8
  const item_bytes = ITEM_BYTES[id === DuckDBTypeId.ENUM ? bindings.enum_internal_type(type) : id]
  return (
    item_bytes === column.values.BYTES_PER_ELEMENT &&
    column.values.length >= rows &&
    (column.valid === null || column.valid.length >= validity_bytes)
  )
}
