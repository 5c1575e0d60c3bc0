// What a worker asks of the key service and what it hears back. The private key stays with the key service; a worker
// only ever sees the session key of the one file it works on.
import { z } from 'zod'
import { Day } from './day.ts'

export const SessionKeyRequest = z.strictObject({
  day: Day,
  /** The file's public-key encrypted session-key packets as they stand in it, base64. */
  packets: z.string(),
})
export type SessionKeyRequest = z.infer<typeof SessionKeyRequest>

export const SessionKeyReply = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('session_key'),
    /** Raw key bytes, base64. */
    key: z.string(),
    /** OpenPGP name of the cipher, e.g. `aes256`; null when the packet does not tell (version 6). */
    algorithm: z.string().nullable(),
    key_id: z.string(),
  }),
  /** No key of ours opens the file; `recipients` are the key ids it was encrypted to. */
  z.strictObject({ kind: z.literal('no_key'), recipients: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('refused'), code: z.string(), reason: z.string() }),
])
export type SessionKeyReply = z.infer<typeof SessionKeyReply>
