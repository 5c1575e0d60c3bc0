// Bulk rows enter a table as columns, chunk by chunk.
import { DuckDBTypeId } from '@duckdb/node-api'
import bindings, { type Appender, type Connection } from '@duckdb/node-bindings'
import { DatabaseError } from './duckdb_error.ts'
import { StringRoom, VECTOR_ROWS } from './duckdb_strings.ts'
import { type ColumnData, hasRows, VectorWriter } from './duckdb_vectors.ts'

const ITEM_BYTES: Readonly<Partial<Record<number, number | null>>> = {
  [DuckDBTypeId.VARCHAR]: null,
  [DuckDBTypeId.BOOLEAN]: 1,
  [DuckDBTypeId.INTEGER]: 4,
  [DuckDBTypeId.BIGINT]: 8,
  [DuckDBTypeId.UBIGINT]: 8,
  [DuckDBTypeId.DOUBLE]: 8,
  [DuckDBTypeId.TIMESTAMP]: 8,
}

/** Appends rows, given as columns, to a table. */
export class ColumnAppender {
  readonly #connection: Connection
  readonly #writer = new VectorWriter()
  /** The strings that rows point to: they must be there until the rows are in the table. */
  readonly #strings = new StringRoom()

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
      this.#strings.clear()
    }
  }

  #fill(appender: Appender, { table, columns, rows }: Filling): void {
    const types = Array.from({ length: bindings.appender_column_count(appender) }, (_, index) =>
      bindings.appender_column_type(appender, index),
    )
    const fits = columns.every((column, index) => {
      const type = types[index]
      return type !== undefined && hasRows(column, rows, ITEM_BYTES[bindings.get_type_id(type)])
    })
    if (columns.length !== types.length || !fits)
      throw new DatabaseError('Columns Error', `Cannot append rows to ${table}: the columns given differ from its own`)
    const chunk = bindings.create_data_chunk(types)
    const dictionaries = columns.map((column) => (column.kind === 'text' ? this.#strings.store(column.values) : null))
    for (let from = 0; from < rows; from += VECTOR_ROWS) {
      const count = Math.min(VECTOR_ROWS, rows - from)
      bindings.data_chunk_reset(chunk)
      bindings.data_chunk_set_size(chunk, count)
      columns.forEach((column, index) => {
        const vector = bindings.data_chunk_get_vector(chunk, index)
        const dictionary = dictionaries[index]
        if (column.kind === 'fixed') this.#writer.fixed(vector, column, { from, count, of: null })
        else if (dictionary) this.#writer.text(vector, column.codes, dictionary, { from, count, of: null })
      })
      bindings.append_data_chunk(appender, chunk)
    }
  }
}

interface Filling {
  readonly table: string
  readonly columns: readonly ColumnData[]
  readonly rows: number
}
