// Millrace against what most people begin with: the standard tools and a loop in Python that counts one thing.
import { grouped } from '../../cli/output.ts'
import type { Section } from './section.ts'
import { spreadOf } from './spread.ts'

const TIMES_MIN = 8

/** The throughput of a CPU second, beside `gpg -d | zcat | python3`. */
export const againstPython: Section = {
  key: 'b',
  name: 'Throughput of a CPU second against gpg | zcat | python3 with one counter',
  target: `at least ${TIMES_MIN} times`,
  laps: ['worker', 'python'],
  measure: async ({ laps: { worker, python } }) => {
    const times = spreadOf(worker.map((run, index) => (python[index]?.cpu_seconds ?? Number.NaN) / run.cpu_seconds))
    return {
      figures: [
        { name: 'throughput, ours / theirs', unit: 'times', spread: times },
        { name: 'CPU time, ours', unit: 'CPU s', spread: spreadOf(worker.map((run) => run.cpu_seconds)) },
        { name: 'CPU time, theirs', unit: 'CPU s', spread: spreadOf(python.map((run) => run.cpu_seconds)) },
        { name: 'time, ours', unit: 's', spread: spreadOf(worker.map((run) => run.seconds)) },
        { name: 'time, theirs', unit: 's', spread: spreadOf(python.map((run) => run.seconds)) },
      ],
      met: times.median >= TIMES_MIN,
      remarks: [
        `Events counted by theirs: ${grouped(python[0]?.events ?? 0)}; ours computes every table of a partial.`,
      ],
    }
  },
}
