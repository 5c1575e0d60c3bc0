// The rows that one log file has added to one table so far. When a thread holds too many, they are merged; what is too
// many even then goes to scratch as a piece, because rows of equal keys may merge later just as well.
import { join } from 'node:path'
import type { KeptTable, SummedTable } from '../../contracts/table.ts'
import { mergedSelect, quoted, storedColumns, storedDdl } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { type Piece, writePiece } from './piece.ts'

/** What a file adds to one table, as rows in the schema `part` and as pieces. */
export class PartTable {
  readonly #database: Database
  readonly #table: SummedTable | KeptTable
  readonly #relation: string
  readonly #folder: string
  readonly #pieces: Piece[] = []
  #rows = 0
  /** Whether merging is worth its while: rows of equal keys merge, and did so when it was tried last. */
  #halves: boolean

  constructor(database: Database, given: { readonly table: SummedTable | KeptTable; readonly folder: string }) {
    this.#database = database
    this.#table = given.table
    this.#relation = `part.${quoted(given.table.name)}`
    this.#folder = given.folder
    this.#halves = given.table.kind === 'summed'
  }

  /** Rows held in memory. */
  get rows(): number {
    return this.#rows
  }

  async create(): Promise<void> {
    await this.#database.run(storedDdl(this.#table, this.#relation))
  }

  /** Adds what the relation `event` says. */
  async addSlice(): Promise<void> {
    const columns = storedColumns(this.#table).map(({ name }) => quoted(name))
    this.#rows += await this.#database.run(
      `insert into ${this.#relation} (${columns.join(', ')}) ${mergedSelect(this.#table, `(${this.#table.sql})`)}`,
    )
  }

  /** Holds at most half as many rows from now on, until the next slice. */
  async shrink(): Promise<void> {
    const before = this.#rows
    if (this.#halves) await this.#merge()
    if (this.#rows <= before / 2) return
    this.#halves = false
    await this.#writePiece()
  }

  /** Gives all pieces, the last rows included. */
  async finish(): Promise<readonly Piece[]> {
    await this.#writePiece()
    return this.#pieces
  }

  async #merge(): Promise<void> {
    const merged = 'part.merged'
    this.#rows = await this.#database.run(`
      ${storedDdl(this.#table, merged)};
      insert into ${merged} ${mergedSelect(this.#table, this.#relation)}
    `)
    await this.#database.run(`
      drop table ${this.#relation};
      alter table ${merged} rename to ${quoted(this.#table.name)}
    `)
  }

  async #writePiece(): Promise<void> {
    if (this.#rows === 0) return
    const path = join(this.#folder, `${this.#table.name}-${this.#pieces.length}.parquet`)
    const piece = await writePiece(this.#database, {
      table: this.#table.name,
      select: mergedSelect(this.#table, this.#relation),
      path,
    })
    if (piece !== null) this.#pieces.push(piece)
    await this.#database.run(`drop table ${this.#relation}`)
    await this.create()
    this.#rows = 0
  }
}
