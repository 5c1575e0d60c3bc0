// Most tables look at a few types of events, of which a slice has a handful; each would search the whole slice for them. They
// are copied out once, and such tables search the copy.
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { SliceFacts } from './slice_facts.ts'

/** The relation that holds the copies. */
export const RARE_EVENT = 'rare_event'

/** A type is rare when at most one in so many events of the slice is of it. */
const EVENTS_PER_RARE_ONE = 32

/** Lists the types of a slice that are rare. */
export const rareTypes = ({ events, types }: SliceFacts): ReadonlySet<string> =>
  new Set([...types].filter(([, own]) => own.events * EVENTS_PER_RARE_ONE <= events).map(([type]) => type))

/** Copies the events of some types from `event` into RARE_EVENT, in the place of what was there. */
export async function copyRareEvents(database: Database, types: Iterable<string>): Promise<void> {
  const list = [...types].map(literal).join(', ')
  await database.run(`create or replace table ${RARE_EVENT} as from event where event_type in (${list})`)
}
