// Events become rows of tables slice by slice, and slices merge by the rule that later merges days. What a thread holds
// follows the slice, never the file: when the tables together have grown too large, the largest makes room.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RejectedLine } from '../../contracts/ledger.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { Table, View } from '../../contracts/table.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { EventBatch } from './event_batch.ts'
import { ServedEvents } from './event_table.ts'
import { PartTable } from './part_table.ts'
import type { Piece } from './piece.ts'
import { RejectedRows } from './rejected_rows.ts'
import { sliceFacts } from './slice_facts.ts'

/** Rows of all tables together that a thread holds at most, beside those of one slice. */
const ROWS_MAX = 196_608

export interface Aggregate {
  /** Parquet files in scratch, for the caller to move or to remove; they are gone when the aggregator is. */
  readonly pieces: readonly Piece[]
  /** Events of each course, by course id. */
  readonly courses: readonly { readonly course_id: string; readonly events: number }[]
}

export interface AggregatorOptions {
  /** An in-memory database without tables, for this aggregator alone. */
  readonly database: Database
  /** Folder in which it makes a private one for its pieces. */
  readonly scratch: string
  /** Ours unless told otherwise. */
  readonly tables?: TableSet
  readonly rows_max?: number
}

/**
 * Collects what a log file adds to every table, one file after the other: its tables and the plans of its statements stay. Once
 * something failed it must not be used any more.
 */
export class Aggregator implements AsyncDisposable {
  readonly #database: Database
  readonly #folder: string
  readonly #rows_max: number
  readonly #tables: readonly PartTable[]
  readonly #rejected: RejectedRows
  readonly #events: ServedEvents
  #courses = new Map<string, number>()

  /** Opens an aggregator: makes its folder and its tables. */
  static async open({
    database,
    scratch,
    tables = OUR_TABLES,
    rows_max = ROWS_MAX,
  }: AggregatorOptions): Promise<Aggregator> {
    const folder = await mkdtemp(join(scratch, 'millrace-partial-'))
    const aggregator = new Aggregator(database, { tables, folder, rows_max })
    try {
      // A checkpoint of memory saves nothing, and it rewrites all rows held whenever a slice was appended. Worse, after one
      // every column of every table takes a block of 256 KiB of its own as soon as a second slice adds a row to it.
      await database.run(`set checkpoint_threshold = '1TB'; create schema part`)
      await database.run([aggregator.#rejected, ...aggregator.#tables].map(({ ddl }) => ddl).join(';\n'))
      return aggregator
    } catch (error) {
      await aggregator[Symbol.asyncDispose]()
      throw error
    }
  }

  private constructor(
    database: Database,
    given: { readonly tables: TableSet; readonly folder: string; readonly rows_max: number },
  ) {
    const { folder, rows_max } = given
    this.#database = database
    this.#folder = folder
    this.#rows_max = rows_max
    const events = new ServedEvents(database)
    this.#events = events
    // Ours are tested to say the same of ENUMs; what strangers write need not.
    const own = new Set<Table | View>(given.tables.own)
    this.#tables = given.tables.event_tables.map(
      (table) => new PartTable(database, { events, table, plain: own.has(table), folder, rows_max }),
    )
    this.#rejected = new RejectedRows(database, { folder, rows_max })
  }

  /** Notes a line that could not be read; `add` and `finish` store what was noted. */
  reject(line: RejectedLine): void {
    this.#rejected.note(line)
  }

  /**
   * Adds a slice of events; the caller may clear the batch afterwards. Reading waits for it: a thread that read on while the
   * database works would want more than the one core that it is counted as, and memory for two slices.
   */
  async add(batch: EventBatch): Promise<void> {
    await this.#rejected.store()
    if (batch.rows === 0) return
    this.#events.serve(batch)
    this.#countCourses(batch)
    const slice = sliceFacts(batch)
    // Only the last slice has room left, and one that many rejected lines cut short: that one is taken for the last.
    for (const table of this.#tables) await table.addSlice(slice, !batch.full)
    await this.#makeRoom()
  }

  #countCourses({ columns, rows }: EventBatch): void {
    const { codes, values } = columns.course_id
    const counts = new Uint32Array(values.length + 1)
    for (let row = 0; row < rows; row++) {
      const code = codes[row] ?? 0
      counts[code] = (counts[code] ?? 0) + 1
    }
    values.forEach((course_id, index) => {
      this.#courses.set(course_id, (this.#courses.get(course_id) ?? 0) + (counts[index + 1] ?? 0))
    })
  }

  async #makeRoom(): Promise<void> {
    for (;;) {
      const rows = this.#tables.reduce((sum, table) => sum + table.rows, 0)
      if (rows <= this.#rows_max) return
      const largest = this.#tables.reduce((one, other) => (other.rows > one.rows ? other : one))
      await largest.shrink()
    }
  }

  /** Ends the file; what is added then is of the next one. */
  async finish(): Promise<Aggregate> {
    this.#events.serve(null)
    await this.#rejected.store()
    const pieces = [...(await this.#rejected.finish())]
    const rooms: string[] = []
    for (const table of this.#tables) {
      const finished = await table.finish()
      pieces.push(...finished.pieces)
      if (finished.room !== null) rooms.push(finished.room)
    }
    if (rooms.length > 0) await this.#database.run(rooms.join(';\n'))
    const courses = [...this.#courses]
      .map(([course_id, events]) => ({ course_id, events }))
      .sort((one, other) => (one.course_id < other.course_id ? -1 : 1))
    this.#courses = new Map()
    return { pieces, courses }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
