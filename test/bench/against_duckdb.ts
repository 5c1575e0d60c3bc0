// Millrace against the best that ready-made programs give: gpg and igzip, which are written in C and assembler, feeding a
// DuckDB script that computes the same tables in SQL. If this were not beaten, there would be no reason for our own code.
import { grouped } from '../../cli/output.ts'
import type { Figure, Section } from './section.ts'
import { spreadOf } from './spread.ts'

const TIMES_MIN = 1.3
/** Tables whose rows follow from what a line says alone; the rest differ where our rules do more (duckdb_script.ts). */
const TABLES_COMPARED = ['event_type_day', 'learner_event_day', 'learner_moment', 'problem_submission', 'video_event']

/** The throughput of a CPU second, beside `gpg -d | igzip -dc | duckdb`. */
export const againstDuckdb: Section = {
  key: 'a',
  name: 'Throughput of a CPU second against gpg | igzip | DuckDB with the same tables',
  target: `at least ${TIMES_MIN} times`,
  laps: ['worker', 'duckdb'],
  measure: async ({ laps: { worker, duckdb } }) => {
    const times = spreadOf(worker.map((run, index) => (duckdb[index]?.cpu_seconds ?? Number.NaN) / run.cpu_seconds))
    const rows = (table: string): Figure[] => {
      const theirs = duckdb[0]?.rows[table] ?? 0
      const ours = worker[0]?.rows[table] ?? 0
      return [{ name: `rows of ${table}, theirs / ours`, unit: 'times', spread: spreadOf([theirs / ours]) }]
    }
    return {
      figures: [
        { name: 'throughput, ours / theirs', unit: 'times', spread: times },
        { name: 'CPU time, ours', unit: 'CPU s', spread: spreadOf(worker.map((run) => run.cpu_seconds)) },
        { name: 'CPU time, theirs', unit: 'CPU s', spread: spreadOf(duckdb.map((run) => run.cpu_seconds)) },
        { name: 'time, ours', unit: 's', spread: spreadOf(worker.map((run) => run.seconds)) },
        { name: 'time, theirs', unit: 's', spread: spreadOf(duckdb.map((run) => run.seconds)) },
        ...TABLES_COMPARED.flatMap(rows),
      ],
      met: times.median >= TIMES_MIN,
      remarks: [
        `Events read: theirs ${grouped(duckdb[0]?.events ?? 0)}, ours ${grouped(worker[0]?.events ?? 0)}. Theirs drops no repeated line, rescues no cut one, computes no hash and proves no integrity of the gzip data to a receipt; duckdb_script.ts says where SQL does less.`,
        'Theirs is counted without the start of Node and the loading of the library; ours is a worker that has seen another day before.',
      ],
    }
  },
}
