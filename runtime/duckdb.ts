// The one door to DuckDB. Settings that keep learners' data off the disk and out of messages are made here, so nobody
// can forget them; and bulk columns enter here without a JavaScript value per cell.
import type { DuckDBValue } from '@duckdb/node-api'
import {
  DuckDBConnection,
  DuckDBDateValue,
  DuckDBListValue,
  type DuckDBPreparedStatement,
  DuckDBStructValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api'
import bindings, { type Config, type Connection, type Database as DatabaseHandle } from '@duckdb/node-bindings'
import { ColumnAppender } from './duckdb_append.ts'
import { safeError } from './duckdb_error.ts'
import { ServedFunction, type ServedRows } from './duckdb_served.ts'
import type { ColumnData } from './duckdb_vectors.ts'

export { DatabaseError } from './duckdb_error.ts'
export type { ServedColumn, ServedRows } from './duckdb_served.ts'
export type { ColumnData } from './duckdb_vectors.ts'

/** A statement that an abort finds between two steps does not notice: it is interrupted until it ends. */
const INTERRUPT_EVERY_MS = 20

/**
 * Begins statements after which DuckDB would plan everything anew that was planned before, and not just once but whenever it
 * is run.
 */
const DECLARING = /^\s*(?:create|drop|alter)\b/im

/** What a row read back may hold: BIGINT and wider are bigint, dates and timestamps are text as DuckDB writes them. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[] | { readonly [field: string]: Cell }
export type Parameter = string | number | bigint | boolean | null

export interface Database extends AsyncDisposable {
  /** Runs one or more statements (several must be without parameters); returns how many rows the last one changed. */
  run(sql: string, parameters?: readonly Parameter[]): Promise<number>
  /**
   * Runs one statement and keeps its plan for the next time: to plan a small one costs more than to run it. For texts that
   * come again and again, because each plan stays as long as the database; and for those that read nothing but served rows,
   * because DuckDB plans by the values that a table has at the time, and gives wrong ones when it has others later.
   */
  runPlanned(sql: string): Promise<number>
  /** Reads all rows; `T` names the columns that the statement selects. */
  rows<T extends object = Readonly<Record<string, Cell>>>(
    sql: string,
    parameters?: readonly Parameter[],
  ): Promise<readonly T[]>
  /** Appends `rows` rows to a table (`name` or `schema.name`) whose columns are `columns`, in order and in type. */
  appendColumns(table: string, columns: readonly ColumnData[], rows: number): Promise<void>
  /**
   * Serves rows as the table function `name(argument)`, in the place of those that it served, or none from now on. A
   * statement copies what it reads, by column and in the rows that its argument means.
   */
  serveRows(name: string, rows: ServedRows | null): void
}

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  readonly path: string
  readonly threads: number
  readonly memory_mb: number
  /** Where it may spill what does not fit into memory; null forbids spilling, so that no event touches a disk. */
  readonly temp_directory?: string | null
  /** Opens a file that is there without ever changing it. */
  readonly read_only?: boolean
  /** Interrupts the statement that runs. */
  readonly signal?: AbortSignal
}

/** Opens a database; its settings are those that every database of Millrace has. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  options.signal?.throwIfAborted()
  try {
    const database = await bindings.open(options.path, configOf(options))
    const connection = await bindings.connect(database)
    const opened = new OpenDatabase(database, connection, options.signal)
    await opened.run(`set TimeZone = 'UTC'`)
    return opened
  } catch (error) {
    throw safeError(error)
  }
}

function configOf(options: DatabaseOptions): Config {
  const config = bindings.create_config()
  const settings = {
    threads: String(options.threads),
    memory_limit: `${options.memory_mb}MiB`,
    temp_directory: options.temp_directory ?? '',
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(options.read_only === true ? { access_mode: 'READ_ONLY' } : {}),
  }
  for (const [name, value] of Object.entries(settings)) bindings.set_config(config, name, value)
  return config
}

class OpenDatabase implements Database {
  readonly #database: DatabaseHandle
  readonly #connection: DuckDBConnection
  readonly #signal: AbortSignal | undefined
  readonly #handle: Connection
  readonly #appender: ColumnAppender
  readonly #planned = new Map<string, DuckDBPreparedStatement>()
  readonly #served = new Map<string, ServedFunction>()
  #running = 0

  constructor(database: DatabaseHandle, connection: Connection, signal: AbortSignal | undefined) {
    this.#database = database
    this.#connection = new DuckDBConnection(connection)
    this.#handle = connection
    this.#signal = signal
    this.#appender = new ColumnAppender(connection)
    signal?.addEventListener('abort', this.#interrupt)
  }

  async run(sql: string, parameters?: readonly Parameter[]): Promise<number> {
    const result = await this.#guarded(() =>
      this.#connection.run(sql, parameters === undefined ? undefined : [...parameters]),
    )
    if (DECLARING.test(sql)) this.#forgetPlans()
    return result.rowsChanged
  }

  async runPlanned(sql: string): Promise<number> {
    const result = await this.#guarded(async () => {
      const planned = this.#planned.get(sql) ?? (await this.#connection.prepare(sql))
      this.#planned.set(sql, planned)
      return await planned.run()
    })
    return result.rowsChanged
  }

  async rows<T extends object>(sql: string, parameters?: readonly Parameter[]): Promise<readonly T[]> {
    const reader = await this.#guarded(() =>
      this.#connection.runAndReadAll(sql, parameters === undefined ? undefined : [...parameters]),
    )
    // The caller wrote the statement and names the columns it selects: there is nothing else to check them against.
    return reader
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])) as T)
  }

  async appendColumns(table: string, columns: readonly ColumnData[], rows: number): Promise<void> {
    await this.#guarded(async () => this.#appender.append(table, columns, rows))
  }

  serveRows(name: string, rows: ServedRows | null): void {
    const served = this.#served.get(name) ?? new ServedFunction(this.#handle, name)
    this.#served.set(name, served)
    served.serve(rows)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#interrupt)
    this.#forgetPlans()
    this.#connection.closeSync()
    bindings.close_sync(this.#database)
  }

  #forgetPlans(): void {
    for (const planned of this.#planned.values()) planned.destroySync()
    this.#planned.clear()
  }

  readonly #interrupt = (): void => {
    if (this.#running === 0) return
    this.#connection.interrupt()
    setTimeout(this.#interrupt, INTERRUPT_EVERY_MS)
  }

  async #guarded<T>(statement: () => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted()
    this.#running += 1
    try {
      return await statement()
    } catch (error) {
      this.#signal?.throwIfAborted()
      throw safeError(error)
    } finally {
      this.#running -= 1
    }
  }
}

function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof DuckDBListValue) return value.items.map(cellOf)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, field]) => [name, cellOf(field)]))
  if (value instanceof DuckDBDateValue || value instanceof DuckDBTimestampValue) return value.toString()
  return String(value)
}
