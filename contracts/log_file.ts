// A log file is the encrypted object that holds a day's events. Its key, ETag and size identify its bytes; everything
// that is computed from it is addressed by them.
import { z } from 'zod'
import { Day } from './day.ts'

export const LogFile = z.strictObject({
  day: Day,
  key: z.string().min(1),
  etag: z.string().min(1),
  /** Bytes as stored. */
  size: z.number().int().nonnegative(),
  /** ISO time, UTC. */
  last_modified: z.iso.datetime(),
  /** `gpg`: OpenPGP around gzip; `gzip`: plain `.log.gz`. */
  wrapping: z.enum(['gpg', 'gzip']),
})
export type LogFile = z.infer<typeof LogFile>
