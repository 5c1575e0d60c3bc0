// A quarantine record says that a day cannot be done as it is, and why. It ends one day and never the run; `millrace
// retry` removes it, and a new fingerprint makes it moot.
import { z } from 'zod'
import { Fingerprint } from './fingerprint.ts'
import { LogFile } from './log_file.ts'

export const QUARANTINE_CLASSES = ['key', 'decrypt', 'gzip', 'bomb', 'crash_loop', 'other'] as const
export const QuarantineClass = z.enum(QUARANTINE_CLASSES)
export type QuarantineClass = z.infer<typeof QuarantineClass>

export const Quarantine = z.strictObject({
  version: z.literal(1),
  log_file: LogFile,
  fingerprint: Fingerprint,
  class: QuarantineClass,
  /** Code of the error catalogue. */
  code: z.string(),
  /** A sentence without a key, a passphrase or a line of data. */
  reason: z.string(),
  attempts: z.number().int().positive(),
  worker: z.string(),
  recorded_at: z.iso.datetime(),
})
export type Quarantine = z.infer<typeof Quarantine>
