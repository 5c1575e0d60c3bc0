// How fast the machinery itself is: what a job costs here, every other job pays too, and a backlog of twenty years has small
// days in thousands.
//
// An empty job is one whose thread answers at once (idle_thread.ts). All else is real: planned and published by a coordinator
// process, taken from nats-server by a worker process, its receipt looked for, handed to a thread and back, acknowledged,
// logged, the coordinator told. Beside it, days without a line as whole jobs: file proved whole, receipt forced to disk.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Ended } from '../../contracts/progress.ts'
import type { Bus } from '../../runtime/bus/bus.ts'
import { withCluster } from '../fixtures/a_cluster.ts'
import type { RoleProcess } from '../fixtures/role_process.ts'
import { ORGANISATION } from './bench_day.ts'
import { type History, madeHistory } from './history.ts'
import { cpuSecondsOf } from './process_usage.ts'
import type { Bench, Figure, Findings, Section } from './section.ts'
import { percentileOf, spreadOf } from './spread.ts'

const JOBS_PER_SECOND_MIN = 500
const IDLE_MS_MAX = 50
/** Jobs of a run: days of three sites. */
const DAYS = { usual: 2_000, quick: 20 }
const DAYS_OF_WHOLE_JOBS = { usual: 300, quick: 5 }
const SLOTS = 2
const RUN_MS_MAX = 600_000

const IDLE_WORKER = fileURLToPath(new URL('./idle_worker.ts', import.meta.url))

/** Empty jobs through coordinator, queue and one worker process, and days without a line as whole jobs. */
export const emptyJobs: Section = {
  key: 'f',
  name: `Empty jobs through coordinator, queue and a worker of ${SLOTS} slots`,
  target: `at least ${JOBS_PER_SECOND_MIN} a second; a slot idle between two jobs at most ${IDLE_MS_MAX} ms in 99 of 100 cases`,
  laps: [],
  measure: async (bench) => {
    const size = bench.quick ? 'quick' : 'usual'
    const empty: JobsRun[] = []
    const whole: JobsRun[] = []
    for (let run = 1; run <= bench.runs; run++) {
      bench.tell(`Empty jobs, run ${run} of ${bench.runs}: empty ones, days without a line …`)
      empty.push(await runJobs(await madeHistory(bench.folder, DAYS[size]), bench, IDLE_WORKER))
      whole.push(await runJobs(await madeHistory(bench.folder, DAYS_OF_WHOLE_JOBS[size]), bench))
    }
    return judged(empty, whole)
  },
}

function judged(empty: readonly JobsRun[], whole: readonly JobsRun[]): Findings {
  const rate = spreadOf(empty.map((run) => run.jobs_per_second))
  const idle = spreadOf(empty.map((run) => run.idle_p99_ms))
  const of = (runs: readonly JobsRun[], name: string): readonly Figure[] => [
    { name: `${name} per second`, unit: 'jobs/s', spread: spreadOf(runs.map((run) => run.jobs_per_second)) },
    { name: `${name}: slot idle, 99th percentile`, unit: 'ms', spread: spreadOf(runs.map((run) => run.idle_p99_ms)) },
    { name: `${name}: slot idle, median`, unit: 'ms', spread: spreadOf(runs.map((run) => run.idle_median_ms)) },
    {
      name: `${name}: CPU time of a job, worker`,
      unit: 'CPU ms',
      spread: spreadOf(runs.map((run) => run.worker_cpu_ms)),
    },
    {
      name: `${name}: CPU time of a job, coordinator`,
      unit: 'CPU ms',
      spread: spreadOf(runs.map((run) => run.coordinator_cpu_ms)),
    },
  ]
  return {
    figures: [...of(empty, 'empty jobs'), ...of(whole, 'days without a line')],
    met: rate.median >= JOBS_PER_SECOND_MIN && idle.median <= IDLE_MS_MAX,
    remarks: [
      'Empty: the thread answers at once; plan, publishing, queue, look-up of the receipt, hand-over to a thread, acknowledgement and log are real. Counted from the first end of a job to the last, by somebody who hears what the coordinator hears.',
    ],
  }
}

interface JobsRun {
  readonly jobs_per_second: number
  readonly idle_median_ms: number
  readonly idle_p99_ms: number
  readonly worker_cpu_ms: number
  readonly coordinator_cpu_ms: number
}

async function runJobs(history: History, bench: Bench, worker_program?: string): Promise<JobsRun> {
  const keys_directory = join(bench.folder, 'no_keys')
  await mkdir(keys_directory, { recursive: true })
  // No second sweep: it would find no receipts of empty jobs.
  const settings = { organisation: ORGANISATION, workers: { threads: SLOTS }, queue: { ack_wait_s: 60 }, sweep_s: 3600 }
  const { promise, resolve } = Promise.withResolvers<JobsRun>()
  await withCluster({ ...history, keys_directory, settings }, async (cluster) => {
    await using bus = await cluster.connect()
    await using ends = await listenToEnds(bus, history.files, AbortSignal.timeout(RUN_MS_MAX))
    const worker = await cluster.start('worker', worker_program)
    const coordinator = await cluster.start('coordinator')
    const before = { worker: await cpuSecondsOf(worker.pid), coordinator: await cpuSecondsOf(coordinator.pid) }
    const seconds = await ends.seconds
    const cpuMs = (now: number, then: number): number => ((now - then) * 1000) / history.files
    const worker_cpu_ms = cpuMs(await cpuSecondsOf(worker.pid), before.worker)
    const coordinator_cpu_ms = cpuMs(await cpuSecondsOf(coordinator.pid), before.coordinator)
    const idle = await idleTimesOf(worker)
    resolve({
      jobs_per_second: (history.files - 1) / seconds,
      idle_median_ms: percentileOf(idle, 50),
      idle_p99_ms: percentileOf(idle, 99),
      worker_cpu_ms,
      coordinator_cpu_ms,
    })
  })
  return await promise
}

/** Hears the ends of so many jobs; `seconds` is the time from the first to the last. */
async function listenToEnds(
  bus: Bus,
  jobs: number,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly seconds: Promise<number> }> {
  const { promise: seconds, resolve, reject } = Promise.withResolvers<number>()
  // Whoever fails before it waits for the end shall not be drowned out by it.
  seconds.catch(() => undefined)
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  let first_ms = 0
  let count = 0
  const listening = await bus.listen(bus.subjects.ended, (body) => {
    const ended = Ended.parse(body)
    if (ended.kind !== 'map') return
    if (ended.result !== 'done') reject(new Error(`The day ${ended.date} ended with ${ended.result}`))
    if (count === 0) first_ms = performance.now()
    count += 1
    if (count === jobs) resolve((performance.now() - first_ms) / 1000)
  })
  return { seconds, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() }
}

const Done = z.looseObject({ idle_ms: z.number() })

/** How long the slots of a worker had nothing to do before each job but their first, as its log tells. */
async function idleTimesOf(worker: RoleProcess): Promise<readonly number[]> {
  return (await worker.events('day_done')).flatMap((line) => {
    const read = Done.safeParse(line)
    return read.success ? [read.data.idle_ms] : []
  })
}
