// Makes a batch of events the relation `event` of the tables' SQL: each statement reads the columns that it names, of the
// events whose types it looks at, from where they lie.
import { EVENT_COLUMNS, type EventColumnName, type EventStorage } from '../../contracts/event.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { EventBatch } from './event_batch.ts'
import { RowsByCode } from './rows_by_code.ts'

const SQL_TYPES = {
  text: 'VARCHAR',
  long_text: 'VARCHAR',
  bigint: 'BIGINT',
  ubigint: 'UBIGINT',
  integer: 'INTEGER',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
} as const satisfies Readonly<Record<EventStorage, string>>

// The keys of EVENT_COLUMNS are its own: the declaration is a constant with nothing added.
const NAMES = Object.keys(EVENT_COLUMNS) as readonly EventColumnName[]

const FUNCTION = 'events_of_types'

/** Lets SQL read the events of a batch, which must not change meanwhile, until others are served or none. */
export function serveEvents(database: Database, batch: EventBatch | null): void {
  if (batch === null) {
    database.serveRows(FUNCTION, null)
    return
  }
  const { codes, values } = batch.columns.event_type
  const by_type = new RowsByCode(codes.subarray(0, batch.rows), values.length)
  database.serveRows(FUNCTION, {
    columns: NAMES.map((name) => {
      const { storage } = EVENT_COLUMNS[name]
      return { name, type: SQL_TYPES[storage], data: batch.columns[name], plain: storage === 'long_text' }
    }),
    count: batch.rows,
    select: (type_nos) => (type_nos === '' ? null : by_type.rows(type_nos.split(',').map(Number))),
  })
}

/** Makes a table `event` of the events of a batch, for whoever has no use for them where they lie. */
export async function makeEventTable(database: Database, batch: EventBatch): Promise<void> {
  serveEvents(database, batch)
  await database.run(`create or replace table event as from ${eventsSql(null)}`)
  serveEvents(database, null)
}

/** SQL of a relation of the events served: all, or those of some types, by their codes in the batch. */
export const eventsSql = (type_nos: readonly number[] | null): string => `${FUNCTION}('${type_nos?.join(',') ?? ''}')`
