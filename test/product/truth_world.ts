// Tells ten days and computes all of their tables in one process, without queue and store: what every comparison of tables
// with what the sample meant starts from.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planDays } from '../../cli/sample/calendar.ts'
import { Random } from '../../cli/sample/random.ts'
import { encoded, shuffled, tellDays } from '../../cli/sample/sample_days.ts'
import type { SiteTruth } from '../../cli/sample/truth.ts'
import { TruthRecorder } from '../../cli/sample/truth_recorder.ts'
import { makeSite } from '../../cli/sample/world.ts'
import { CalendarDate } from '../../contracts/day.ts'
import type { LineLedger } from '../../contracts/ledger.ts'
import { DERIVED_TABLES, EVENT_TABLES, VIEWS } from '../../contracts/registry.ts'
import { literal, presentedSelect, quoted, storedDdl, viewDdl } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { Aggregator } from '../../workers/map/aggregate.ts'
import { EventBatch } from '../../workers/map/event_batch.ts'
import { LineScanner } from '../../workers/map/line_scanner.ts'
import { readEvents } from '../../workers/map/read_events.ts'

const ORGANISATION = 'TestX'

export interface TruthWorld {
  readonly truth: SiteTruth
  readonly ledgers: ReadonlyMap<string, LineLedger>
  /** Merged tables with people resolved, as views and tables named like them. */
  readonly database: Database
}

/** Tells ten days and computes their tables: each file by itself, then merged by the rule of the declarations. */
export async function tellTruthWorld(from: string): Promise<TruthWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'))
  try {
    return await compute(from, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compute(from: string, folder: string): Promise<TruthWorld> {
  const random = new Random(`truth ${from}`)
  const world = makeSite({ organisation: ORGANISATION, site: 'edx', courses: 4, learners: 90, random })
  const days = planDays({ from, days: 10, random })
  const recorder = new TruthRecorder({ moments: true })
  const request = { world, days, events_per_day: 1500, even: true, damage: 40, random, truth: recorder }
  const ledgers = new Map<string, LineLedger>()
  const pieces: { readonly table: string; readonly path: string }[] = []
  const database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 512 })
  for (const { day, lines } of tellDays(request)) {
    const chunks = [...encoded(shuffled(lines, 500, random.derive(day.date)))]
    const made = await aggregated({ date: day.date, chunks, folder, database })
    ledgers.set(day.date, made.ledger)
    pieces.push(...made.pieces)
  }
  const truth = recorder.finish()
  await present(database, pieces, truth)
  return { truth, ledgers, database }
}

interface OneFile {
  readonly date: string
  readonly chunks: readonly Buffer[]
  readonly folder: string
  readonly database: Database
}

async function aggregated({ date, chunks, folder, database }: OneFile) {
  await using map_database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256, temp_directory: null })
  await using aggregator = await Aggregator.open({ database: map_database, scratch: folder })
  const batches = readEvents(
    (async function* () {
      yield* chunks
    })(),
    {
      date: CalendarDate.parse(date),
      rules: { duplicates: 'drop', organisations: [ORGANISATION.toLowerCase()], keep_events: [] },
      scanner: new LineScanner(),
      scratch: tmpdir(),
      batch: new EventBatch(),
      rejected: (line) => aggregator.reject(line),
      signal: AbortSignal.timeout(60_000),
    },
  )
  for (;;) {
    const step = await batches.next()
    if (!step.done) {
      await aggregator.add(step.value)
      step.value.clear()
      continue
    }
    const { pieces } = await aggregator.finish()
    // The pieces are gone with the aggregator, so their rows are taken now.
    const kept = await Promise.all(
      pieces.map(async ({ table, path }, index) => {
        const copy = join(folder, `${date}-${index}.parquet`)
        await database.run(`copy (from ${literal(path)}) to ${literal(copy)} (format parquet)`)
        return { table, path: copy }
      }),
    )
    return { ledger: step.value, pieces: kept }
  }
}

async function present(
  database: Database,
  pieces: readonly { readonly table: string; readonly path: string }[],
  truth: SiteTruth,
): Promise<void> {
  await database.run('create table person (user_name varchar, resolved bigint)')
  for (const [name, id] of Object.entries({ ...truth.names.known, ...truth.names.unresolved }))
    await database.run('insert into person values (?, ?)', [name, BigInt(id)])
  for (const table of EVENT_TABLES) {
    const paths = pieces.filter((piece) => piece.table === table.name).map(({ path }) => literal(path))
    const empty = quoted(`no_${table.name}`)
    await database.run(storedDdl(table, empty))
    const stored = paths.length === 0 ? empty : `read_parquet([${paths.join(', ')}])`
    const resolved = `(
      select stored.* exclude (user_name) replace (coalesce(stored.user_id, person.resolved) as user_id)
      from ${stored} stored
      left join person on stored.user_id is null and person.user_name = stored.user_name
    )`
    await database.run(
      `create table ${quoted(table.name)} as ${presentedSelect(table, table.learner ? resolved : stored)}`,
    )
  }
  for (const table of DERIVED_TABLES) await database.run(`create table ${quoted(table.name)} as ${table.sql}`)
  for (const view of VIEWS) {
    await database.run(`create schema if not exists ${quoted(view.schema)}`)
    await database.run(viewDdl(view, `${quoted(view.schema)}.${quoted(view.name)}`, 'main'))
  }
}
