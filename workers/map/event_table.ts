// Makes a batch of events the relation `event` of the tables' SQL: each statement reads the columns that it names, of the
// events whose types it looks at, from where they lie.
import { EVENT_COLUMNS, type EventColumnName, type EventStorage, type TextColumnName } from '../../contracts/event.ts'
import { literal } from '../../contracts/table_sql.ts'
import type { Database, ServedColumn, ServedRows } from '../../runtime/duckdb.ts'
import type { EventBatch } from './event_batch.ts'
import { RowsByCode, rowsHaving } from './rows_by_code.ts'

const SQL_TYPES = {
  text: 'VARCHAR',
  long_text: 'VARCHAR',
  json: 'VARCHAR',
  bigint: 'BIGINT',
  ubigint: 'UBIGINT',
  integer: 'INTEGER',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
} as const satisfies Readonly<Record<EventStorage, string>>

// The keys of EVENT_COLUMNS are its own: the declaration is a constant with nothing added.
const NAMES = Object.keys(EVENT_COLUMNS) as readonly EventColumnName[]

/**
 * A statement over at most so many events costs less to run than to plan. So it gets them as plain text, whose types never
 * change, and its plan is kept; over more events, ENUMs are worth a new plan for every slice.
 */
const FEW_EVENTS = 8_192

/** Table functions by whether they give text as ENUMs. */
const FUNCTIONS = { coded: 'events', plain: 'plain_events' } as const

/** The events that the SQL of a table sees. */
export interface Seen {
  readonly table: string
  /** Their numbers; null for all events. */
  readonly rows: Uint32Array | null
  readonly count: number
  /** They have text as plain text, however many they are. */
  readonly plain: boolean
}

export interface EventRelation {
  readonly sql: string
  /** The plan of a statement over it holds for the events that the table sees next. */
  readonly plan_holds: boolean
}

/** Lets SQL read the events of one batch after the other; a batch must not change while it is served. */
export class ServedEvents {
  readonly #database: Database
  readonly #seen = new Map<string, Uint32Array | null>()
  #batch: EventBatch | null = null
  #by_type: RowsByCode | null = null

  constructor(database: Database) {
    this.#database = database
  }

  /** Serves the events of a batch, until others are served or none; coded ones where a table may see many. */
  serve(batch: EventBatch | null, coded = batch !== null && batch.rows > FEW_EVENTS): void {
    this.#seen.clear()
    this.#batch = batch
    this.#by_type = null
    const rows = batch === null ? null : this.#served(batch)
    this.#database.serveRows(FUNCTIONS.coded, coded ? rows : null)
    this.#database.serveRows(FUNCTIONS.plain, rows && { ...rows, columns: rows.columns.map(asPlain) })
  }

  #served({ columns, rows }: EventBatch): ServedRows {
    return {
      columns: NAMES.map((name) => {
        const { storage } = EVENT_COLUMNS[name]
        return { name, type: SQL_TYPES[storage], data: columns[name], plain: storage !== 'text' }
      }),
      count: rows,
      select: (table) => this.#seen.get(table) ?? null,
    }
  }

  /**
   * Gives the numbers of the events served that are of some types, by their codes in the batch, and have a text in one of the
   * columns needed, if any is. Null stands for all, as types and as events.
   */
  rowsOf({
    type_nos,
    needs,
  }: {
    readonly type_nos: readonly number[] | null
    readonly needs: readonly TextColumnName[]
  }): Uint32Array | null {
    if (this.#batch === null) return new Uint32Array(0)
    const { columns, rows } = this.#batch
    const { codes, values } = columns.event_type
    this.#by_type ??= new RowsByCode(codes.subarray(0, rows), values.length)
    const of_types = type_nos === null ? null : this.#by_type.rows(type_nos)
    if (needs.length === 0) return of_types
    const needed = needs.map((name) => columns[name]).filter((column) => column.values.length > 0)
    if (needed.length === 0) return new Uint32Array(0)
    return rowsHaving(
      needed.map((column) => column.codes),
      of_types ?? rows,
    )
  }

  /** Gives the events that the SQL of a table sees. */
  seenBy({ table, rows, count, plain }: Seen): EventRelation {
    this.#seen.set(table, rows)
    const plan_holds = plain || count <= FEW_EVENTS
    return { sql: `${plan_holds ? FUNCTIONS.plain : FUNCTIONS.coded}(${literal(table)})`, plan_holds }
  }
}

const asPlain = (column: ServedColumn): ServedColumn => ({ ...column, plain: true })

/** Makes a table `event` of the events of a batch, for whoever has no use for them where they lie. */
export async function makeEventTable(database: Database, batch: EventBatch): Promise<void> {
  const events = new ServedEvents(database)
  events.serve(batch, true)
  await database.run(`create or replace table event as from ${FUNCTIONS.coded}('')`)
  events.serve(null)
}
