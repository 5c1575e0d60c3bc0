// What cannot be seen in SQL shows on rows: that it fails on a value, that two rows have the keys of one, that halves of a
// day merge to something else than the day. `millrace tables check` tries a table on a made-up day before ten years of
// real ones do.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OwnTable } from '../../config/own_table_file.ts'
import type { OwnDeclaration } from '../../config/own_table_header.ts'
import { CalendarDate } from '../../contracts/day.ts'
import { DECLARED } from '../../contracts/registry.ts'
import { type TableSet, tableSet } from '../../contracts/table_set.ts'
import { literal, quoted, storedColumns, storedDdl } from '../../contracts/table_sql.ts'
import { type Cell, type Database, DatabaseError, openDatabase } from '../../runtime/duckdb.ts'
import { Aggregator } from '../../workers/map/aggregate.ts'
import { EventBatch } from '../../workers/map/event_batch.ts'
import { LineScanner } from '../../workers/map/line_scanner.ts'
import { readEvents } from '../../workers/map/read_events.ts'
import { buildTables } from '../../workers/reduce/derive.ts'
import { planDays } from '../sample/calendar.ts'
import { Random } from '../sample/random.ts'
import { encoded, type Line, tellDays } from '../sample/sample_days.ts'
import { makeSite } from '../sample/world.ts'

const DATE = '2016-04-20'
const ORGANISATION = 'DemoX'
const EVENTS = 3_000
const MEMORY_MB = 512

export interface TableTrial {
  /** Rows of the sample day. */
  readonly rows: number
  /** Seconds that counting and merging it took, with the tables that it reads. */
  readonly seconds: number
  readonly faults: readonly string[]
}

/** Makes the lines of the sample day: the same ones each time. */
export function sampleDay(): readonly Line[] {
  const random = new Random('own tables')
  const world = makeSite({ organisation: ORGANISATION, site: 'edx', courses: 3, learners: 60, random })
  const days = planDays({ from: DATE, days: 1, random })
  const told = tellDays({ world, days, events_per_day: EVENTS, even: true, damage: 0, random, truth: null })
  return [...told].flatMap(({ lines }) => [...lines])
}

/** Tries a table whose SQL was found right, on the sample day as one file and as two. */
export async function tryTable(
  table: OwnTable,
  given: { readonly tables: TableSet; readonly lines: readonly Line[]; readonly signal: AbortSignal },
): Promise<TableTrial> {
  const { declaration, keys } = table
  const tables = neededBy(declaration, given.tables)
  const halves = [0, 1].map((half) => given.lines.filter((_, at) => at % 2 === half))
  try {
    const once = await compute([given.lines], { ...given, tables, declaration })
    const twice = await compute(halves, { ...given, tables, declaration })
    const faults = [...differences(once.rows, twice.rows), ...repeated(once.rows, keys)]
    return { rows: once.rows.length, seconds: once.seconds, faults }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { rows: 0, seconds: 0, faults: [`it fails on the sample day: ${error.message}`] }
  }
}

/** The set of a table alone, with what it reads; names are resolved by one of ours. */
function neededBy(declaration: OwnDeclaration, { tables, views, own, choices }: TableSet): TableSet {
  const names = new Set(['site_name'])
  const add = (name: string): void => {
    if (names.has(name)) return
    names.add(name)
    for (const found of [...tables, ...views])
      if (found.name === name && (found.kind === 'derived' || found.kind === 'view')) found.from.forEach(add)
  }
  add(declaration.name)
  const needed = ({ name }: { readonly name: string }): boolean => names.has(name)
  const sections = DECLARED.map(({ section, declared }) => ({ section, declared: declared.filter(needed) }))
  // What only feeds other tables is looked at here all the same.
  const shown = own.filter(needed).map((one) => (one.name === declaration.name ? { ...one, published: true } : one))
  return tableSet(sections, { own: shown, choices })
}

interface Computing {
  readonly tables: TableSet
  readonly declaration: OwnDeclaration
  readonly signal: AbortSignal
}

type Rows = readonly Readonly<Record<string, Cell>>[]

