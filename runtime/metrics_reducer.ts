// What an operator can see of the merging of days into course databases.
import { JOB_SECONDS, type MetricsMaker } from './metrics_maker.ts'

/** How a merge ended: the outcome, and for a done one how. */
export const MERGE_RESULTS = ['computed', 'deduplicated', 'superseded', 'retry', 'quarantine'] as const
/** What a merge did with a day. */
export const MERGE_DAY_OPS = ['added', 'replaced', 'removed'] as const
/** Whether a new head could be created or its number was taken. */
export const HEAD_RESULTS = ['created', 'conflict'] as const

/** Makes a reducer's own metrics. */
export function reducerMetrics({ counter, gauge, histogram }: MetricsMaker) {
  const metrics = {
    merges_total: counter('merges_total', 'Merges of a site that ended, by result', ['result']),
    merge_duration_seconds: histogram('merge_duration_seconds', 'Duration of a merge of a site', JOB_SECONDS),
    merge_days_total: counter('merge_days_total', 'Days that merges added, replaced or removed', ['op']),
    merge_conflicts_total: counter('merge_conflicts_total', 'Merges begun again because another reducer was faster'),
    course_databases: gauge('course_databases', 'Course databases that the last merges left current'),
    verify_failures_total: counter('verify_failures_total', 'Course databases that differed from their receipts'),
    head_updates_total: counter('head_updates_total', 'Attempts to create a new head', ['result']),
  }
  for (const result of MERGE_RESULTS) metrics.merges_total.inc({ result }, 0)
  for (const op of MERGE_DAY_OPS) metrics.merge_days_total.inc({ op }, 0)
  for (const result of HEAD_RESULTS) metrics.head_updates_total.inc({ result }, 0)
  return metrics
}
