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
import { type Dictionary, StringRoom, VECTOR_ROWS } from './duckdb_strings.ts'
import { type ColumnData, type FixedData, hasRows, type Rows, VectorWriter } from './duckdb_vectors.ts'

/** SQL types of columns that are served, and the bytes of an item; null for text. */
const ITEM_BYTES = {
  VARCHAR: null,
  BOOLEAN: 1,
  INTEGER: 4,
  BIGINT: 8,
  UBIGINT: 8,
  DOUBLE: 8,
  TIMESTAMP: 8,
} as const

const logical = (type: DuckDBType): LogicalType => type.toLogicalType().logical_type

const LOGICAL: Readonly<Record<keyof typeof ITEM_BYTES, LogicalType>> = {
  VARCHAR: logical(VARCHAR),
  BOOLEAN: logical(BOOLEAN),
  INTEGER: logical(INTEGER),
  BIGINT: logical(BIGINT),
  UBIGINT: logical(UBIGINT),
  DOUBLE: logical(DOUBLE),
  TIMESTAMP: logical(TIMESTAMP),
}

export interface ServedColumn {
  readonly name: string
  readonly type: keyof typeof ITEM_BYTES
  readonly data: ColumnData
  /** Its strings hardly repeat: no ENUM is made of them. */
  readonly plain?: boolean
}

/** Columns of rows, which must not change while statements read them. */
export interface ServedRows {
  /** Text columns are ENUMs of their own strings, in the order of text, unless they are `plain` or have no string. */
  readonly columns: readonly ServedColumn[]
  readonly count: number
  /** Tells which rows, by number, an argument of the function means; null for all. Asked whenever a statement runs. */
  select(argument: string): Uint32Array | null
}

/** What DuckDB keeps with the plan of a statement. */
interface Bound {
  readonly argument: string
  readonly types: readonly LogicalType[]
}

/** What one run of a statement reads. */
interface Scan {
  /** Null stands for a column that DuckDB asks for and nobody reads. */
  readonly columns: readonly (ReadyColumn | null)[]
  readonly count: number
  readonly of: Uint32Array | null
  next: number
}

/** A table function `name(argument)` whose rows change from time to time. */
export class ServedFunction {
  readonly #name: string
  readonly #writer = new VectorWriter()
  readonly #strings = new StringRoom()
  #rows: ServedRows | null = null
  #columns: readonly ReadyColumn[] = []

  constructor(connection: Connection, name: string) {
    this.#name = name
    const served = bindings.create_table_function()
    bindings.table_function_set_name(served, name)
    bindings.table_function_add_parameter(served, LOGICAL.VARCHAR)
    bindings.table_function_supports_projection_pushdown(served, true)
    bindings.table_function_set_bind(served, (info) => this.#bind(info))
    bindings.table_function_set_init(served, (info) => this.#init(info))
    bindings.table_function_set_function(served, (info, chunk) => this.#fill(info, chunk))
    bindings.register_table_function(connection, served)
  }

  /** Serves other rows from now on, or none. */
  serve(rows: ServedRows | null): void {
    this.#rows = null
    this.#columns = []
    this.#strings.clear()
    if (rows === null) return
    for (const column of rows.columns)
      if (!hasRows(column.data, rows.count, ITEM_BYTES[column.type]))
        throw new DatabaseError('Columns Error', `Cannot serve ${this.#name}(): "${column.name}" is not of its type`)
    this.#rows = rows
    this.#columns = rows.columns.map((column) => this.#ready(column, rows.count))
  }

  #ready({ name, type, data, plain }: ServedColumn, count: number): ReadyColumn {
    const writer = this.#writer
    if (data.kind === 'fixed')
      return { name, type: LOGICAL[type], write: (vector, rows) => writer.fixed(vector, data, rows) }
    if (plain === true || data.values.length === 0) {
      // Most statements ask for few texts, and a string crosses when one does.
      let made: Dictionary | null = null
      const dictionary = (): Dictionary => (made ??= this.#strings.store(data.values))
      return {
        name,
        type: LOGICAL[type],
        write: (vector, rows) => writer.text(vector, data.codes, dictionary(), rows),
      }
    }
    // Half of the ENUMs are asked for by nobody. What one takes of the heap is there, its rows are laid out outside of it.
    const coded = enumColumn({ ...data, rows: count })
    let laid_out: FixedData | null = null
    return {
      name,
      type: coded.type,
      write: (vector, rows) => {
        laid_out ??= coded.data()
        writer.fixed(vector, laid_out, rows)
      },
    }
  }

  #bind(info: TableFunctionBindInfo): void {
    if (this.#rows === null) {
      bindings.bind_set_error(info, `${this.#name}() has no rows at present`)
      return
    }
    const argument = bindings.get_varchar(bindings.bind_get_parameter(info, 0))
    const bound: Bound = { argument, types: this.#columns.map(({ type }) => type) }
    for (const { name, type } of this.#columns) bindings.bind_add_result_column(info, name, type)
    bindings.bind_set_cardinality(info, this.#rows.select(argument)?.length ?? this.#rows.count, false)
    bindings.bind_set_bind_data(info, bound)
  }

  /** A statement that was planned before may run over other rows, as long as its columns are still of their types. */
  #init(info: TableFunctionInitInfo): void {
    const { argument, types } = boundOf(bindings.init_get_bind_data(info))
    const asked = Array.from({ length: bindings.init_get_column_count(info) }, (_, index) =>
      bindings.init_get_column_index(info, index),
    )
    const changed = asked.some((index) => types[index] !== this.#columns[index]?.type)
    if (this.#rows === null || changed) {
      bindings.init_set_error(info, `${this.#name}() has other columns than when the statement was planned`)
      return
    }
    const of = this.#rows.select(argument)
    const columns = asked.map((index) => this.#columns[index] ?? null)
    const scan: Scan = { columns, count: of?.length ?? this.#rows.count, of, next: 0 }
    bindings.init_set_max_threads(info, 1)
    bindings.init_set_init_data(info, scan)
  }

  #fill(info: TableFunctionInfo, chunk: DataChunk): void {
    const scan = scanOf(bindings.function_get_init_data(info))
    const rows = { from: scan.next, count: Math.min(VECTOR_ROWS, scan.count - scan.next), of: scan.of }
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

interface ReadyColumn {
  readonly name: string
  /** The same object whenever it is the same type. */
  readonly type: LogicalType
  write(vector: Vector, rows: Rows): void
}
