// What workers and reducers tell on core NATS while they work. It feeds the progress display and decides nothing.
import { z } from 'zod'

const count = z.number().nonnegative()

export const Progress = z.strictObject({
  role: z.enum(['worker', 'reducer']),
  process_id: z.string(),
  slots: count,
  running: z.array(z.strictObject({ site: z.string(), date: z.string(), raw_bytes: count, events: count })),
  /** Totals since the process started. */
  days_done: count,
  days_failed: count,
  raw_bytes: count,
  encrypted_bytes: count,
  events: count,
  /** What a reducer merges now, for people; null when idle. */
  merging: z.string().nullable(),
})
export type Progress = z.infer<typeof Progress>

/** A hint that a job ended, so that the coordinator need not wait for its next listing. */
export const Ended = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('map'),
    site: z.string(),
    date: z.string(),
    fingerprint: z.string(),
    result: z.enum(['done', 'retry', 'quarantine']),
  }),
  z.strictObject({ kind: z.literal('merge'), site: z.string(), result: z.enum(['done', 'retry']) }),
])
export type Ended = z.infer<typeof Ended>
