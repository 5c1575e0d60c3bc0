// The worker process: as many slots as threads, each of which takes one job from the queue, sees it through and takes the
// next. The pull is the backpressure: no job waits in a worker while another worker has a free thread.
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Config } from '../../config/schema.ts'
import { MapJob } from '../../contracts/job.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import type { Ended, Progress } from '../../contracts/progress.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import type { Bus, Delivery } from '../../runtime/bus/bus.ts'
import { settle } from '../../runtime/bus/settle.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import type { Stop } from '../../runtime/stop.ts'
import { workerThreads } from '../../runtime/worker_threads.ts'
import { countOutcome } from './count_job.ts'
import { openCountries } from './countries.ts'
import { idsOf, type MapDayDeps, mapDay } from './map_day.ts'
import { createPool } from './pool.ts'
import { type Slot, WorkerTally } from './worker_tally.ts'

const PROGRESS_MS = 500

export interface WorkerOptions {
  readonly config: Config
  /** Folder that relative paths of the config start from. */
  readonly base: string
  readonly tables: TableSet
  readonly bus: Bus
  readonly results: ObjectStore
  readonly log: Log
  readonly metrics: Metrics<'worker'>
  readonly stop: Pick<Stop, 'soft' | 'hard'>
  /** Letters, digits, `_` and `-`: it is part of a subject. */
  readonly process_id: string
  readonly on_progress?: (progress: Progress) => void
  /** Instead of the usual program of the threads. */
  readonly thread_program?: URL
}

/**
 * Works until it is told to stop. States: working -> draining at the soft stop (no new jobs, those in hand are finished)
 * -> letting go at the hard stop (jobs in hand go back to the queue) -> ended.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { config, base, bus, log, metrics, stop, process_id } = options
  const threads = workerThreads(config)
  const geoip_path = config.geoip === undefined ? null : resolve(base, config.geoip.file)
  // Without the file no day could be computed: better told now than once for each.
  if (geoip_path !== null) await openCountries(geoip_path)
  const tally = new WorkerTally(process_id, threads)
  metrics.job_slots.set(threads)

  await using pool = await createPool({
    threads,
    settings: {
      source: config.source,
      results: config.results,
      base,
      scratch: config.workers.scratch === undefined ? tmpdir() : resolve(base, config.workers.scratch),
      memory_mb: config.workers.thread_memory_mb,
      allow_unauthenticated: config.allow_unauthenticated,
      geoip_path,
      own_tables: options.tables.own.filter((table) => table.kind === 'summed' || table.kind === 'kept'),
    },
    exited: (reason, error) => {
      metrics.thread_exits_total.inc({ reason })
      log.warn('thread_exited', { reason, kind: error.name })
    },
    ...(options.thread_program === undefined ? {} : { program: options.thread_program }),
  })
  const report = (): void => {
    const progress = tally.snapshot()
    bus.broadcast(bus.subjects.progress(process_id), progress)
    options.on_progress?.(progress)
  }
  using _reports = every(PROGRESS_MS, report)

  // A slot that fails (the connection ended for good) takes the others with it: the process must end, not limp.
  const broken = new AbortController()
  using _hard = linked(broken, stop.hard)
  const pulling = new AbortController()
  using _soft = linked(pulling, stop.soft)
  using _broken = linked(pulling, broken.signal)
  const ack_wait_ms = config.queue.ack_wait_s * 1000
  const deps: MapDayDeps = {
    ...options,
    geoip: config.geoip?.edition ?? '',
    pool,
    worker: process_id,
    ack_wait_ms,
    now: systemClock,
    hard: broken.signal,
  }
  const ended = await Promise.allSettled(
    tally.slots.map((slot) =>
      workSlot(slot, tally, deps, pulling.signal).catch((error: unknown) => {
        broken.abort(error)
        throw error
      }),
    ),
  )
  report()
  for (const slot of ended) if (slot.status === 'rejected') throw slot.reason
}

/**
 * States of a slot: pulling -> working -> settling and pulling at one time -> working. Its thread is free when the work is
 * done, so the next message is asked for while the last one is still acknowledged; it never has two jobs.
 */
