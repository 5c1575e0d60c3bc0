// The runs over the measured day. What is compared is measured in turn within one benchmark, over the same file: a machine
// that is busy for a minute is then busy for all of them, and a ratio stays right where seconds do not.
import type { BenchDay } from './bench_day.ts'
import { type DuckdbRun, type PipelineRun, runDuckdbPipeline, runPythonPipeline } from './pipeline.ts'
import { runWorkerOn, type WorkerRun } from './worker_run.ts'

/** `worker`: one worker thread. `larger`: the same on the larger day. The others are the pipelines of pipeline.ts. */
export type LapKind = 'worker' | 'larger' | 'duckdb' | 'python'

/** As many runs of each kind as were asked for; none of a kind that no section reads. */
export interface Laps {
  /** The days that were run over. */
  readonly days: readonly BenchDay[]
  readonly worker: readonly WorkerRun[]
  readonly larger: readonly WorkerRun[]
  readonly duckdb: readonly DuckdbRun[]
  readonly python: readonly PipelineRun[]
}

/** How many times larger the larger day is. */
export const LARGER = 4

/** Does the runs of all kinds that are wanted, one of each in turn. */
export async function runLaps(given: {
  readonly kinds: ReadonlySet<LapKind>
  readonly runs: number
  readonly events: number
  readonly dayOf: (events: number) => Promise<BenchDay>
  readonly tell: (line: string) => void
}): Promise<Laps> {
  const { kinds, runs, tell } = given
  const worker: WorkerRun[] = []
  const larger: WorkerRun[] = []
  const duckdb: DuckdbRun[] = []
  const python: PipelineRun[] = []
  if (kinds.size === 0) return { days: [], worker, larger, duckdb, python }
  const day = await given.dayOf(given.events)
  const larger_day = kinds.has('larger') ? await given.dayOf(given.events * LARGER) : null
  for (let run = 1; run <= runs; run++) {
    tell(`The measured day, run ${run} of ${runs}: ${[...kinds].join(', ')} …`)
    if (kinds.has('worker')) worker.push(await runWorkerOn(day))
    if (kinds.has('duckdb')) duckdb.push(await runDuckdbPipeline(day))
    if (kinds.has('python')) python.push(await runPythonPipeline(day))
    if (larger_day !== null) larger.push(await runWorkerOn(larger_day))
  }
  return { days: larger_day === null ? [day] : [day, larger_day], worker, larger, duckdb, python }
}
