// Turns the end of a job into metrics. Threads report plain numbers; a metric that nobody moves would be a lie on a
// dashboard, so all of a job's are moved here.
import type { Outcome } from '../../contracts/outcome.ts'
import type { Receipt } from '../../contracts/receipt.ts'
import { type Metrics, storeObserver } from '../../runtime/metrics.ts'
import { replay } from './store_traffic.ts'
import type { StoreTraffic } from './thread_output.ts'

/** Counts an outcome and the seconds from delivery to it. */
export function countOutcome(metrics: Metrics<'worker'>, site: string, outcome: Outcome, seconds: number): void {
  const result = outcome.kind === 'done' ? outcome.how : outcome.kind
  metrics.jobs_completed_total.inc({ site, result })
  metrics.job_duration_seconds.observe(seconds)
}

/** Counts what a partial was made of. */
export function countReceipt(metrics: Metrics<'worker'>, { ledger, bytes, log_file, stages }: Receipt): void {
  const { site } = log_file.day
  for (const stage of ['encrypted', 'gzip', 'raw'] as const) metrics.input_bytes_total.inc({ stage }, bytes[stage])
  metrics.lines_total.inc({ site, result: 'event' }, ledger.events)
  metrics.lines_total.inc({ site, result: 'blank' }, ledger.blank)
  metrics.lines_total.inc({ site, result: 'duplicate' }, ledger.duplicates)
  metrics.lines_total.inc({ site, result: 'rejected' }, ledger.rejected)
  for (const [reason, lines] of Object.entries(ledger.rejected_by_reason))
    metrics.rejected_lines_total.inc({ site, reason }, lines)
  for (const [stage, seconds] of Object.entries(stages)) metrics.job_stage_duration_seconds.observe({ stage }, seconds)
}

export const countTraffic = (metrics: Metrics<'worker'>, traffic: StoreTraffic): void =>
  replay(traffic, storeObserver(metrics))