async function workSlot(slot: Slot, tally: WorkerTally, deps: MapDayDeps, pulling: AbortSignal): Promise<void> {
  const { bus } = deps
  let last: Ending | null = null
  try {
    while (!pulling.aborted) {
      const delivery: Delivery = await bus.next(bus.subjects.map, { signal: pulling })
      await last?.settled
      const idle_ms = last === null ? null : Math.round((performance.now() - last.worked_ms) * 10) / 10
      last = await takeJob(delivery, slot, tally, deps, idle_ms)
      // Heard when the next message is there; until then a failure must not end the process.
      last.settled.catch(() => undefined)
    }
  } catch (error) {
    if (!pulling.aborted) throw error
  } finally {
    await last?.settled
  }
}

/** The end of a job: when its work was done, and the acknowledgement that is on its way. */
interface Ending {
  readonly worked_ms: number
  readonly settled: Promise<void>
}

async function takeJob(
  delivery: Delivery,
  slot: Slot,
  tally: WorkerTally,
  deps: MapDayDeps,
  idle_ms: number | null,
): Promise<Ending> {
  const { log, metrics, hard } = deps
  const read = MapJob.safeParse(delivery.body)
  if (!read.success) {
    // Acknowledged, or it would come back for ever. The sweep publishes whatever is wanted in words of its own version.
    log.error('job_unreadable', { subject: delivery.subject, attempts: delivery.attempts })
    const settled = settle(delivery, { kind: 'done', how: 'superseded' }, { signal: hard })
    return { worked_ms: performance.now(), settled }
  }
  const job = read.data
  const { site } = job.log_file.day
  const started = performance.now()
  metrics.startSite(site)
  metrics.jobs_started_total.inc({ site })
  if (delivery.attempts > 1) metrics.jobs_redelivered_total.inc()
  metrics.jobs_running.inc()
  tally.begin(slot, job)
  const outcome = await mapDay(job, delivery, slot, deps)
  const worked_ms = performance.now()
  const seconds = (worked_ms - started) / 1000
  const settled = settleAndTell(delivery, job, outcome, deps)
  const waited = idle_ms === null ? {} : { idle_ms }
  logOutcome(log, job, outcome, { attempts: delivery.attempts, seconds, ...waited, ...slot.progress.read() })
  tally.end(slot, outcome)
  metrics.jobs_running.dec()
  countOutcome(metrics, site, outcome, seconds)
  return { worked_ms, settled }
}

/** The coordinator is told when the queue no longer holds the job, or it would count it as one of those outstanding. */
async function settleAndTell(
  delivery: Delivery,
  job: MapJob,
  outcome: Outcome,
  { bus, hard }: Pick<MapDayDeps, 'bus' | 'hard'>,
): Promise<void> {
  await settle(delivery, outcome, { signal: hard })
  bus.broadcast(bus.subjects.ended, hintOf(job, outcome))
}

/** A job that was overtaken is done with, but left no receipt: the hint must not make the coordinator believe in one. */
function hintOf(job: MapJob, outcome: Outcome): Ended {
  const overtaken = outcome.kind === 'done' && outcome.how === 'superseded'
  return { kind: 'map', ...idsOf(job), result: overtaken ? 'retry' : outcome.kind }
}

function logOutcome(log: Log, job: MapJob, outcome: Outcome, fields: Readonly<Record<string, number>>): void {
  const ids = { ...idsOf(job), ...fields }
  switch (outcome.kind) {
    case 'done':
      log.info('day_done', { ...ids, how: outcome.how })
      return
    case 'retry':
      log.warn('day_given_back', { ...ids, code: outcome.code, reason: outcome.reason, after_ms: outcome.after_ms })
      return
    case 'quarantine':
      log.error('day_quarantined', { ...ids, class: outcome.class, code: outcome.code, reason: outcome.reason })
      return
  }
}

function every(ms: number, act: () => void): Disposable {
  const timer = setInterval(act, ms)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Aborts a controller when a signal aborts, until disposed of. */
function linked(controller: AbortController, signal: AbortSignal): Disposable {
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', abort) }
}
