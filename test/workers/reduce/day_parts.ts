// The parts of a day as a worker makes them, by the declared SQL from a few events: what the reducer's tests merge.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EVENT_TABLES } from '../../../contracts/registry.ts'
import { literal, mergedSelect } from '../../../contracts/table_sql.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { makeEventTable } from '../../../workers/map/event_table.ts'

export interface FixtureEvent {
  readonly course_id: string | null
  /** ISO time without a zone. */
  readonly time: string
  readonly actor_id?: number
  readonly username?: string
  readonly event_type?: string
}

export interface PartContent {
  readonly table: string
  readonly rows: number
  readonly body: Uint8Array
}

interface Given {
  readonly events: readonly FixtureEvent[]
  readonly rejected: number
}

/** Tests share days: the parts of each are made once, so that a day computed twice has the same rows as in reality. */
const made = new Map<string, Promise<readonly PartContent[]>>()

/** Makes the parts of a day's events by the declared SQL. */
export function partsOf(day: Given): Promise<readonly PartContent[]> {
  const name = JSON.stringify(day)
  const contents = made.get(name) ?? makeContents(day)
  made.set(name, contents)
  return contents
}

async function makeContents(day: Given): Promise<readonly PartContent[]> {
  const contents: PartContent[] = []
  const folder = await mkdtemp(join(tmpdir(), 'millrace-parts-'))
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
  await makeEventTable(database, new EventBatch(1))
  for (const event of day.events) await database.run(insertion(event))
  const selects = EVENT_TABLES.map((table) => [table.name, mergedSelect(table, `(${table.sql})`)] as const)
  const rejected = `select i as line_no, i * 10 as byte_offset, 9::bigint as length, 'bad_json' as reason from range(${day.rejected}) as t(i)`
  for (const [table, select] of [...selects, ['rejected_line', rejected] as const]) {
    const path = join(folder, 'part.parquet')
    const rows = await database.run(`copy (${select}) to ${literal(path)} (format parquet)`)
    if (rows > 0) contents.push({ table, rows, body: await readFile(path) })
  }
  await rm(folder, { recursive: true })
  return contents
}

let line = 0
function insertion({ course_id, time, actor_id, username, event_type = 'problem_show' }: FixtureEvent): string {
  const values: Readonly<Record<string, string>> = {
    course_id: course_id === null ? 'null' : literal(course_id),
    time: `timestamp ${literal(time)}`,
    hash: String(++line),
    bytes: '100',
    event_source: `'server'`,
    event_type: literal(event_type),
    rescued: 'false',
    position_missing: 'false',
    synthesized: 'false',
    ...(actor_id === undefined ? {} : { actor_id: String(actor_id), subject_id: String(actor_id) }),
    ...(username === undefined ? {} : { username: literal(username) }),
    ...(username === undefined || actor_id !== undefined
      ? {}
      : { actor_name: literal(username), subject_name: literal(username) }),
  }
  return `insert into event (${Object.keys(values).join(', ')}) values (${Object.values(values).join(', ')})`
}
