// Whether a second thread brings a second core's worth of work. Threads share the process, the store, the queue and the
// memory bus; whatever they wait for together shows here first.
import { type LinkedDays, linkedDays } from './linked_days.ts'
import { type Worked, withWorker } from './measured_worker.ts'
import type { Bench, Figure, Findings, Section } from './section.ts'
import { spreadOf } from './spread.ts'
import { timedCommand } from './timed_command.ts'

const TIMES_MIN = 1.9
const DAYS = 16
const EVENTS = 100_000
const QUICK = { days: 2, events: 1_000 }

/** A batch of days with one thread, with one thread on one core, and with two threads. */
export const twoThreads: Section = {
  key: 'd',
  name: `A batch of ${DAYS} days with one thread and with two, on two cores`,
  target: `two threads at least ${TIMES_MIN} times as fast as one thread on one core`,
  laps: [],
  measure: async (bench) => {
    const day = await bench.day(bench.quick ? QUICK.events : EVENTS)
    const days = await linkedDays(day, bench.quick ? QUICK.days : DAYS)
    return judged(days, await runBatches(days, bench))
  },
}

/** The same batch in three ways, run by run, and what the machine itself gave beside it. */
interface Batches {
  /** How many times as much two programs do that share nothing but the machine. */
  readonly ceiling: readonly number[]
  readonly one: readonly Worked[]
  readonly confined: readonly Worked[]
  readonly two: readonly Worked[]
}

async function runBatches(days: LinkedDays, bench: Bench): Promise<Batches> {
  const ceiling: number[] = []
  const one: Worked[] = []
  const confined: Worked[] = []
  const two: Worked[] = []
  for (let run = 1; run <= bench.runs; run++) {
    bench.tell(
      `A batch of ${days.dates.length} days, run ${run} of ${bench.runs}: one thread, on one core, two threads …`,
    )
    ceiling.push(await measureCeiling(bench))
    one.push(await runBatch(days, { threads: 1 }))
    confined.push(await runBatch(days, { threads: 1, core: 0 }))
    two.push(await runBatch(days, { threads: 2 }))
  }
  return { ceiling, one, confined, two }
}

const HASH = 'head -c "$BYTES" /dev/zero | sha256sum > /dev/null'

/** Hashes nothing in one program and in two at once: cores that are shared with others, or are halves of one, show here. */
async function measureCeiling(bench: Bench): Promise<number> {
  const variables = { BYTES: bench.quick ? '10000000' : '600000000' }
  const alone = await timedCommand(HASH, variables)
  const both = await timedCommand(`{ (${HASH}) & (${HASH}) & wait; }`, variables)
  return (2 * alone.seconds) / both.seconds
}

async function runBatch(
  days: LinkedDays,
  worker: { readonly threads: number; readonly core?: number },
): Promise<Worked> {
  return await withWorker({ days, ...worker }, async ({ work }) => {
    await work(days.warm_up_dates)
    return await work(days.dates)
  })
}

function judged(days: LinkedDays, { ceiling, one, confined, two }: Batches): Findings {
  const ratio = (slow: readonly Worked[]) =>
    spreadOf(slow.map(({ seconds }, run) => seconds / (two[run]?.seconds ?? Number.NaN)))
  const of = (name: string, runs: readonly Worked[]): Figure[] => [
    { name: `time, ${name}`, unit: 's', spread: spreadOf(runs.map((run) => run.seconds)) },
    { name: `CPU time, ${name}`, unit: 'CPU s', spread: spreadOf(runs.map((run) => run.cpu_seconds)) },
    {
      name: `extracted log, ${name}`,
      unit: 'MB/s',
      spread: spreadOf(runs.map((run) => days.raw_bytes / 1e6 / run.seconds)),
    },
  ]
  const against_confined = ratio(confined)
  return {
    figures: [
      { name: 'two threads against one thread on one core', unit: 'times', spread: against_confined },
      { name: 'two threads against one thread free to use both', unit: 'times', spread: ratio(one) },
      { name: 'two programs that share nothing against one', unit: 'times', spread: spreadOf(ceiling) },
      ...of('one thread on one core', confined),
      ...of('one thread, both cores', one),
      ...of('two threads, both cores', two),
    ],
    met: against_confined.median >= TIMES_MIN,
    remarks: [
      'A thread waits for DuckDB, which works on a thread of its own, and the process has a main thread beside them: one thread that may use both cores is not quite one core’s worth of work, so both comparisons are given.',
    ],
  }
}
