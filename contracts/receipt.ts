// A receipt is written last and create-only beside its partial: its presence is "done". Nothing else in the system may
// claim that a day was computed.
import { z } from 'zod'
import { Fingerprint } from './fingerprint.ts'
import { LineLedger } from './ledger.ts'
import { LogFile } from './log_file.ts'

const count = z.number().int().nonnegative()
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One Parquet object of a partial. A table has none when no event fed it, and several when its rows were many. */
export const Part = z.strictObject({
  table: z.string(),
  key: z.string(),
  rows: count,
  bytes: count,
  sha256: Sha256,
})
export type Part = z.infer<typeof Part>

export const Receipt = z.strictObject({
  version: z.literal(1),
  log_file: LogFile,
  fingerprint: Fingerprint,
  recipe: z.number().int().positive(),
  ledger: LineLedger,
  bytes: z.strictObject({ encrypted: count, gzip: count, raw: count }),
  sha256_raw: Sha256,
  /** OpenPGP key id (16 upper-case hexadecimal digits) that opened the file; null for a plain one. */
  key_id: z.string().nullable(),
  /** Time in the OpenPGP literal packet, ISO; null for a plain file. */
  encrypted_at: z.string().nullable(),
  courses: z.array(z.strictObject({ course_id: z.string(), events: count })),
  parts: z.array(Part),
  worker: z.string(),
  attempt: z.number().int().positive(),
  started_at: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  /** Seconds per stage; stages overlap, so they do not add up to `seconds`. */
  stages: z.record(z.string(), z.number().nonnegative()),
})
export type Receipt = z.infer<typeof Receipt>
