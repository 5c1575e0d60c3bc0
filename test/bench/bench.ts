// `npm run bench`: proves the figures that the documentation claims. Each section asks one question, with its target; what
// is compared is measured in turn within one run. Figures in the documentation come from here and from nowhere else.
//
//   npm run bench -- [--only a,b,f] [--events 500000] [--runs 3] [--quick] [--folder FOLDER] [--json]
//
// The exit code is 0 also when a target was missed: the machine may be to blame, and a reader has to judge.
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createOutput } from '../../cli/output.ts'
import { benchDay } from './bench_day.ts'
import { type LapKind, runLaps } from './laps.ts'
import { machine } from './machine.ts'
import { ratesOf } from './measured_rates.ts'
import { predictionOf } from './prediction_report.ts'
import { type Report, showEnd, showHead, showSection } from './report.ts'
import type { Bench, Section, SectionResult } from './section.ts'
import { SECTIONS } from './sections.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    events: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(tmpdir(), 'millrace-bench') },
    json: { type: 'boolean', default: false },
  },
})

const USUAL = { events: 500_000, runs: 3 }
const QUICK = { events: 2_000, runs: 1 }

const usual = values.quick ? QUICK : USUAL
const events = wholeNumber('--events', values.events, usual.events)
const runs = wholeNumber('--runs', values.runs, usual.runs)
const sections = chosen(values.only)
const output = createOutput({ json: values.json })
const folder = resolve(values.folder)
const tell = (line: string): void => void process.stderr.write(`${line}\n`)
const dayOf = (count: number) => benchDay({ folder, events: count, tell })

const described = machine()
const kinds = new Set<LapKind>(sections.flatMap((section) => section.laps))
const laps = await runLaps({ kinds, runs, events, dayOf, tell })
const days = laps.days.map(({ events, lines, raw_bytes, encrypted_bytes }) => ({
  events,
  lines,
  raw_bytes,
  encrypted_bytes,
}))
const head = { machine: described, quick: values.quick, runs, days }
showHead(head, output)

const bench: Bench = { folder, runs, quick: values.quick, events, laps, day: dayOf, tell }
const results: SectionResult[] = []
for (const section of sections) {
  const { key, name, target } = section
  const started = performance.now()
  const found = await section.measure(bench)
  const seconds = (performance.now() - started) / 1000
  const result = { key, name, target, seconds, load_after: loadavg()[0] ?? 0, ...found }
  showSection(result, output)
  results.push(result)
}
const rates = ratesOf(laps, results)
const report: Report = { ...head, sections: results, prediction: rates === null ? null : predictionOf(rates) }
showEnd(report, output)
output.document(report)

function chosen(only: string | undefined): readonly Section[] {
  if (only === undefined) return SECTIONS
  return only.split(',').map((key) => {
    const section = SECTIONS.find((each) => each.key === key)
    if (section === undefined)
      throw new Error(`Cannot measure "${key}": known are ${SECTIONS.map((each) => each.key).join(', ')}`)
    return section
  })
}

function wholeNumber(name: string, text: string | undefined, usual: number): number {
  const number = text === undefined ? usual : Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`Cannot measure with ${name} ${text}: expected a whole number above 0`)
  return number
}
