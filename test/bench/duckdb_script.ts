// The DuckDB end of the pipeline that Millrace is measured against: extracted log on standard input, the tables of a
// day's partial as Parquet files in the folder that it is given. It is a program of its own because it must not share
// anything with ours; with DuckDB's command line, `duckdb < script.sql` would do the same.
//
//   gpg -d … | igzip -dc | node test/bench/duckdb_script.ts FOLDER
import { DuckDBInstance } from '@duckdb/node-api'
import { COURSES, EVENT, READ, TYPES } from './duckdb_events.ts'
import { RARE_TABLES } from './duckdb_rare_tables.ts'
import { TABLES } from './duckdb_tables.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Cannot write the tables: no folder is given')

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

// Insertion order would cost memory and time; nothing here depends on it.
const instance = await DuckDBInstance.create(':memory:', { threads: '1', preserve_insertion_order: 'false' })
const connection = await instance.connect()
await connection.run(`set TimeZone = 'UTC'`)
const cpu_seconds_to_start = cpuSeconds()

for (const statement of [READ, COURSES, TYPES, EVENT]) await connection.run(statement)
const rows: Record<string, number> = {}
for (const [table, sql] of Object.entries({ ...TABLES, ...RARE_TABLES })) {
  const path = `${folder}/${table}.parquet`.replaceAll("'", "''")
  const { rowsChanged } = await connection.run(`copy (${sql}) to '${path}' (format parquet, compression zstd)`)
  rows[table] = rowsChanged
}
const counted = await connection.runAndReadAll(
  'select count(*)::integer, count(course_id)::integer, count(distinct course_id)::integer from event',
)
const [[events, events_of_courses, courses] = []] = counted.getRows()
process.stdout.write(JSON.stringify({ cpu_seconds_to_start, rows, events, events_of_courses, courses }))