async function compute(
  files: readonly (readonly Line[])[],
  { tables, declaration, signal }: Computing,
): Promise<{ readonly rows: Rows; readonly seconds: number }> {
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-tables-'))
  try {
    await using database = await openDatabase({
      path: ':memory:',
      threads: 1,
      memory_mb: MEMORY_MB,
      temp_directory: null,
      signal,
    })
    await createRows(database, tables)
    let seconds = 0
    for (const lines of files) seconds += await addFile(database, lines, { tables, scratch, signal })
    const started = performance.now()
    await database.run(
      'create table name_map as select user_name, min(user_id) as user_id from rows.site_name group by 1',
    )
    const sources = {
      tables,
      rows_schema: 'rows',
      target_schema: 'course',
      names: 'name_map',
      tables_alone: true,
    } as const
    await buildTables(database, sources)
    seconds += (performance.now() - started) / 1000
    const rows = await database.rows(`select * from course.${quoted(declaration.name)} order by all`)
    return { rows, seconds }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

async function createRows(database: Database, { event_tables, ledger_tables }: TableSet): Promise<void> {
  await database.run('create schema rows; create schema course')
  for (const table of event_tables) await database.run(storedDdl(table, `rows.${quoted(table.name)}`))
  for (const table of ledger_tables) {
    const columns = Object.entries(table.columns).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table rows.${quoted(table.name)} (${columns.join(', ')})`)
  }
}

/** Counts the lines of a file and adds its rows; tells the seconds that the tables took. */
async function addFile(
  database: Database,
  lines: readonly Line[],
  { tables, scratch, signal }: Omit<Computing, 'declaration'> & { readonly scratch: string },
): Promise<number> {
  await using own = await openDatabase({
    path: ':memory:',
    threads: 1,
    memory_mb: MEMORY_MB,
    temp_directory: null,
    signal,
  })
  await using aggregator = await Aggregator.open({ database: own, scratch, tables })
  const batches = readEvents(chunksOf(lines), {
    date: CalendarDate.parse(DATE),
    rules: { duplicates: 'drop', organisations: [ORGANISATION.toLowerCase()], keep_events: [] },
    tables,
    scanner: new LineScanner(),
    batch: new EventBatch(EVENTS * 2),
    rejected: () => {},
    scratch,
    signal,
  })
  let ms = 0
  for await (const batch of batches) {
    const started = performance.now()
    await aggregator.add(batch)
    ms += performance.now() - started
    batch.clear()
  }
  const started = performance.now()
  const { pieces } = await aggregator.finish()
  for (const table of tables.event_tables) {
    const columns = storedColumns(table)
      .map(({ name }) => quoted(name))
      .join(', ')
    const paths = pieces.filter((piece) => piece.table === table.name).map(({ path }) => literal(path))
    if (paths.length > 0)
      await database.run(
        `insert into rows.${quoted(table.name)} (${columns}) select ${columns} from read_parquet([${paths.join(', ')}])`,
      )
  }
  return (ms + performance.now() - started) / 1000
}

async function* chunksOf(lines: readonly Line[]): AsyncGenerator<Uint8Array> {
  yield* encoded(lines)
}

const textOf = (row: Rows[number] | undefined): string =>
  JSON.stringify(row ?? null, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

function differences(once: Rows, twice: Rows): readonly string[] {
  const differing = once.findIndex((row, at) => textOf(row) !== textOf(twice[at]))
  if (differing === -1 && once.length === twice.length) return []
  const one = once[differing] ?? {}
  const other = twice[differing] ?? {}
  const columns = Object.keys(one).filter(
    (name) => textOf({ at: one[name] ?? null }) !== textOf({ at: other[name] ?? null }),
  )
  const where = columns.length === 0 ? `${once.length} rows and ${twice.length}` : `first in ${columns.join(', ')}`
  return [
    `the sample day gives other rows when its lines come in two files (${where}): what depends on order must order by time and hash, and what depends on several events must be merged or derived`,
  ]
}

function repeated(rows: Rows, keys: readonly string[] | null): readonly string[] {
  if (keys === null) return []
  const told = rows.map((row) => textOf(Object.fromEntries(keys.map((key) => [key, row[key] ?? null]))))
  const more = told.length - new Set(told).size
  return more === 0
    ? []
    : [`its keys (${keys.join(', ')}) do not tell its rows apart: ${more} of ${told.length} repeat those of another`]
}
