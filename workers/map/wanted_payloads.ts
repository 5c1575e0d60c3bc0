// Most payloads are read by nobody, and carrying them would cost more than all that is counted. Which ones are wanted follows
// from the declarations of tables: this asks them once for every type of event.
import { isOfTypes } from '../../contracts/event_types.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { memoised } from './memo.ts'

/** Tells whether some table reads the payload of events of a canonical type. */
export type WantedPayloads = (event_type: string) => boolean

/** Asks the declarations of a set of tables. */
export const wantedPayloads = ({ event_tables }: TableSet): WantedPayloads =>
  memoised(4096, (event_type) =>
    event_tables.some(
      ({ payload, types }) => payload === true && (types === undefined || isOfTypes(event_type, types)),
    ),
  )
