// Every line of a log file ends as exactly one of event, blank, duplicate or rejected; the ledger proves it. Its figures
// stand in the receipt, in `log_file` and in the metrics.
import { z } from 'zod'

/** Why a line could not be read, in the order in which the reasons are looked for (docs/rules.md). */
export const REJECT_REASONS = [
  'too_long',
  'no_object',
  'bad_json',
  'not_an_object',
  'no_time',
  'odd_time',
  'no_type',
  'no_source',
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

const count = z.number().int().nonnegative()

/** Counts of one log file. Always `lines = events + blank + duplicates + rejected`; the rest is over events. */
export const LineLedger = z
  .strictObject({
    lines: count,
    events: count,
    blank: count,
    duplicates: count,
    rejected: count,
    rejected_by_reason: z.partialRecord(z.enum(REJECT_REASONS), count),
    rescued: count,
    prefixed: count,
    truncated_payload: count,
    no_course: count,
    foreign_org: count,
    /** Earliest and latest event time, ISO with microseconds and `Z`; null without an event. */
    min_time: z.string().nullable(),
    max_time: z.string().nullable(),
  })
  .refine(
    (ledger) => ledger.lines === ledger.events + ledger.blank + ledger.duplicates + ledger.rejected,
    'lines differ from events + blank + duplicates + rejected',
  )
export type LineLedger = z.infer<typeof LineLedger>

/** One line that could not be read: where it is and why, never its text. Offsets count extracted bytes from 0. */
export interface RejectedLine {
  /** From 1. */
  readonly line_no: number
  readonly byte_offset: number
  /** Bytes without the newline. */
  readonly length: number
  readonly reason: RejectReason
}
