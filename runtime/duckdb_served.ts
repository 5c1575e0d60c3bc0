// Rows that SQL reads where they lie: a table function copies of JavaScript's columns what a statement asks for. A table
// made of all columns first would cost more than the statements that read it, and hold every row twice.
import { BIGINT, BOOLEAN, DOUBLE, type DuckDBType, INTEGER, TIMESTAMP, UBIGINT, VARCHAR } from '@duckdb/node-api'
import bindings, {
  type Connection,
  type DataChunk,
  type LogicalType,
  type TableFunctionBindInfo,
  type TableFunctionInfo,
  type TableFunctionInitInfo,
  type Vector,
} from '@duckdb/node-bindings'
import { enumColumn } from './duckdb_enum.ts'
import { DatabaseError } from './duckdb_error.ts'
import { type ColumnData, Dictionary, type FixedData, type Rows, VECTOR_ROWS, VectorWriter } from './duckdb_vectors.ts'

/** SQL types of columns that are served. */
const TYPES = {
  VARCHAR: { type: VARCHAR, bytes: null },
  BOOLEAN: { type: BOOLEAN, bytes: 1 },
  INTEGER: { type: INTEGER, bytes: 4 },
  BIGINT: { type: BIGINT, bytes: 8 },
  UBIGINT: { type: UBIGINT, bytes: 8 },
  DOUBLE: { type: DOUBLE, bytes: 8 },
  TIMESTAMP: { type: TIMESTAMP, bytes: 8 },
} as const satisfies Readonly<Record<string, { readonly type: DuckDBType; readonly bytes: number | null }>>

const logical = (type: keyof typeof TYPES): LogicalType => TYPES[type].type.toLogicalType().logical_type

export interface ServedColumn {
  readonly name: string
  readonly type: keyof typeof TYPES
  readonly data: ColumnData
  /** Its strings hardly repeat: no ENUM is made of them. */
  readonly plain?: boolean
}

/** Columns of rows, which must not change while statements read them. */
export interface ServedRows {
  /** Text columns are ENUMs of their own strings, in the order of text, unless they are `plain` or have no string. */
  readonly columns: readonly ServedColumn[]
  readonly count: number
  /** Tells which rows, by number, an argument of the function means; null for all. */
  select(argument: string): Uint32Array | null
}

interface Ready {
  readonly name: string
  readonly type: LogicalType
  readonly write: (vector: Vector, rows: Rows) => void
}

/** What one statement reads. */
interface Bound {
  readonly columns: readonly Ready[]
  readonly count: number
  readonly of: Uint32Array | null
}

interface Scan {
  /** Null stands for a column that DuckDB asks for and nobody reads. */
  readonly columns: readonly (Ready | null)[]
  next: number
}

/** A table function `name(argument)` whose rows change from time to time. */
export class ServedFunction {
  readonly #name: string
  readonly #writer = new VectorWriter()
  #rows: (ServedRows & { readonly ready: readonly Ready[] }) | null = null

  constructor(connection: Connection, name: string) {
    this.#name = name
    const served = bindings.create_table_function()
    bindings.table_function_set_name(served, name)
    bindings.table_function_add_parameter(served, logical('VARCHAR'))
    bindings.table_function_supports_projection_pushdown(served, true)
    bindings.table_function_set_bind(served, (info) => this.#bind(info))
    bindings.table_function_set_init(served, (info) => this.#init(info))
    bindings.table_function_set_function(served, (info, chunk) => this.#fill(info, chunk))
    bindings.register_table_function(connection, served)
  }

  /** Serves other rows from now on, or none. */
  serve(rows: ServedRows | null): void {
    this.#rows = null
    if (rows === null) return
    const ready = rows.columns.map((column) => this.#ready(column, rows.count))
    this.#rows = { ...rows, ready }
  }

  #ready(column: ServedColumn, count: number): Ready {
    const { name, type, data } = column
    const { bytes } = TYPES[type]
    const fits = data.kind === 'text' ? bytes === null && data.codes.length >= count : fitsFixed(data, bytes, count)
    if (!fits)
      throw new DatabaseError('Columns Error', `Cannot serve rows as ${this.#name}(): "${name}" is not of its type`)
    if (data.kind === 'fixed') return this.#fixed(name, logical(type), data)
    if (data.values.length > 0 && column.plain !== true) {
      const coded = enumColumn({ ...data, rows: count })
      return this.#fixed(name, coded.type, coded)
    }
    const dictionary = new Dictionary(data.values)
    const write = (vector: Vector, rows: Rows): void => this.#writer.text(vector, data.codes, dictionary, rows)
    return { name, type: logical(type), write }
  }

  #fixed(name: string, type: LogicalType, data: FixedData): Ready {
    return { name, type, write: (vector, rows) => this.#writer.fixed(vector, data, rows) }
  }

  #bind(info: TableFunctionBindInfo): void {
    const rows = this.#rows
    if (rows === null) {
      bindings.bind_set_error(info, `${this.#name}() has no rows at present`)
      return
    }
    const of = rows.select(bindings.get_varchar(bindings.bind_get_parameter(info, 0)))
    const bound: Bound = { columns: rows.ready, count: of?.length ?? rows.count, of }
    for (const { name, type } of bound.columns) bindings.bind_add_result_column(info, name, type)
    bindings.bind_set_cardinality(info, bound.count, true)
    bindings.bind_set_bind_data(info, bound)
  }

  #init(info: TableFunctionInitInfo): void {
    const { columns } = boundOf(bindings.init_get_bind_data(info))
    const asked = Array.from({ length: bindings.init_get_column_count(info) }, (_, index) =>
      bindings.init_get_column_index(info, index),
    )
    const scan: Scan = { columns: asked.map((index) => columns[index] ?? null), next: 0 }
    bindings.init_set_max_threads(info, 1)
    bindings.init_set_init_data(info, scan)
  }

  #fill(info: TableFunctionInfo, chunk: DataChunk): void {
    const { count, of } = boundOf(bindings.function_get_bind_data(info))
    const scan = scanOf(bindings.function_get_init_data(info))
    const rows = { from: scan.next, count: Math.min(VECTOR_ROWS, count - scan.next), of }
    scan.columns.forEach((column, index) => {
      column?.write(bindings.data_chunk_get_vector(chunk, index), rows)
    })
    bindings.data_chunk_set_size(chunk, rows.count)
    scan.next += rows.count
  }
}

// DuckDB gives back what it was given, and knows it as an object only.
const boundOf = (data: object | undefined): Bound => data as Bound
const scanOf = (data: object | undefined): Scan => data as Scan

function fitsFixed({ values, valid }: FixedData, bytes: number | null, count: number): boolean {
  const validity_bytes = Math.ceil(count / 64) * 8
  return (
    bytes === values.BYTES_PER_ELEMENT && values.length >= count && (valid === null || valid.length >= validity_bytes)
  )
}
