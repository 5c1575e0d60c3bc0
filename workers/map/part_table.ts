// The rows that one log file has added to one table so far. What a thread holds must follow the slice and not the file, and
// what becomes of rows costs more than counting them: so a table is held and merged only while that makes it smaller.
import { join } from 'node:path'
import { isOfTypes } from '../../contracts/event_types.ts'
import type { KeptTable, SummedTable } from '../../contracts/table.ts'
import { mergedSelect, quoted, storedColumns, storedDdl, storedSelect } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { inTable } from '../table_failure.ts'
import type { ServedEvents } from './event_table.ts'
import { memoised } from './memo.ts'
import { type Piece, writePiece } from './piece.ts'
import type { SliceFacts } from './slice_facts.ts'

/** Slices of one table that the room for all tables must be able to hold, or none is held. */
const SLICES_HELD_MIN = 12

/** Characters of payload that count as much as a row where a table's rows are made of payloads. */
const CHARS_PER_ROW = 512

/**
 * What a file adds to one table, as rows in the schema `part` and as pieces. The last slice decides about the next one:
 *
 * - held: it is merged in itself and its rows are held, to be merged with those of other slices;
 * - straight: its rows would soon fill the room, so it goes to scratch as a piece of its own, merged in itself, and so does
 *   at once what was held before it;
 * - straight, unmerged: merging did not even halve the events, so it is left to whoever merges days.
 *
 * Rows of equal keys merge later just as well, and to the same: the three differ in what they cost.
 */
export class PartTable {
  readonly #database: Database
  readonly #events: ServedEvents
  readonly #table: SummedTable | KeptTable
  readonly #relation: string
  readonly #plain: boolean
  readonly #folder: string
  readonly #rows_max: number
  readonly #concerns: (event_type: string) => boolean
  #pieces: Piece[] = []
  /** What was decided after the last slice of one file is a fair guess for the first of the next. */
  #next: 'held' | 'straight' | 'straight, unmerged' = 'held'
  /** Rows held, long ones counted as several, and of how many slices. */
  #rows = 0
  #slices = 0
  /** Whether merging slices is worth its while: it was when it was tried last. */
  #halves = false

  constructor(
    database: Database,
    given: {
      readonly events: ServedEvents
      readonly table: SummedTable | KeptTable
      /** Its SQL gets text as plain text: to some functions an ENUM is something else. */
      readonly plain: boolean
      readonly folder: string
      readonly rows_max: number
    },
  ) {
    this.#database = database
    this.#events = given.events
    this.#table = given.table
    this.#relation = `part.${quoted(given.table.name)}`
    this.#plain = given.plain
    this.#folder = given.folder
    this.#rows_max = given.rows_max
    const { types } = given.table
    this.#concerns = memoised(4096, (event_type) => types === undefined || isOfTypes(event_type, types))
    this.#begin()
  }

