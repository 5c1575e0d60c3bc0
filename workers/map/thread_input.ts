// What the main thread tells a map thread: its settings when it starts, a job at a time, and what it asked for while it
// works. Everything here is copied between threads, so it is plain data, read by its schema on the other side.
import { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { StoreLocation } from '../../config/schema.ts'
import { MapJob } from '../../contracts/job.ts'
import { SessionKeyReply } from '../../contracts/key_exchange.ts'
import type { KeptTable, SummedTable } from '../../contracts/table.ts'

/** The same for all jobs of a thread. */
export const ThreadSettings = z.strictObject({
  source: StoreLocation,
  results: StoreLocation,
  /** Folder that relative paths start from. */
  base: z.string(),
  /** Folder for temporary Parquet files, removed with the pool. */
  scratch: z.string(),
  memory_mb: z.number().int().positive(),
  allow_unauthenticated: z.boolean(),
  /** Memory of a LoadedThreads. */
  loaded: z.instanceof(SharedArrayBuffer),
  /** Where the GeoIP file lies; null without one. */
  geoip_path: z.string().nullable(),
  /** Own tables of events. Their schema read them where they came in; they are plain data, and copied as such. */
  own_tables: z.array(z.custom<SummedTable | KeptTable>()),
})
export type ThreadSettings = z.infer<typeof ThreadSettings>

export const ThreadTask = z.strictObject({
  job: MapJob,
  attempt: z.number().int().positive(),
  worker: z.string(),
  /** Memory of a SharedProgress. */
  progress: z.instanceof(SharedArrayBuffer),
  /** For the messages below, and for those of thread_output.ts in the other direction. */
  port: z.instanceof(MessagePort),
})
export type ThreadTask = z.infer<typeof ThreadTask>

export const ToThread = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('session_key'), reply: SessionKeyReply }),
  /** The session key could not be asked for. */
  z.strictObject({ kind: z.literal('unanswered'), reason: z.string() }),
  /** Let go of the job and close everything it opened. */
  z.strictObject({ kind: z.literal('abort') }),
])
export type ToThread = z.infer<typeof ToThread>
