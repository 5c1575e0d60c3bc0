// What one worker thread does to a day and to one four times as large: events and megabytes per second, where the time
// goes, and whether memory follows the file. It is the first thing to look at when something became slower.
import type { Figure, Findings, Section, Unit } from './section.ts'
import { spreadOf } from './spread.ts'
import type { WorkerRun } from './worker_run.ts'

const MB_PER_SECOND_MIN = 60
const PEAK_BYTES_MAX = 700e6
/** How far the larger day's memory may differ from the day's, as a share. */
const MEMORY_TOLERANCE = 0.1

/** One worker process with one thread, from object to receipt. */
export const oneThread: Section = {
  key: 'day',
  name: 'One worker thread on a day and on one four times as large',
  target: 'at least 60 MB/s of extracted log, under 700 MB resident, the same for the larger day within 10 %',
  laps: ['worker', 'larger'],
  measure: async ({ laps }) => judged(laps.worker, laps.larger),
}

function judged(worker: readonly WorkerRun[], larger: readonly WorkerRun[]): Findings {
  const speed = spreadOf(worker.map((run) => run.raw_bytes / 1e6 / run.seconds))
  const peak = spreadOf(worker.map((run) => run.peak_memory_bytes))
  const growth = spreadOf(
    larger.map((run, index) => run.peak_memory_bytes / (worker[index]?.peak_memory_bytes ?? Number.NaN)),
  )
  const stages = Object.keys(worker[0]?.stages ?? {})
  const of = (name: string, unit: Unit, figure: (run: WorkerRun) => number): Figure[] => [
    { name, unit, spread: spreadOf(worker.map(figure)) },
    { name: `${name}, larger day`, unit, spread: spreadOf(larger.map(figure)) },
  ]
  return {
    figures: [
      ...of('time', 's', (run) => run.seconds),
      ...of('CPU time of the process', 'CPU s', (run) => run.cpu_seconds),
      ...of('events', 'events/s', (run) => run.events / run.seconds),
      ...of('extracted log', 'MB/s', (run) => run.raw_bytes / 1e6 / run.seconds),
      ...of('peak memory of the process', 'bytes', (run) => run.peak_memory_bytes),
      { name: 'peak memory, larger day / day', unit: 'times', spread: growth },
      ...stages.flatMap((stage) => of(`stage ${stage}`, 's', (run) => run.stages[stage] ?? 0)),
    ],
    met:
      speed.median >= MB_PER_SECOND_MIN &&
      peak.median < PEAK_BYTES_MAX &&
      Math.abs(growth.median - 1) <= MEMORY_TOLERANCE,
    remarks: ['Stages are what the thread computes or waits for; they need not add up to the time.'],
  }
}
