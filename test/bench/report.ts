// What the measured runs say together, for people as a table and for programs as JSON.
import { bytesText, grouped, type Output } from '../../cli/output.ts'
import type { BenchDay } from './bench_day.ts'
import type { Machine } from './machine.ts'
import type { PipelineRun } from './pipeline.ts'
import { type Spread, spreadOf, spreadText } from './spread.ts'
import type { WorkerRun } from './worker_run.ts'

export interface Report {
  readonly machine: Machine
  readonly runs: number
  readonly day: DayFacts
  readonly larger_day: DayFacts
  readonly worker: WorkerReport
  readonly larger: WorkerReport
  readonly pipeline: { readonly seconds: Spread; readonly cpu_seconds: Spread; readonly events: number }
  /** How often the worker's time fits into that of the pipeline, run by run. */
  readonly pipeline_ratio: { readonly seconds: Spread; readonly cpu_seconds: Spread }
  /** Peak memory for the larger day over that for the day, run by run. */
  readonly memory_ratio: Spread
}

interface DayFacts {
  readonly events: number
  readonly lines: number
  readonly raw_bytes: number
  readonly encrypted_bytes: number
}

interface WorkerReport {
  readonly seconds: Spread
  readonly cpu_seconds: Spread
  readonly events_per_second: Spread
  /** Megabytes (1,000,000 bytes) of extracted log per second, and per second of CPU. */
  readonly mb_per_second: Spread
  readonly mb_per_cpu_second: Spread
  readonly peak_memory_bytes: Spread
  readonly stages: Readonly<Record<string, Spread>>
}

/** Sums the runs up; there is as many of each kind. */
export function reportOf(given: {
  readonly machine: Machine
  readonly day: BenchDay
  readonly larger_day: BenchDay
  readonly worker: readonly WorkerRun[]
  readonly larger: readonly WorkerRun[]
  readonly pipeline: readonly PipelineRun[]
}): Report {
  const { worker, larger, pipeline } = given
  const ratio = (whole: readonly number[], part: readonly number[]): Spread =>
    spreadOf(whole.map((figure, run) => figure / (part[run] ?? Number.NaN)))
  const of = <K extends string>(runs: readonly Readonly<Record<K, number>>[], name: K): readonly number[] =>
    runs.map((run) => run[name])
  return {
    machine: given.machine,
    runs: worker.length,
    day: factsOf(given.day),
    larger_day: factsOf(given.larger_day),
    worker: workerReportOf(worker),
    larger: workerReportOf(larger),
    pipeline: {
      seconds: spreadOf(of(pipeline, 'seconds')),
      cpu_seconds: spreadOf(of(pipeline, 'cpu_seconds')),
      events: pipeline[0]?.events ?? 0,
    },
    pipeline_ratio: {
      seconds: ratio(of(pipeline, 'seconds'), of(worker, 'seconds')),
      cpu_seconds: ratio(of(pipeline, 'cpu_seconds'), of(worker, 'cpu_seconds')),
    },
    memory_ratio: ratio(of(larger, 'peak_memory_bytes'), of(worker, 'peak_memory_bytes')),
  }
}

const factsOf = ({ events, lines, raw_bytes, encrypted_bytes }: BenchDay): DayFacts => ({
  events,
  lines,
  raw_bytes,
  encrypted_bytes,
})

function workerReportOf(runs: readonly WorkerRun[]): WorkerReport {
  const spread = (figure: (run: WorkerRun) => number): Spread => spreadOf(runs.map(figure))
  const names = Object.keys(runs[0]?.stages ?? {})
  return {
    seconds: spread((run) => run.seconds),
    cpu_seconds: spread((run) => run.cpu_seconds),
    events_per_second: spread((run) => run.events / run.seconds),
    mb_per_second: spread((run) => run.raw_bytes / 1e6 / run.seconds),
    mb_per_cpu_second: spread((run) => run.raw_bytes / 1e6 / run.cpu_seconds),
    peak_memory_bytes: spread((run) => run.peak_memory_bytes),
    stages: Object.fromEntries(names.map((name) => [name, spread((run) => run.stages[name] ?? 0)])),
  }
}

/** Shows a report to people. */
export function showReport(report: Report, output: Output): void {
  const { machine, day, larger_day, worker, larger, pipeline, pipeline_ratio, memory_ratio } = report
  const seconds = (spread: Spread): string => spreadText(spread, (figure) => figure.toFixed(2))
  const whole = (spread: Spread): string => spreadText(spread, (figure) => grouped(Math.round(figure)))
  const memory = (spread: Spread): string => spreadText(spread, bytesText)
  const times = (spread: Spread): string => spreadText(spread, (figure) => `${figure.toFixed(2)}×`)

  output.line(
    `${machine.processor}, ${machine.cores} cores, ${bytesText(machine.memory_bytes)}, load ${machine.load_before.toFixed(2)} before; Node ${machine.node}, DuckDB ${machine.duckdb}; ${machine.measured_at}`,
  )
  for (const each of [day, larger_day])
    output.line(
      `Day of ${grouped(each.events)} events: ${bytesText(each.raw_bytes)} of log, ${bytesText(each.encrypted_bytes)} encrypted (${(each.raw_bytes / each.encrypted_bytes).toFixed(1)}×), ${Math.round(each.raw_bytes / each.lines)} bytes a line`,
    )
  output.line(`Median of ${report.runs} runs (least – most)`)
  output.line()
  output.table(
    ['one worker thread, object to receipt', `${grouped(day.events)} events`, `${grouped(larger_day.events)} events`],
    [
      ['seconds', seconds(worker.seconds), seconds(larger.seconds)],
      ['CPU seconds', seconds(worker.cpu_seconds), seconds(larger.cpu_seconds)],
      ['events/s', whole(worker.events_per_second), whole(larger.events_per_second)],
      ['MB/s of extracted log', whole(worker.mb_per_second), whole(larger.mb_per_second)],
      ['MB per CPU second', whole(worker.mb_per_cpu_second), whole(larger.mb_per_cpu_second)],
      ['peak memory of the process', memory(worker.peak_memory_bytes), memory(larger.peak_memory_bytes)],
      ...Object.entries(worker.stages).map(([name, spread]) => [
        `seconds in ${name}`,
        seconds(spread),
        seconds(larger.stages[name] ?? spread),
      ]),
    ],
  )
  output.line()
  output.table(
    ['gpg -d | zcat | python3, one count', 'pipeline', 'pipeline / worker'],
    [
      ['seconds', seconds(pipeline.seconds), times(pipeline_ratio.seconds)],
      ['CPU seconds', seconds(pipeline.cpu_seconds), times(pipeline_ratio.cpu_seconds)],
    ],
  )
  output.line()
  output.line(`Peak memory for the larger day / for the day: ${times(memory_ratio)}`)
}
