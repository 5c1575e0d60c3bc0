// Most payloads are read by nobody, and carrying them would cost more than all that is counted. Which ones are wanted follows
// from the declarations of tables: this asks them once for every type of event.

import { isOfTypes } from '../../contracts/event_types.ts'
import { EVENT_TABLES } from '../../contracts/registry.ts'
import { memoised } from './memo.ts'

/** Tells whether some table reads the payload of events of a canonical type. */
export const isPayloadWanted: (event_type: string) => boolean = memoised(4096, (event_type) =>
  EVENT_TABLES.some(({ payload, types }) => payload === true && (types === undefined || isOfTypes(event_type, types))),
)
