// What an operator can see of the plan and of the queue: the coordinator alone knows both.
import { JOB_SECONDS, type MetricsMaker } from './metrics_maker.ts'

/** Answers of the key service. */
export const SESSION_KEY_RESULTS = ['ok', 'no_key', 'error'] as const
/** What a heal of the queue did. */
export const HEAL_ACTIONS = ['purge_orphans', 'recreate_consumer'] as const

export type CoordinatorMetrics = ReturnType<typeof coordinatorMetrics>

/** Makes the coordinator's own metrics. */
export function coordinatorMetrics({ counter, gauge, histogram }: MetricsMaker) {
  const metrics = {
    days: gauge('days', 'Days by derived state; the heart of all dashboards', ['site', 'state']),
    days_bytes: gauge('days_bytes', 'Encrypted bytes of the log files of the days in a state', ['site', 'state']),
    dispatch_total: counter('dispatch_total', 'Jobs published to the queue', ['site']),
    queue_messages: gauge('queue_messages', 'Messages in the stream of map jobs'),
    queue_pending: gauge('queue_pending', 'Messages not yet delivered to a worker'),
    queue_ack_pending: gauge('queue_ack_pending', 'Messages delivered and not yet acknowledged'),
    queue_audit_mismatch: gauge(
      'queue_audit_mismatch',
      'Messages in the stream that the consumer accounts for neither as pending nor as delivered',
    ),
    queue_heals_total: counter('queue_heals_total', 'Repairs of the queue by the audit', ['action']),
    sweep_duration_seconds: histogram('sweep_duration_seconds', 'Duration of a sweep', JOB_SECONDS),
    sweep_last_success_timestamp_seconds: gauge(
      'sweep_last_success_timestamp_seconds',
      'When the last sweep ended well, seconds since 1970; 0 before the first',
    ),
    inventory_objects: gauge('inventory_objects', 'Log files found in the source', ['site']),
    inventory_bytes: gauge('inventory_bytes', 'Encrypted bytes of the log files found in the source', ['site']),
    shrink_guard_active: gauge(
      'shrink_guard_active',
      '1 while days that vanished from the source are held in the plan',
      ['site'],
    ),
    session_keys_total: counter('session_keys_total', 'Requests to the key service by result', ['result']),
  }
  for (const result of SESSION_KEY_RESULTS) metrics.session_keys_total.inc({ result }, 0)
  for (const action of HEAL_ACTIONS) metrics.queue_heals_total.inc({ action }, 0)
  return metrics
}