  /** SQL that makes the table which the rows are held in; it stands from file to file, so that plans over it hold. */
  get ddl(): string {
    return storedDdl(this.#table, this.#relation)
  }

  /** Rows held in memory, long ones counted as several. */
  get rows(): number {
    return this.#rows
  }

  /** Adds what the events served, which are the slice, say; the last slice of a file is told as such. */
  async addSlice(slice: SliceFacts, is_last: boolean): Promise<void> {
    const { name, types: wanted, needs = [], payload } = this.#table
    const types = [...slice.types].filter(([type]) => this.#concerns(type)).map(([, facts]) => facts)
    if (types.length === 0) return
    const type_nos = wanted === undefined ? null : types.map(({ type_no }) => type_no)
    const seen = this.#events.rowsOf({ type_nos, needs })
    if (seen?.length === 0) return
    const chars = payload === undefined ? 0 : types.reduce((sum, { payload_chars }) => sum + payload_chars, 0)
    const count = seen?.length ?? slice.events
    const events = this.#events.seenBy({ table: name, rows: seen, count, plain: this.#plain })
    // There is nothing that the rows of a file's only slice could be held for.
    if (is_last && this.#slices === 0 && this.#pieces.length === 0 && this.#next === 'held') this.#next = 'straight'
    const select = this.#select(events.sql)
    const rows = await inTable(name, () =>
      this.#next === 'held'
        ? this.#hold(select, events.plan_holds, chars)
        : this.#writePiece(select, events.plan_holds),
    )
    if (sizeOf(rows, chars) * SLICES_HELD_MIN <= this.#rows_max) this.#next = 'held'
    else {
      this.#next = rows > slice.events / 2 ? 'straight, unmerged' : 'straight'
      await this.#writeHeld()
    }
  }

  /** Holds at most half as many rows from now on, until the next slice. */
  async shrink(): Promise<void> {
    const before = this.#rows
    if (this.#halves && this.#slices > 1) await this.#merge()
    if (this.#rows <= before / 2) return
    this.#halves = false
    await this.#writeHeld()
  }

  /**
   * Gives all pieces of a file, the last rows included. Where rows were held they stay until `room` was run: to make the
   * tables anew in one statement costs half of what it costs one by one.
   */
  async finish(): Promise<{ readonly pieces: readonly Piece[]; readonly room: string | null }> {
    const holds = this.#rows > 0
    if (holds) await this.#writePiece(this.#heldSelect(), false)
    const pieces = this.#pieces
    this.#begin()
    return { pieces, room: holds ? this.#room : null }
  }

  #begin(): void {
    this.#pieces = []
    this.#rows = 0
    this.#slices = 0
    this.#halves = this.#table.kind === 'summed'
  }

  #select(events: string): string {
    const rows = `(with event as not materialized (from ${events}) select * from (${this.#table.sql}))`
    return storedSelect(
      this.#table,
      this.#next === 'straight, unmerged' ? rows : `(${mergedSelect(this.#table, rows)})`,
    )
  }

  async #hold(select: string, plan_holds: boolean, payload_chars: number): Promise<number> {
    const columns = storedColumns(this.#table).map(({ name }) => quoted(name))
    const sql = `insert into ${this.#relation} (${columns.join(', ')}) ${select}`
    const rows = plan_holds ? await this.#database.runPlanned(sql) : await this.#database.run(sql)
    this.#rows += sizeOf(rows, payload_chars)
    this.#slices += 1
    return rows
  }

  async #merge(): Promise<void> {
    const merged = 'part.merged'
    this.#rows = await this.#database.run(`
      ${storedDdl(this.#table, merged)};
      insert into ${merged} ${mergedSelect(this.#table, this.#relation)}
    `)
    this.#slices = 1
    await this.#database.run(`
      drop table ${this.#relation};
      alter table ${merged} rename to ${quoted(this.#table.name)}
    `)
  }

  /** Makes room at once: rows that are only deleted would take it until a checkpoint, which we never make. */
  async #writeHeld(): Promise<void> {
    if (this.#rows === 0) return
    await this.#writePiece(this.#heldSelect(), false)
    await this.#database.run(this.#room)
    this.#rows = 0
    this.#slices = 0
  }

  get #room(): string {
    return `drop table ${this.#relation};\n${this.ddl}`
  }

  #heldSelect(): string {
    return this.#halves && this.#slices > 1 ? mergedSelect(this.#table, this.#relation) : `from ${this.#relation}`
  }

  async #writePiece(select: string, plan_holds: boolean): Promise<number> {
    const path = join(this.#folder, `${this.#table.name}-${this.#pieces.length}.parquet`)
    const piece = await writePiece(this.#database, { table: this.#table.name, select, path, plan_holds })
    if (piece !== null) this.#pieces.push(piece)
    return piece?.rows ?? 0
  }
}

/** Rows as the room for them counts: rows of a table that reads payloads are as long as these may be. */
const sizeOf = (rows: number, payload_chars: number): number =>
  rows === 0 ? 0 : rows + Math.floor(payload_chars / CHARS_PER_ROW)
