// The reducer process: takes one merge job after the other from the queue and brings that site's courses up to its plan.
// One job at a time, because a merge uses all the memory and processors that a reducer may have.
//
// States: waiting -> merging -> waiting, until the soft stop (the merge in hand is finished) or the hard stop (it goes
// back to the queue).
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Config } from '../../config/schema.ts'
import { MergeJob } from '../../contracts/job.ts'
import type { Ended, Progress } from '../../contracts/progress.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import type { Bus, Delivery } from '../../runtime/bus/bus.ts'
import { settle } from '../../runtime/bus/settle.ts'
import { cpuQuota } from '../../runtime/cpu.ts'
import type { Log } from '../../runtime/log.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openScratch } from '../../runtime/scratch.ts'
import type { Stop } from '../../runtime/stop.ts'
import { type MergeOutcome, mergeSite } from './merge_site.ts'

const PROGRESS_MS = 500
/** Log files of the days that are merged at one time: their rows take a part of that in scratch. */
const BATCH_BYTES_MAX = 8_589_934_592
/** With more runs of a site a merge makes one of all, so that a day's rows are written anew once in so many merges. */
const RUNS_MAX = 32
/** Pause before a job for other tables is offered again, to a reducer that has them. */
const OTHER_TABLES_RETRY_MS = 5_000
/** A merge that gets nothing done for so long loses its job: one statement over a course of ten years may take minutes. */
const STALL_MS = 900_000

export interface ReducerOptions {
  readonly config: Config
  /** Folder that relative paths of the config start from. */
  readonly base: string
  readonly tables: TableSet
  readonly bus: Bus
  readonly results: ObjectStore
  readonly log: Log
  readonly metrics: Metrics<'reducer'>
  readonly stop: Pick<Stop, 'soft' | 'hard'>
  /** Letters, digits, `_` and `-`: it is part of a subject. */
  readonly process_id: string
  readonly on_progress?: (progress: Progress) => void
}

interface Merging extends ReducerOptions {
  /** Folder of this process. */
  readonly scratch: string
}

/** What the process is at, for the beats and the progress display. */
interface Activity {
  merging: string | null
  moved_at_ms: number
}

/** Works until it is told to stop. */
export async function runReducer(options: ReducerOptions): Promise<void> {
  const { bus, stop, process_id } = options
  const activity: Activity = { merging: null, moved_at_ms: 0 }
  const report = (): void => {
    const progress = progressOf(process_id, activity)
    bus.broadcast(bus.subjects.progress(process_id), progress)
    options.on_progress?.(progress)
  }
  const parent = options.config.reducers.scratch
  await using scratch = await openScratch(parent === undefined ? tmpdir() : resolve(options.base, parent), 'reducer')
  using _reports = every(PROGRESS_MS, report)
  for (;;) {
    const delivery = await nextDelivery(bus, stop.soft)
    if (delivery === null) return
    await handle(delivery, { ...options, scratch: scratch.path }, activity)
    report()
  }
}

async function nextDelivery(bus: Bus, soft: AbortSignal): Promise<Delivery | null> {
  try {
    return await bus.next(bus.subjects.merge, { signal: soft })
  } catch (error) {
    if (soft.aborted) return null
    throw error
  }
}

async function handle(delivery: Delivery, options: Merging, activity: Activity): Promise<void> {
  const { bus, log, metrics, stop } = options
  const job = MergeJob.safeParse(delivery.body)
  if (!job.success) {
    // Nobody can do it, now or later; the next sweep publishes what is needed.
    log.error('job_unreadable', { subject: delivery.subject })
    await settle(delivery, { kind: 'done', how: 'superseded' }, { signal: stop.hard })
    return
  }
  const { site } = job.data
  const started_ms = performance.now()
  const outcome = await beating(delivery, options, activity, () => merge(delivery, job.data, options, activity))
  const result = outcome.kind === 'done' ? outcome.how : outcome.kind
  metrics.merges_total.inc({ result })
  metrics.merge_duration_seconds.observe((performance.now() - started_ms) / 1000)
  if (outcome.kind !== 'done')
    log.warn('merge_put_off', { site, code: outcome.code, reason: outcome.reason, after_ms: outcome.after_ms })
  await settle(delivery, outcome, { signal: stop.hard })
  bus.broadcast(bus.subjects.ended, { kind: 'merge', site, result: outcome.kind } satisfies Ended)
}

async function merge(
  delivery: Delivery,
  { site, declarations }: MergeJob,
  options: Merging,
  activity: Activity,
): Promise<MergeOutcome> {
  const { config, tables, scratch, results, log, metrics } = options
  const { reducers } = config
  if (declarations !== tables.declarations) {
    const reason = `Cannot merge "${site}": the coordinator has other tables, or other rules for them, than this reducer`
    return { kind: 'retry', after_ms: OTHER_TABLES_RETRY_MS, code: 'other_tables', reason }
  }
  return await mergeSite(site, {
    results,
    tables,
    organisations: [config.organisation, ...config.aliases],
    scratch,
    memory_mb: reducers.memory_mb,
    threads: cpuQuota(),
    batch_days_max: reducers.batch_days_max,
    batch_bytes_max: BATCH_BYTES_MAX,
    runs_max: RUNS_MAX,
    check_all: delivery.attempts > 1,
    log,
    metrics,
    progress: (what) => {
      activity.merging = what
      activity.moved_at_ms = performance.now()
    },
    signal: options.stop.hard,
  })
}

/** Beats four times in an ack wait while the merge moves; a wedged one must lose its job to another reducer. */
async function beating<T>(
  delivery: Delivery,
  options: ReducerOptions,
  activity: Activity,
  work: () => Promise<T>,
): Promise<T> {
  activity.moved_at_ms = performance.now()
  using _beats = every((options.config.queue.ack_wait_s * 1000) / 4, () => {
    if (performance.now() - activity.moved_at_ms < STALL_MS) delivery.beat()
  })
  try {
    return await work()
  } finally {
    activity.merging = null
  }
}

const progressOf = (process_id: string, activity: Activity): Progress => ({
  role: 'reducer',
  process_id,
  slots: 1,
  running: [],
  days_done: 0,
  days_failed: 0,
  raw_bytes: 0,
  encrypted_bytes: 0,
  events: 0,
  merging: activity.merging,
})

function every(ms: number, act: () => void): Disposable {
  const timer = setInterval(act, ms)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
