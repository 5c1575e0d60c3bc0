// The rows that one log file has added to one table so far. What a thread holds must follow the slice and not the file, and
// what becomes of rows costs more than counting them: so a table is held and merged only while that makes it smaller.
import { join } from 'node:path'
import { isOfTypes } from '../../contracts/event_types.ts'
import type { KeptTable, SummedTable } from '../../contracts/table.ts'
import { mergedSelect, quoted, storedColumns, storedDdl, storedSelect } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { inTable } from '../table_failure.ts'
import { eventsSql } from './event_table.ts'
import { memoised } from './memo.ts'
import { type Piece, writePiece } from './piece.ts'
import type { SliceFacts, TypeFacts } from './slice_facts.ts'

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
  readonly #table: SummedTable | KeptTable
  readonly #relation: string
  readonly #folder: string
  readonly #rows_max: number
  readonly #pieces: Piece[] = []
  readonly #concerns: (event_type: string) => boolean
  #next: 'held' | 'straight' | 'straight, unmerged' = 'held'
  #created = false
  /** Rows held, long ones counted as several, and of how many slices. */
  #rows = 0
  #slices = 0
  /** Whether merging slices is worth its while: it was when it was tried last. */
  #halves: boolean

  constructor(
    database: Database,
    given: { readonly table: SummedTable | KeptTable; readonly folder: string; readonly rows_max: number },
  ) {
    this.#database = database
    this.#table = given.table
    this.#relation = `part.${quoted(given.table.name)}`
    this.#folder = given.folder
    this.#rows_max = given.rows_max
    this.#halves = given.table.kind === 'summed'
    const { types } = given.table
    this.#concerns = memoised(4096, (event_type) => types === undefined || isOfTypes(event_type, types))
  }

  /** Rows held in memory, long ones counted as several. */
  get rows(): number {
    return this.#rows
  }

  /** Adds what the events served, which are the slice, say. */
  async addSlice(slice: SliceFacts): Promise<void> {
    const types = [...slice.types].filter(([type]) => this.#concerns(type)).map(([, facts]) => facts)
    const { needs } = this.#table
    if (types.length === 0 || (needs !== undefined && !slice.has(needs))) return
    const chars =
      this.#table.payload !== undefined ? types.reduce((sum, { payload_chars }) => sum + payload_chars, 0) : 0
    const select = this.#select(types)
    const rows = await inTable(this.#table.name, () =>
      this.#next === 'held' ? this.#hold(select, chars) : this.#writePiece(select),
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

  /** Gives all pieces, the last rows included. */
  async finish(): Promise<readonly Piece[]> {
    await this.#writeHeld()
    return this.#pieces
  }

  #select(types: readonly TypeFacts[]): string {
    const { sql } = this.#table
    const events = eventsSql(this.#table.types === undefined ? null : types.map(({ type_no }) => type_no))
    const rows = `(with event as not materialized (from ${events}) select * from (${sql}))`
    return storedSelect(
      this.#table,
      this.#next === 'straight, unmerged' ? rows : `(${mergedSelect(this.#table, rows)})`,
    )
  }

  async #hold(select: string, payload_chars: number): Promise<number> {
    if (!this.#created) await this.#database.run(storedDdl(this.#table, this.#relation))
    this.#created = true
    const columns = storedColumns(this.#table).map(({ name }) => quoted(name))
    const rows = await this.#database.run(`insert into ${this.#relation} (${columns.join(', ')}) ${select}`)
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

  async #writeHeld(): Promise<void> {
    if (this.#rows === 0) return
    const merging = this.#halves && this.#slices > 1
    await this.#writePiece(merging ? mergedSelect(this.#table, this.#relation) : `from ${this.#relation}`)
    await this.#database.run(`drop table ${this.#relation}`)
    this.#created = false
    this.#rows = 0
    this.#slices = 0
  }

  async #writePiece(select: string): Promise<number> {
    const path = join(this.#folder, `${this.#table.name}-${this.#pieces.length}.parquet`)
    const piece = await writePiece(this.#database, { table: this.#table.name, select, path })
    if (piece !== null) this.#pieces.push(piece)
    return piece?.rows ?? 0
  }
}

/** Rows as the room for them counts: rows of a table that reads payloads are as long as these may be. */
const sizeOf = (rows: number, payload_chars: number): number =>
  rows === 0 ? 0 : rows + Math.floor(payload_chars / CHARS_PER_ROW)
