// What a map thread tells the main thread: what it needs while it works, and how a job ended, with all the numbers that
// the metrics want, because the metrics belong to the main thread.
import { z } from 'zod'
import { Receipt } from '../../contracts/receipt.ts'
import { RETRY_REASONS, STORE_OPS } from '../../runtime/object_store/object_store.ts'

/** Over the task's port, while the job runs. */
export const FromThread = z.strictObject({
  kind: z.literal('session_key_wanted'),
  packets: z.instanceof(Uint8Array),
})
export type FromThread = z.infer<typeof FromThread>

const StoreTraffic = z.strictObject({
  requests: z.array(
    z.strictObject({ op: z.enum(STORE_OPS), seconds: z.number(), result: z.enum(['ok', 'error', 'conflict']) }),
  ),
  bytes_in: z.number(),
  bytes_out: z.number(),
  retries: z.array(z.strictObject({ op: z.enum(STORE_OPS), reason: z.enum(RETRY_REASONS) })),
})
export type StoreTraffic = z.infer<typeof StoreTraffic>

/** The end of a job. `code` is one of the error catalogue; `reason` is a sentence free of learners' data. */
export const ThreadResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('made'), receipt: Receipt, first: z.boolean(), traffic: StoreTraffic }),
  z.strictObject({ kind: z.literal('failed'), code: z.string(), reason: z.string(), traffic: StoreTraffic }),
])
export type ThreadResult = z.infer<typeof ThreadResult>
