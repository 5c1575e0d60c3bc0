// What a coordinator, a worker and a reducer have in common when they start: a log, metrics over HTTP, the results store
// and a connection to the queue. `millrace run` opens all three in one process, a cluster one per process.
import { hostname } from 'node:os'
import type { Bus, BusObserver } from '../runtime/bus/bus.ts'
import { connectBus } from '../runtime/bus/connect_bus.ts'
import { serveHttp } from '../runtime/http_server.ts'
import { createLog, type Log } from '../runtime/log.ts'
import type { LogLevel } from '../runtime/log_level.ts'
import { type CommonMetrics, createMetrics, type Metrics, type Role, storeObserver } from '../runtime/metrics.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import type { Stop } from '../runtime/stop.ts'
import { openResults, type Project } from './project.ts'

export interface OpenRole<R extends Role> extends AsyncDisposable {
  readonly project: Project
  readonly process_id: string
  readonly log: Log
  readonly metrics: Metrics<R>
  readonly results: ObjectStore
  readonly bus: Bus
  readonly stop: Stop
  /** Calls back after the connection to the queue was made anew. */
  onReconnect(listener: () => void): void
  /** Port of /metrics, /healthz and /readyz. */
  readonly http_port: number
}

export interface RoleOptions {
  readonly project: Project
  readonly servers: readonly string[]
  readonly stop: Stop
  readonly log_level: LogLevel
  /** A path; without it, standard error. */
  readonly log_destination?: string
  /** Instead of the port in the config. */
  readonly http_port?: number
}

/** Opens what a role needs; the HTTP server answers before the queue does, so that a probe can tell the two apart. */
export async function openRole<R extends Role>(role: R, options: RoleOptions): Promise<OpenRole<R>> {
  const { project, servers, stop } = options
  const log = createLog({
    role,
    level: options.log_level,
    ...(options.log_destination === undefined ? {} : { destination: options.log_destination }),
  })
  const metrics = createMetrics(role)
  stop.soft.addEventListener('abort', () => metrics.shutdown_in_progress.set(1), { once: true })

  await using stack = new AsyncDisposableStack()
  const health: { bus: Bus | null; closed: boolean } = { bus: null, closed: false }
  const http = stack.use(
    await serveHttp({
      host: project.config.http.host,
      port: options.http_port ?? project.config.http[`${role}_port`],
      metrics,
      ready: async () => (health.bus?.connected() ? [] : ['not connected to NATS']),
      alive: () => (health.closed ? ['the connection to NATS has ended for good'] : []),
      signal: stop.hard,
    }),
  )
  const results = stack.use(await openResults(project, { signal: stop.hard, observe: storeObserver(metrics) }))
  const process_id = `${hostname()}-${process.pid}-${role}`.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  const reconnected = new EventTarget()
  const bus = stack.use(
    await connectBus(
      { ...project.config.queue, servers: [...servers] },
      { name: process_id, base: project.base, observe: observeBus({ log, metrics, reconnected }), signal: stop.soft },
    ),
  )
  metrics.watchConnection(() => bus.connected())
  health.bus = bus
  void bus.closed().then(() => {
    health.closed = true
  })
  log.info('process_started', { process_id, http_port: http.port, nats_server: bus.server_version })
  const opened = stack.move()
  return {
    project,
    process_id,
    log,
    metrics,
    results,
    bus,
    stop,
    http_port: http.port,
    onReconnect: (listener) => reconnected.addEventListener('reconnected', listener),
    [Symbol.asyncDispose]: async () => {
      await opened.disposeAsync()
      log.info('process_stopped', { process_id })
    },
  }
}

function observeBus(given: {
  readonly log: Log
  readonly metrics: CommonMetrics
  readonly reconnected: EventTarget
}): BusObserver {
  const { log, metrics, reconnected } = given
  return {
    status: (event, detail) => {
      if (event === 'reconnected') {
        metrics.nats_reconnects_total.inc()
        reconnected.dispatchEvent(new Event('reconnected'))
      }
      if (event === 'connected' || event === 'closed') log.info(`nats_${event}`, { detail })
      else log.warn(`nats_${event}`, { detail })
    },
    request: (op, seconds) => metrics.nats_request_duration_seconds.observe({ op }, seconds),
    error: (op, kind) => metrics.nats_errors_total.inc({ op, kind }),
  }
}
