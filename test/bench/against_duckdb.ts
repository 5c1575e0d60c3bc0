// Millrace against the best that ready-made programs give: gpg and igzip, which are written in C and assembler, feeding a
// DuckDB script that computes the same tables in SQL. If this were not beaten, there would be no reason for our own code.
import type { DuckdbRun } from './pipeline.ts'
import type { Figure, Section } from './section.ts'
import { spreadOf } from './spread.ts'
import type { WorkerRun } from './worker_run.ts'

const TIMES_MIN = 1.3
/** Tables that hold a row for each event that they are made of; in others ours repeat the keys of several slices. */
const TABLES_COMPARED = ['video_event', 'problem_submission', 'problem_action', 'enrollment_event']

/** The throughput of a CPU second, beside `gpg -d | igzip -dc | duckdb`. */
export const againstDuckdb: Section = {
  key: 'a',
  name: 'Throughput of a CPU second against gpg | igzip | DuckDB with the same tables',
  target: `at least ${TIMES_MIN} times`,
  laps: ['worker', 'duckdb'],
  measure: async ({ laps: { worker, duckdb } }) => {
    const times = spreadOf(worker.map((run, index) => (duckdb[index]?.cpu_seconds ?? Number.NaN) / run.cpu_seconds))
    const equal = (name: string, of: (run: WorkerRun | DuckdbRun) => number): Figure => {
      const [ours, theirs] = [worker[0], duckdb[0]].map((run) => (run === undefined ? Number.NaN : of(run)))
      return { name: `${name}, theirs / ours`, unit: 'times', spread: spreadOf([(theirs ?? 0) / (ours ?? 0)]) }
    }
    return {
      figures: [
        { name: 'throughput, ours / theirs', unit: 'times', spread: times },
        { name: 'CPU time, ours', unit: 'CPU s', spread: spreadOf(worker.map((run) => run.cpu_seconds)) },
        { name: 'CPU time, theirs', unit: 'CPU s', spread: spreadOf(duckdb.map((run) => run.cpu_seconds)) },
        { name: 'time, ours', unit: 's', spread: spreadOf(worker.map((run) => run.seconds)) },
        { name: 'time, theirs', unit: 's', spread: spreadOf(duckdb.map((run) => run.seconds)) },
        equal('events', (run) => run.events),
        equal('events of a course', (run) => run.events_of_courses),
        equal('courses', (run) => run.courses),
        ...TABLES_COMPARED.map((table) => equal(`rows of ${table}`, (run) => run.rows[table] ?? 0)),
      ],
      met: times.median >= TIMES_MIN,
      remarks: [
        'Theirs drops no repeated line, rescues no cut one, makes no hash of lines and gives no account of what it could not read; duckdb_events.ts says where SQL does less.',
        'Theirs is counted without the start of Node and the loading of the library; ours is a worker that has seen the file twice before.',
      ],
    }
  },
}
