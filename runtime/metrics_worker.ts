// What an operator can see of the work on days. Threads report plain numbers and the main thread moves these: a thread's
// own registry would die with it.
import { REJECT_REASONS } from '../contracts/ledger.ts'
import { JOB_SECONDS, type MetricsMaker } from './metrics_maker.ts'

/** How a job ended: the outcome, and for a done one how. */
export const JOB_RESULTS = ['computed', 'deduplicated', 'superseded', 'retry', 'quarantine'] as const
/** Where bytes of a log file are counted. */
export const INPUT_STAGES = ['encrypted', 'gzip', 'raw'] as const
/** Where lines of a log file end. */
export const LINE_RESULTS = ['event', 'blank', 'duplicate', 'rejected'] as const
/** Why a thread ended that should not have. */
export const THREAD_EXIT_REASONS = ['memory', 'error', 'abort'] as const

/** Makes a worker's own metrics. */
export function workerMetrics({ counter, gauge, histogram }: MetricsMaker) {
  const metrics = {
    jobs_started_total: counter('jobs_started_total', 'Jobs taken from the queue', ['site']),
    jobs_completed_total: counter('jobs_completed_total', 'Jobs that ended, by result', ['site', 'result']),
    jobs_redelivered_total: counter('jobs_redelivered_total', 'Jobs that had been delivered before'),
    jobs_running: gauge('jobs_running', 'Jobs in hand'),
    job_slots: gauge('job_slots', 'Jobs that can be in hand at the same time: one per thread'),
    job_duration_seconds: histogram('job_duration_seconds', 'From delivery to outcome', JOB_SECONDS),
    job_stage_duration_seconds: histogram(
      'job_stage_duration_seconds',
      'Seconds of a job in one stage; stages overlap and do not add up',
      JOB_SECONDS,
      ['stage'],
    ),
    job_heartbeats_total: counter('job_heartbeats_total', 'Working beats sent for jobs that made progress'),
    job_stalls_total: counter('job_stalls_total', 'Jobs given up because they made no progress'),
    input_bytes_total: counter('input_bytes_total', 'Bytes of log files by stage', ['stage']),
    lines_total: counter('lines_total', 'Lines of log files by what became of them', ['site', 'result']),
    rejected_lines_total: counter('rejected_lines_total', 'Lines that could not be read, by reason', [
      'site',
      'reason',
    ]),
    thread_exits_total: counter('thread_exits_total', 'Threads that ended unexpectedly', ['reason']),
  }
  for (const stage of INPUT_STAGES) metrics.input_bytes_total.inc({ stage }, 0)
  for (const reason of THREAD_EXIT_REASONS) metrics.thread_exits_total.inc({ reason }, 0)
  return {
    ...metrics,
    /** Starts every series of a site at 0, so that the first rejected line already shows as a rate. */
    startSite(site: string): void {
      metrics.jobs_started_total.inc({ site }, 0)
      for (const result of JOB_RESULTS) metrics.jobs_completed_total.inc({ site, result }, 0)
      for (const result of LINE_RESULTS) metrics.lines_total.inc({ site, result }, 0)
      for (const reason of REJECT_REASONS) metrics.rejected_lines_total.inc({ site, reason }, 0)
    },
  }
}
