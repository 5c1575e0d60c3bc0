// Lines that could not be read become rows of the ledger by another way than events: they have no event to be counted from.
import { join } from 'node:path'
import type { RejectedLine } from '../../contracts/ledger.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { TextColumn } from './batch_column.ts'
import { type Piece, writePiece } from './piece.ts'

const TABLE = 'rejected_line'
const DDL = `create table part.${TABLE} (line_no BIGINT, byte_offset BIGINT, length BIGINT, reason VARCHAR)`

/** Lines that go to DuckDB at one time. */
const LINES_AT_ONCE = 65_536

/** Collects the rejected lines of one log file. */
export class RejectedRows {
  readonly #database: Database
  readonly #folder: string
  readonly #rows_max: number
  #pieces: Piece[] = []
  #noted: RejectedLine[] = []
  #rows = 0
  /** Rows written and deleted that the table still has room for. */
  #rows_gone = 0

  constructor(database: Database, given: { readonly folder: string; readonly rows_max: number }) {
    this.#database = database
    this.#folder = given.folder
    this.#rows_max = given.rows_max
  }

  /** SQL that makes the table which the lines are held in. */
  readonly ddl = DDL

  note(line: RejectedLine): void {
    this.#noted.push(line)
  }

  /** Moves noted lines into DuckDB. */
  async store(): Promise<void> {
    const noted = this.#noted
    this.#noted = []
    for (let from = 0; from < noted.length; from += LINES_AT_ONCE) {
      const lines = noted.slice(from, from + LINES_AT_ONCE)
      await this.#database.appendColumns(`part.${TABLE}`, columnsOf(lines), lines.length)
      this.#rows += lines.length
      if (this.#rows <= this.#rows_max) continue
      await this.#writeHeld()
    }
  }

  /** Gives all pieces of a file, the last lines included. */
  async finish(): Promise<readonly Piece[]> {
    if (this.#rows > 0) await this.#writeHeld()
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }

  /**
   * Nearly every file has some such lines, and to drop a table costs the plans of all statements: so rows are only deleted
   * until they take much room.
   */
  async #writeHeld(): Promise<void> {
    await this.#writePiece()
    this.#rows_gone += this.#rows
    this.#rows = 0
    if (this.#rows_gone <= LINES_AT_ONCE) await this.#database.run(`truncate part.${TABLE}`)
    else {
      await this.#database.run(`drop table part.${TABLE}; ${DDL}`)
      this.#rows_gone = 0
    }
  }

  async #writePiece(): Promise<void> {
    const path = join(this.#folder, `${TABLE}-${this.#pieces.length}.parquet`)
    const select = `select * from part.${TABLE} order by line_no`
    const piece = await writePiece(this.#database, { table: TABLE, select, path })
    if (piece !== null) this.#pieces.push(piece)
  }
}

function columnsOf(lines: readonly RejectedLine[]) {
  const whole = (values: (line: RejectedLine) => number) => ({
    kind: 'fixed' as const,
    values: BigInt64Array.from(lines, (line) => BigInt(values(line))),
    valid: null,
  })
  const reason = new TextColumn(lines.length)
  lines.forEach((line, index) => {
    reason.set(index, line.reason)
  })
  return [whole((line) => line.line_no), whole((line) => line.byte_offset), whole((line) => line.length), reason]
}
