// Makes events that speak of a learner's state, each a minute after the one before and caused by somebody else, so that a table
// which asked for the actor would be found out.
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'

export type Given = Partial<EventRow>

let minute = 0
/** Makes an event about learner 1 that staff member 99 caused. */
export function told(event_type: string, payload: unknown, given: Given = {}): EventRow {
  minute += 1
  return eventRow({
    event_type,
    time_us: Date.UTC(2020, 2, 1, 0, minute) * 1000,
    actor_id: 99n,
    subject_id: 1n,
    payload: JSON.stringify(payload),
    ...given,
  })
}

/** Says when, for `told`. */
export const at = (time: string) => ({ time_us: Date.parse(time) * 1000 })
