// Makes a batch of events the relation `event` of the tables' SQL. A real table, because a statement per table reads it: a view that
// joined dictionaries would join them every time.
import { EVENT_COLUMNS, type EventColumnName, type EventStorage } from '../../contracts/event.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { EventBatch } from './event_batch.ts'

const SQL_TYPES: Readonly<Record<EventStorage, string>> = {
  text: 'VARCHAR',
  long_text: 'VARCHAR',
  bigint: 'BIGINT',
  ubigint: 'UBIGINT',
  integer: 'INTEGER',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
}

// The keys of EVENT_COLUMNS are its own: the declaration is a constant with nothing added.
const NAMES = Object.keys(EVENT_COLUMNS) as readonly EventColumnName[]

/** Column with the number of the event type in the batch, from 1: for finding the events of some types. */
export const TYPE_NO = 'type_no'

/** Replaces the relation `event` by one with the rows of a batch. Whatever stood there before is gone with its memory. */
export async function loadEvents(database: Database, batch: EventBatch): Promise<void> {
  await database.replaceTable(
    'event',
    [
      ...NAMES.map((name) => {
        const { storage } = EVENT_COLUMNS[name]
        return { name, type: SQL_TYPES[storage], data: batch.columns[name], plain: storage === 'long_text' }
      }),
      // Numbers are found among a hundred thousand in a moment; text is compared letter by letter.
      { name: TYPE_NO, type: 'UINTEGER', data: { kind: 'fixed', values: batch.columns.event_type.codes, valid: null } },
    ],
    batch.rows,
  )
}
