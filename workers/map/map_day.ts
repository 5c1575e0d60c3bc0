// One delivered job from start to outcome: already done? dying again and again? else made in a thread, and if that fails,
// put away or tried again. Handlers never acknowledge; what comes out is an `Outcome`.
import { MillraceError } from '../../contracts/errors.ts'
import type { MapJob } from '../../contracts/job.ts'
import { DELIVERIES_MAX } from '../../contracts/limits.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import type { Quarantine } from '../../contracts/quarantine.ts'
import { Receipt } from '../../contracts/receipt.ts'
import { RECIPE } from '../../contracts/recipe.ts'
import { quarantineKey, receiptKey } from '../../contracts/store_layout.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import type { Bus, Delivery } from '../../runtime/bus/bus.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { putRecord, readRecord } from '../../runtime/object_store/records.ts'
import { askSessionKey } from './ask_session_key.ts'
import { countReceipt, countTraffic } from './count_job.ts'
import { outcomeOf } from './outcome_of.ts'
import type { MapPool } from './pool.ts'
import { type Failure, failureOf } from './thread_failure.ts'
import { watchJob } from './watch_job.ts'
import type { Slot } from './worker_tally.ts'

export interface MapDayDeps {
  readonly bus: Bus
  readonly results: ObjectStore
  readonly tables: TableSet
  /** Edition of its GeoIP file; empty without one. */
  readonly geoip: string
  readonly pool: MapPool
  readonly log: Log
  readonly metrics: Metrics<'worker'>
  readonly worker: string
  readonly ack_wait_ms: number
  readonly now: Clock
  /** Let go of everything at once. */
  readonly hard: AbortSignal
}

/** Does one job; never rejects for anything that can go wrong with a day, a store or a thread. */
export async function mapDay(job: MapJob, delivery: Delivery, slot: Slot, deps: MapDayDeps): Promise<Outcome> {
  const { day } = job.log_file
  const attempt = delivery.attempts
  let failure: Failure
  try {
    if (await hasReceipt(job, deps)) return { kind: 'done', how: 'deduplicated' }
    // A partial of another meaning must never lie under this fingerprint.
    if (job.recipe !== RECIPE) throw otherRecipe(job)
    if (job.rules.tables !== deps.tables.partials) throw otherTables(job)
    if (job.rules.geoip !== deps.geoip) throw otherCountries(job)
    if (attempt > DELIVERIES_MAX) failure = crashLoop(job, attempt)
    else {
      const made = await inThread(job, delivery, slot, deps)
      if ('how' in made) return { kind: 'done', how: made.how }
      failure = made
    }
  } catch (error) {
    failure = failureOf(error, `the day ${day.site} ${day.date}`)
    if (!(error instanceof MillraceError)) deps.log.error('day_failed_unexpectedly', { ...idsOf(job), ...failure })
  }
  const outcome = outcomeOf(failure, attempt)
  return outcome.kind === 'quarantine' ? await quarantine(job, outcome, attempt, deps) : outcome
}

async function hasReceipt(job: MapJob, { results, hard }: MapDayDeps): Promise<boolean> {
  const { site, date } = job.log_file.day
  try {
    await readRecord(results, receiptKey(site, date, job.fingerprint), Receipt, { signal: hard })
    return true
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object_missing') return false
    throw error
  }
}

const otherRecipe = ({ recipe, log_file: { day } }: MapJob): MillraceError =>
  new MillraceError(
    'other_recipe',
    `Cannot compute the day ${day.site} ${day.date}: it is wanted by recipe ${recipe}, and this worker knows recipe ${RECIPE}`,
  )

const otherTables = ({ log_file: { day } }: MapJob): MillraceError =>
  new MillraceError(
    'other_tables',
    `Cannot compute the day ${day.site} ${day.date}: the coordinator has other own tables than this worker`,
  )

const otherCountries = ({ log_file: { day } }: MapJob): MillraceError =>
  new MillraceError(
    'other_geoip',
    `Cannot compute the day ${day.site} ${day.date}: the coordinator's config names another edition of the GeoIP file than this worker's`,
  )

function crashLoop(job: MapJob, attempt: number): Failure {
  const { site, date } = job.log_file.day
  return {
    code: 'crash_loop',
    reason: `Cannot finish the day ${site} ${date}: ${attempt - 1} attempts ended without an outcome`,
  }
}

async function inThread(
  job: MapJob,
  delivery: Delivery,
  slot: Slot,
  deps: MapDayDeps,
): Promise<Failure | { readonly how: 'computed' | 'deduplicated' }> {
  const { bus, metrics, hard } = deps
  const { day } = job.log_file
  const stop = new AbortController()
  const letGo = (): void => stop.abort(hard.reason)
  hard.addEventListener('abort', letGo, { once: true })
  let stalled = false
  using _watch = watchJob({
    progress: slot.progress,
    ack_wait_ms: deps.ack_wait_ms,
    beat: () => {
      delivery.beat()
      metrics.job_heartbeats_total.inc()
    },
    stalled: () => {
      stalled = true
      metrics.job_stalls_total.inc()
      stop.abort()
    },
  })
  const stall = { code: 'stalled', reason: `Cannot finish the day ${day.site} ${day.date}: its thread stands still` }
  try {
    if (hard.aborted) letGo()
    const task = { job, attempt: delivery.attempts, worker: deps.worker, progress: slot.progress }
    const result = await deps.pool.run(task, {
      sessionKey: (packets) => askSessionKey(bus, { day, packets }, { signal: stop.signal }),
      signal: stop.signal,
    })
    countTraffic(metrics, result.traffic)
    if (result.kind === 'failed') return stalled ? stall : { code: result.code, reason: result.reason }
    countReceipt(metrics, result.receipt)
    return { how: result.first ? 'computed' : 'deduplicated' }
  } catch (error) {
    if (stalled) return stall
    throw error
  } finally {
    hard.removeEventListener('abort', letGo)
  }
}

/** Puts the day away; when even that fails, the job stays and is tried again. */
async function quarantine(
  job: MapJob,
  outcome: Outcome & { readonly kind: 'quarantine' },
  attempts: number,
  { results, worker, now, hard }: MapDayDeps,
): Promise<Outcome> {
  const { log_file, fingerprint } = job
  const record: Quarantine = {
    version: 1,
    log_file,
    fingerprint,
    class: outcome.class,
    code: outcome.code,
    reason: outcome.reason,
    attempts,
    worker,
    recorded_at: now().toISOString(),
  }
  const key = quarantineKey(log_file.day.site, log_file.day.date, fingerprint)
  try {
    await putRecord(results, key, record, { create_only: true, signal: hard })
    return outcome
  } catch (error) {
    const failure = failureOf(error, `the quarantine record of ${log_file.day.site} ${log_file.day.date}`)
    // Whatever the code, the day itself is not to blame for this one.
    return outcomeOf({ code: failure.code === 'aborted' ? 'aborted' : 'store_unreachable', reason: failure.reason }, 1)
  }
}

/** Names a job in the log. */
export const idsOf = ({ log_file, fingerprint }: MapJob) => ({
  site: log_file.day.site,
  date: log_file.day.date,
  fingerprint,
})
