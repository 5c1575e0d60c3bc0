// The receipt of a day without a line, where a measurement needs days that count as done and nothing to compute them from.
import type { PlannedDay } from '../../contracts/plan_record.ts'
import { Receipt } from '../../contracts/receipt.ts'
import { RECIPE } from '../../contracts/recipe.ts'

/** Makes the receipt that a day would have if its log file held no line. */
export const noReceipt = ({ log_file, fingerprint }: Pick<PlannedDay, 'log_file' | 'fingerprint'>): Receipt =>
  Receipt.parse({
    version: 1,
    log_file,
    fingerprint,
    recipe: RECIPE,
    ledger: NO_LINES,
    bytes: { encrypted: log_file.size, gzip: log_file.size, raw: 0 },
    sha256_raw: '0'.repeat(64),
    key_id: null,
    encrypted_at: null,
    courses: [],
    parts: [],
    worker: 'bench',
    attempt: 1,
    started_at: '2026-11-01T00:00:00.000Z',
    seconds: 0.01,
    stages: {},
  })

const NO_LINES = {
  lines: 0,
  events: 0,
  blank: 0,
  duplicates: 0,
  rejected: 0,
  rejected_by_reason: {},
  rescued: 0,
  prefixed: 0,
  truncated_payload: 0,
  no_course: 0,
  foreign_org: 0,
  min_time: null,
  max_time: null,
}
