// One measured day: a real worker process with one thread, which takes the day from a real queue and asks a real key
// service, exactly as in a cluster. What it used is read from the kernel, from outside.
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
import { connectBus } from '../../runtime/bus/connect_bus.ts'
import { createLog } from '../../runtime/log.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { withCluster } from '../fixtures/a_cluster.ts'
import type { Project } from '../fixtures/a_project.ts'
import { type BenchDay, DATE, keyOf, ORGANISATION, WARM_UP_DATE } from './bench_day.ts'
import { cpuSecondsOf, peakMemoryOf } from './process_usage.ts'

export interface WorkerRun {
  /** From the opening of the object to the receipt. */
  readonly seconds: number
  readonly cpu_seconds: number
  /** The most that the process had resident since its start. */
  readonly peak_memory_bytes: number
  readonly events: number
  readonly raw_bytes: number
  /** Seconds per stage. Stages overlap, so they do not add up. */
  readonly stages: Readonly<Record<string, number>>
}

/** A day that takes longer is taken for lost. */
const RUN_MS_MAX = 900_000

/** Starts a worker, lets it warm up on another day, and measures it on the day. */
export async function runWorkerOn(day: BenchDay): Promise<WorkerRun> {
  const { logs_directory, keys_directory } = day
  const settings = { organisation: ORGANISATION, workers: { threads: 1 }, queue: { ack_wait_s: 60 } }
  const { promise, resolve } = Promise.withResolvers<WorkerRun>()
  await withCluster({ logs_directory, keys_directory, settings }, async (cluster) => {
    const signal = AbortSignal.timeout(RUN_MS_MAX)
    const { project } = cluster

    await using bus = await connectTo(project, signal)
    const log = createLog({ role: 'bench', level: 'error' })
    await using _keys = await serveKeys(bus, await loadKeys(project.keys, { log }), { log })
    const worker = await cluster.start('worker')

    await doneOn(bus, await jobOf(project, WARM_UP_DATE, signal), signal)
    const job = await jobOf(project, DATE, signal)
    const cpu_before = await cpuSecondsOf(worker.pid)
    await doneOn(bus, job, signal)
    const cpu_seconds = (await cpuSecondsOf(worker.pid)) - cpu_before
    const peak_memory_bytes = await peakMemoryOf(worker.pid)

    await using results = await project.open('results')
    const key = receiptKey(job.log_file.day.site, job.log_file.day.date, job.fingerprint)
    const { seconds, stages, ledger, bytes } = await readRecord(results, key, Receipt, { signal })
    resolve({ seconds, cpu_seconds, peak_memory_bytes, events: ledger.events, raw_bytes: bytes.raw, stages })
  })
  return await promise
}

async function connectTo(project: Project, signal: AbortSignal): Promise<Bus> {
  const { queue } = await project.config()
  const bus = await connectBus(
    { ...queue, servers: queue.servers ?? [] },
    { name: 'bench', base: project.folder, signal },
  )
  await bus.ensureQueue(bus.subjects.map, { signal })
  return bus
}

async function jobOf(project: Project, date: string, signal: AbortSignal): Promise<MapJob> {
  await using source = await project.open('source')
  for await (const { key, etag, size, last_modified } of source.list(keyOf(date), { signal })) {
    const day = { organisation: ORGANISATION, site: 'edx', date }
    const found = { day, key, etag, size, last_modified: last_modified.toISOString(), wrapping: 'gpg' }
    const log_file = LogFile.parse(found)
    const rules = { duplicates: 'drop' as const, organisations: [ORGANISATION] }
    const fingerprint = fingerprintOf({ log_file, recipe: RECIPE, rules, epoch: 0 })
    return MapJob.parse({ kind: 'map', log_file, fingerprint, recipe: RECIPE, rules })
  }
  throw new Error(`There is no log file of ${date}`)
}

/** Puts a job into the queue and waits until it was done. */
async function doneOn(bus: Bus, job: MapJob, signal: AbortSignal): Promise<void> {
  const { site, date } = job.log_file.day
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lost = (): void => reject(signal.reason)
  signal.addEventListener('abort', lost, { once: true })
  await using _hearing = await bus.listen(bus.subjects.ended, (body) => {
    const ended = Ended.parse(body)
    if (ended.kind !== 'map' || ended.fingerprint !== job.fingerprint) return
    if (ended.result === 'done') resolve()
    else reject(new Error(`The day ${date} ended with ${ended.result}`))
  })
  await bus.publish(bus.subjects.mapJob(site, date, job.fingerprint), job, { id: job.fingerprint, signal })
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', lost)
  }
}
