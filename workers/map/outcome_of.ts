// What a failure means for a job: again later, never as it is, or no longer wanted. One pure function, so that the rule by
// which days end in quarantine can be read in one place and tested as a table.
import { ERROR_CODES, type ErrorCode, isRetryable } from '../../contracts/errors.ts'
import { DELIVERIES_MAX } from '../../contracts/limits.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import type { QuarantineClass } from '../../contracts/quarantine.ts'
import { type Backoff, delayMs } from '../../runtime/backoff.ts'
import type { Failure } from './thread_failure.ts'

const BACKOFF: Backoff = { base_ms: 10_000, cap_ms: 600_000 }

const CLASSES: Readonly<Partial<Record<ErrorCode, QuarantineClass>>> = {
  no_key: 'key',
  key_unreadable: 'key',
  not_openpgp: 'decrypt',
  decrypt_corrupt: 'decrypt',
  decrypt_unauthenticated: 'decrypt',
  decrypt_unsupported: 'decrypt',
  gzip_corrupt: 'gzip',
  bomb: 'bomb',
  crash_loop: 'crash_loop',
}

/** Failures that speak against the day itself when they come again and again: its worker died or hung on it. */
const SUSPICIOUS: readonly ErrorCode[] = ['thread_lost', 'stalled']
/** The log file is not the one that was planned: the next sweep plans the one that is there. */
const OVERTAKEN: readonly ErrorCode[] = ['object_changed', 'object_missing']

/**
 * Decides by code and attempt. A store or key service that is away for long would use up a day's deliveries; then the job
 * is let go as superseded, and the next sweep, which finds the day wanted and not queued, publishes it afresh.
 */
export function outcomeOf(failure: Failure, attempts: number, random?: () => number): Outcome {
  const code = ERROR_CODES.find((known) => known === failure.code) ?? 'thread_lost'
  const { reason } = failure
  if (OVERTAKEN.includes(code)) return { kind: 'done', how: 'superseded' }
  if (!isRetryable(code)) return { kind: 'quarantine', class: CLASSES[code] ?? 'other', code, reason }
  if (attempts >= DELIVERIES_MAX && !SUSPICIOUS.includes(code)) return { kind: 'done', how: 'superseded' }
  const after_ms = code === 'aborted' ? 0 : delayMs(attempts, BACKOFF, random)
  return { kind: 'retry', after_ms, code, reason }
}
