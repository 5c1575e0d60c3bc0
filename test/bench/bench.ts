// `npm run bench`: how fast one worker thread makes a day, and in how much memory, beside the shell pipeline that a person
// would write instead. Figures in the documentation come from here and from nowhere else.
//
//   npm run bench -- [--events 500000] [--runs 3] [--quick] [--folder FOLDER] [--json]
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createOutput } from '../../cli/output.ts'
import { type BenchDay, benchDay } from './bench_day.ts'
import { machine } from './machine.ts'
import { type PipelineRun, runPipeline } from './pipeline.ts'
import { reportOf, showReport } from './report.ts'
import { runWorkerOn, type WorkerRun } from './worker_run.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '500000' },
    runs: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(tmpdir(), 'millrace-bench') },
    json: { type: 'boolean', default: false },
  },
})

/** The larger day, of which only the memory is asked. */
const LARGER = 4

const events = values.quick ? 50_000 : wholeNumber('--events', values.events)
const runs = values.quick ? 1 : wholeNumber('--runs', values.runs)
const output = createOutput({ json: values.json })
const tell = (line: string): void => void process.stderr.write(`${line}\n`)

const described = machine()
const folder = resolve(values.folder)
const day = await dayOf(events)
const larger_day = await dayOf(events * LARGER)

const made: { worker: WorkerRun[]; larger: WorkerRun[]; pipeline: PipelineRun[] } = {
  worker: [],
  larger: [],
  pipeline: [],
}
for (let run = 1; run <= runs; run++) {
  tell(`Run ${run} of ${runs}: the day, gpg | zcat | python3, the day of ${LARGER} times the size …`)
  made.worker.push(await runWorkerOn(day))
  made.pipeline.push(await runPipeline(day))
  made.larger.push(await runWorkerOn(larger_day))
}
const report = reportOf({ machine: described, day, larger_day, ...made })
showReport(report, output)
output.document(report)

async function dayOf(count: number): Promise<BenchDay> {
  return await benchDay({ folder, events: count, tell })
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`Cannot measure with ${name} ${text}: expected a whole number above 0`)
  return number
}
