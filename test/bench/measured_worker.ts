// A real worker process that takes days from a real queue and asks a real key service, exactly as in a cluster. What it
// used is read from the kernel, from outside, so that threads of zlib, DuckDB and the garbage collector count too.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fingerprintOf } from '../../contracts/fingerprint.ts'
import { MapJob } from '../../contracts/job.ts'
import { LogFile } from '../../contracts/log_file.ts'
import { Ended } from '../../contracts/progress.ts'
import { Receipt } from '../../contracts/receipt.ts'
import { RECIPE } from '../../contracts/recipe.ts'
import { receiptKey } from '../../contracts/store_layout.ts'
import { loadKeys } from '../../coordinator/key_ring.ts'
import { serveKeys } from '../../coordinator/key_service.ts'
import type { Bus } from '../../runtime/bus/bus.ts'
import { createLog } from '../../runtime/log.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { withCluster } from '../fixtures/a_cluster.ts'
import type { Project } from '../fixtures/a_project.ts'
import { type BenchDay, ORGANISATION, SITE } from './bench_day.ts'
import { cpuSecondsOf, peakMemoryOf } from './process_usage.ts'

/** What days took, from the publishing of the first to the end of the last. */
export interface Worked {
  readonly seconds: number
  readonly cpu_seconds: number
  /** The most that the process had resident since its start. */
  readonly peak_memory_bytes: number
  /** In the order of the dates. */
  readonly receipts: readonly Receipt[]
}

export interface MeasuredWorker {
  /** Does the log files of these dates; fails unless every one ends well. */
  work(dates: readonly string[]): Promise<Worked>
}

/** Days that take longer together are taken for lost. */
const WORK_MS_MAX = 1_800_000

/** Starts a worker for `body` and ends it. `core`: the only core that it may use; without it, all of them. */
export async function withWorker<T>(
  given: {
    readonly days: Pick<BenchDay, 'logs_directory' | 'keys_directory'>
    readonly threads: number
    readonly core?: number
  },
  body: (worker: MeasuredWorker) => Promise<T>,
): Promise<T> {
  const { logs_directory, keys_directory } = given.days
  const settings = { organisation: ORGANISATION, workers: { threads: given.threads }, queue: { ack_wait_s: 60 } }
  const { promise, resolve } = Promise.withResolvers<T>()
  await withCluster({ logs_directory, keys_directory, settings }, async (cluster) => {
    const signal = AbortSignal.timeout(WORK_MS_MAX)
    const { project } = cluster

    await using bus = await cluster.connect()
    const log = createLog({ role: 'bench', level: 'error' })
    await using _keys = await serveKeys(bus, await loadKeys(project.keys, { log }), { log })
    await bus.ensureQueue(bus.subjects.map, { signal })
    const { pid } = await cluster.start('worker')
    if (given.core !== undefined) await promisify(execFile)('taskset', ['-acp', String(given.core), String(pid)])

    resolve(await body({ work: (dates) => work(dates, { project, bus, pid, signal }) }))
  })
  return await promise
}

interface Place {
  readonly project: Project
  readonly bus: Bus
  readonly pid: number
  readonly signal: AbortSignal
}

async function work(dates: readonly string[], { project, bus, pid, signal }: Place): Promise<Worked> {
  const jobs = await jobsOf(project, dates, signal)
  const cpu_before = await cpuSecondsOf(pid)
  const started = performance.now()
  await doneOn(bus, jobs, signal)
  const seconds = (performance.now() - started) / 1000
  const cpu_seconds = (await cpuSecondsOf(pid)) - cpu_before
  const peak_memory_bytes = await peakMemoryOf(pid)
  await using results = await project.open('results')
  const receipts: Receipt[] = []
  for (const { log_file, fingerprint } of jobs) {
    const key = receiptKey(log_file.day.site, log_file.day.date, fingerprint)
    receipts.push(await readRecord(results, key, Receipt, { signal }))
  }
  return { seconds, cpu_seconds, peak_memory_bytes, receipts }
}

async function jobsOf(project: Project, dates: readonly string[], signal: AbortSignal): Promise<readonly MapJob[]> {
  const jobs = new Map<string, MapJob>()
  await using source = await project.open('source')
  for await (const { key, etag, size, last_modified } of source.list('', { signal })) {
    const date = dates.find((each) => key.includes(`-${SITE}-events-${each}.log`))
    if (date === undefined) continue
    const day = { organisation: ORGANISATION, site: SITE, date }
    const found = { day, key, etag, size, last_modified: last_modified.toISOString(), wrapping: 'gpg' }
    const log_file = LogFile.parse(found)
    const rules = { duplicates: 'drop' as const, organisations: [ORGANISATION], keep_events: [], tables: '', geoip: '' }
    const fingerprint = fingerprintOf({ log_file, recipe: RECIPE, rules, epoch: 0 })
    jobs.set(date, MapJob.parse({ kind: 'map', log_file, fingerprint, recipe: RECIPE, rules }))
  }
  return dates.map((date) => {
    const job = jobs.get(date)
    if (job === undefined) throw new Error(`There is no log file of ${date}`)
    return job
  })
}

/** Puts jobs into the queue and waits until all were done. */
async function doneOn(bus: Bus, jobs: readonly MapJob[], signal: AbortSignal): Promise<void> {
  const left = new Set<string>(jobs.map((job) => job.fingerprint))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lost = (): void => reject(signal.reason)
  signal.addEventListener('abort', lost, { once: true })
  await using _hearing = await bus.listen(bus.subjects.ended, (body) => {
    const ended = Ended.parse(body)
    if (ended.kind !== 'map' || !left.delete(ended.fingerprint)) return
    if (ended.result !== 'done') reject(new Error(`The day ${ended.date} ended with ${ended.result}`))
    else if (left.size === 0) resolve()
  })
  for (const job of jobs) {
    const { site, date } = job.log_file.day
    await bus.publish(bus.subjects.mapJob(site, date, job.fingerprint), job, { id: job.fingerprint, signal })
  }
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', lost)
  }
}
