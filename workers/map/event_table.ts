// Makes a batch of events the relation `event` of the tables' SQL: each statement reads the columns that it names, of the
// events whose types it looks at, from where they lie.
import { EVENT_COLUMNS, type EventColumnName, type EventStorage } from '../../contracts/event.ts'
import { literal } from '../../contracts/table_sql.ts'
import type { Database, ServedColumn, ServedRows } from '../../runtime/duckdb.ts'
import type { EventBatch } from './event_batch.ts'
import { RowsByCode } from './rows_by_code.ts'

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
  readonly count: number
  /** Codes of their types in the batch; null for all events. */
  readonly type_nos: readonly number[] | null
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
  readonly #type_nos = new Map<string, readonly number[] | null>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Serves the events of a batch, until others are served or none; coded ones where a table may see many. */
  serve(batch: EventBatch | null, coded = batch !== null && batch.rows > FEW_EVENTS): void {
    this.#type_nos.clear()
    const rows = batch === null ? null : this.#rowsOf(batch)
    this.#database.serveRows(FUNCTIONS.coded, coded ? rows : null)
    this.#database.serveRows(FUNCTIONS.plain, rows && { ...rows, columns: rows.columns.map(asPlain) })
  }

  #rowsOf({ columns, rows }: EventBatch): ServedRows {
    const { codes, values } = columns.event_type
    const by_type = new RowsByCode(codes.subarray(0, rows), values.length)
    return {
      columns: NAMES.map((name) => {
        const { storage } = EVENT_COLUMNS[name]
        return { name, type: SQL_TYPES[storage], data: columns[name], plain: storage !== 'text' }
      }),
      count: rows,
      select: (table) => {
        const type_nos = this.#type_nos.get(table) ?? null
        return type_nos === null ? null : by_type.rows(type_nos)
      },
    }
  }

  /** Gives the events that the SQL of a table sees. */
  seenBy({ table, count, type_nos, plain }: Seen): EventRelation {
    this.#type_nos.set(table, type_nos)
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
