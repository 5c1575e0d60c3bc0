// What was measured, for people as tables and for programs as JSON: the machine, the days, and every section with its
// target and whether it was met.
import { bytesText, grouped, type Output } from '../../cli/output.ts'
import { figureText } from './figure_text.ts'
import type { Machine } from './machine.ts'
import { type PredictionReport, showPrediction } from './prediction_report.ts'
import type { SectionResult } from './section.ts'

export interface Report {
  readonly machine: Machine
  /** Everything was small: the figures mean nothing. */
  readonly quick: boolean
  readonly runs: number
  readonly days: readonly DayFacts[]
  readonly sections: readonly SectionResult[]
  /** Null when the measured day was not run over. */
  readonly prediction: PredictionReport | null
}

interface DayFacts {
  readonly events: number
  readonly lines: number
  readonly raw_bytes: number
  readonly encrypted_bytes: number
}

/** Shows people on what is measured; sections follow as they end, for all of them take long. */
export function showHead(
  { machine, quick, runs, days }: Pick<Report, 'machine' | 'quick' | 'runs' | 'days'>,
  output: Output,
): void {
  output.line(
    `${machine.processor}, ${machine.cores} cores, ${bytesText(machine.memory_bytes)}, load ${machine.load_before.toFixed(2)} before; Node ${machine.node}, DuckDB ${machine.duckdb}; ${machine.measured_at}`,
  )
  for (const day of days)
    output.line(
      `Day of ${grouped(day.events)} events: ${bytesText(day.raw_bytes)} of log, ${bytesText(day.encrypted_bytes)} encrypted (${(day.raw_bytes / day.encrypted_bytes).toFixed(1)}×), ${Math.round(day.raw_bytes / day.lines)} bytes a line`,
    )
  output.line(`Median of ${runs} ${runs === 1 ? 'run' : 'runs'} (least – most)`)
  if (quick) output.line('Everything small: these figures mean nothing.')
}

/** Shows people one section. */
export function showSection(
  { key, name, target, met, load_after, figures, remarks }: SectionResult,
  output: Output,
): void {
  output.line()
  output.line(`${key}. ${name}`)
  output.line(`   Target: ${target}: ${met ? 'met' : 'MISSED'} (load ${load_after.toFixed(2)})`)
  output.table(
    ['', ''],
    figures.map((figure) => [`   ${figure.name}`, figureText(figure)]),
  )
  for (const remark of remarks) output.line(`   ${remark}`)
}

/** Shows people which targets were met, and the prediction. */
export function showEnd({ sections, prediction }: Pick<Report, 'sections' | 'prediction'>, output: Output): void {
  output.line()
  output.table(
    ['section', 'target', 'met'],
    sections.map(({ key, target, met }) => [key, target, met ? 'yes' : 'no']),
  )
  if (prediction !== null) showPrediction(prediction, output)
}
