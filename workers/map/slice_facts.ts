// What a slice has of each type of events. Tables look at few types: which of them have anything to do, where they find it and
// how much memory it may take follows from these counts, and no table has to search the slice for it.
import type { EventBatch } from './event_batch.ts'

export interface TypeFacts {
  /** Code of the type in the batch. */
  readonly type_no: number
  readonly events: number
  /** Characters of their payloads, where these are carried. */
  readonly payload_chars: number
}

export interface SliceFacts {
  readonly events: number
  /** By canonical type. */
  readonly types: ReadonlyMap<string, TypeFacts>
}

/** Counts the events of a batch. */
export function sliceFacts({ columns, rows }: EventBatch): SliceFacts {
  const { codes, values } = columns.event_type
  const payload = columns.payload
  const events = new Uint32Array(values.length + 1)
  const chars = new Float64Array(values.length + 1)
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? 0
    const payload_code = payload.codes[row] ?? 0
    events[code] = (events[code] ?? 0) + 1
    if (payload_code !== 0) chars[code] = (chars[code] ?? 0) + (payload.values[payload_code - 1]?.length ?? 0)
  }
  const types = values.map((type, index): [string, TypeFacts] => [
    type,
    { type_no: index + 1, events: events[index + 1] ?? 0, payload_chars: chars[index + 1] ?? 0 },
  ])
  return { events: rows, types: new Map(types) }
}
