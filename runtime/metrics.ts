// All that Prometheus sees of a process: one object with one metric per name, whose labels come from closed sets. Without
// it nobody could tell a slow run from a stuck one.
import { readFileSync } from 'node:fs'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { z } from 'zod'
import { coordinatorMetrics } from './metrics_coordinator.ts'
import { type MetricsMaker, metricsMaker, REQUEST_SECONDS } from './metrics_maker.ts'
import { reducerMetrics } from './metrics_reducer.ts'
import { workerMetrics } from './metrics_worker.ts'
import { RETRY_REASONS, STORE_OPS, type StoreObserver } from './object_store/object_store.ts'

const ROLE_METRICS = { coordinator: coordinatorMetrics, worker: workerMetrics, reducer: reducerMetrics } as const
export type Role = keyof typeof ROLE_METRICS

type RoleMetrics = { [R in Role]: ReturnType<(typeof ROLE_METRICS)[R]> }

/** prom-client's own metrics that break the naming rules of Prometheus (gauges called `_total`). */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** What every role has. Most code needs no more than this. */
export interface CommonMetrics extends ReturnType<typeof commonMetrics> {
  readonly registry: Registry
  /** Takes `nats_connected` from here whenever Prometheus asks; 0 until then. */
  watchConnection(connected: () => boolean): void
}

export type Metrics<R extends Role = Role> = CommonMetrics & RoleMetrics[R]

/** Makes the metrics of one role in a registry of their own. */
export function createMetrics<R extends Role>(role: R): Metrics<R> {
  const registry = new Registry()
  const maker = metricsMaker(registry)
  let connected = () => false
  const common: CommonMetrics = {
    ...commonMetrics(maker, () => (connected() ? 1 : 0)),
    registry,
    watchConnection(watched) {
      connected = watched
    },
  }
  common.build_info.set({ version: ownVersion(), node: process.versions.node, role }, 1)
  for (const op of STORE_OPS) {
    common.store_request_duration_seconds.zero({ op, result: 'ok' })
    for (const reason of RETRY_REASONS) common.store_retries_total.inc({ op, reason }, 0)
  }
  common.store_bytes_total.inc({ direction: 'in' }, 0)
  common.store_bytes_total.inc({ direction: 'out' }, 0)
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  // ROLE_METRICS[role] returns RoleMetrics[R] by the definition of both; the compiler sees only the union of all roles.
  const own = ROLE_METRICS[role](maker) as RoleMetrics[R]
  return { ...common, ...own }
}

function commonMetrics({ counter, gauge, histogram }: MetricsMaker, connected: () => number) {
  return {
    build_info: gauge('build_info', 'Always 1; its labels tell what runs', ['version', 'node', 'role']),
    nats_connected: gauge('nats_connected', '1 while the connection to NATS stands', [], connected),
    nats_reconnects_total: counter('nats_reconnects_total', 'Connections to NATS made anew'),
    nats_request_duration_seconds: histogram(
      'nats_request_duration_seconds',
      'Duration of requests to NATS',
      REQUEST_SECONDS,
      ['op'],
    ),
    nats_errors_total: counter('nats_errors_total', 'Errors of NATS by kind', ['op', 'kind']),
    store_request_duration_seconds: histogram(
      'store_request_duration_seconds',
      'Duration of requests to an object store, their retries included',
      REQUEST_SECONDS,
      ['op', 'result'],
    ),
    store_bytes_total: counter('store_bytes_total', 'Bytes from (in) and to (out) the object stores', ['direction']),
    store_retries_total: counter('store_retries_total', 'Requests to an object store made again', ['op', 'reason']),
    shutdown_in_progress: gauge('shutdown_in_progress', '1 since the process was told to stop'),
  }
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}

/** Feeds the metrics from an object store. */
export function storeObserver(metrics: CommonMetrics): StoreObserver {
  return {
    request: (op, seconds, result) => metrics.store_request_duration_seconds.observe({ op, result }, seconds),
    bytes: (direction, n) => metrics.store_bytes_total.inc({ direction }, n),
    retry: (op, reason) => metrics.store_retries_total.inc({ op, reason }),
  }
}
