// Takes events the whole way that they take in the product, without queue and store: files, slices, pieces in Parquet,
// stored rows, merged tables. Every test of what tables say goes this way, so none tests SQL that nobody runs.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventRow } from '../../contracts/event.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { literal, mergedSelect, quoted, storedColumns, storedDdl } from '../../contracts/table_sql.ts'
import { type Cell, type Database, openDatabase } from '../../runtime/duckdb.ts'
import { Aggregator } from '../../workers/map/aggregate.ts'
import { EventBatch } from '../../workers/map/event_batch.ts'
import { buildTables } from '../../workers/reduce/derive.ts'

export interface FileOfEvents {
  readonly date: string
  /** Each at most 64 events. */
  readonly slices: readonly (readonly EventRow[])[]
}

export type Rows = readonly Readonly<Record<string, Cell>>[]

export interface MergedFiles {
  /** Published tables by name, in the order in which they are stored; views as `schema.name`, sorted. */
  readonly published: ReadonlyMap<string, Rows>
  /** Merged rows of event tables by name, as stored and sorted. */
  readonly merged: ReadonlyMap<string, Rows>
}

interface Merging {
  readonly rows_max?: number
  /** Ours unless told otherwise. */
  readonly tables?: TableSet
}

/** Merges files, one after the other; a file of a date that was merged before replaces it. */
export async function mergeFiles(files: readonly FileOfEvents[], merging: Merging = {}): Promise<MergedFiles> {
  const { tables = OUR_TABLES } = merging
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-law-'))
  try {
    await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 512 })
    await using own = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
    await createRows(database, tables)
    for (const file of files) await addFile(database, own, file, { ...merging, tables, scratch })
    await database.run(
      'create table name_map as select user_name, min(user_id) as user_id from rows.site_name group by 1',
    )
    await buildTables(database, { tables, rows_schema: 'rows', target_schema: 'course', names: 'name_map' })
    return { published: await readPublished(database, tables), merged: await readMerged(database, tables) }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

/** Merges events as one file of one slice per 64; the simplest way, and the measure of all others. */
export async function mergeAtOnce(events: readonly EventRow[], merging: Merging = {}): Promise<MergedFiles> {
  const slices = Array.from({ length: Math.ceil(events.length / 64) }, (_, at) => events.slice(64 * at, 64 * at + 64))
  return await mergeFiles([{ date: '2020-03-01', slices }], merging)
}

/** Gives the rows of one published table. */
export async function publishedRows(table: string, events: readonly EventRow[], merging: Merging = {}): Promise<Rows> {
  return (await mergeAtOnce(events, merging)).published.get(table) ?? []
}

async function createRows(database: Database, { event_tables, ledger_tables }: TableSet): Promise<void> {
  await database.run('create schema rows; create schema course')
  for (const table of event_tables)
    await database.run(storedDdl(table, `rows.${quoted(table.name)}`, [{ name: 'file_date', type: 'DATE' }]))
  for (const table of ledger_tables) {
    const columns = Object.entries(table.columns).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table rows.${quoted(table.name)} (${columns.join(', ')})`)
  }
}

async function addFile(
  database: Database,
  own: Database,
  file: FileOfEvents,
  merging: Merging & { readonly tables: TableSet; readonly scratch: string },
): Promise<void> {
  await own.run('drop schema if exists part cascade')
  await using aggregator = await Aggregator.open({ database: own, ...merging })
  const batch = new EventBatch(64)
  for (const slice of file.slices) {
    for (const event of slice) batch.append(event)
    await aggregator.add(batch)
    batch.clear()
  }
  const { pieces } = await aggregator.finish()
  for (const table of merging.tables.event_tables) {
    const columns = storedColumns(table).map(({ name }) => quoted(name))
    await database.run(`delete from rows.${quoted(table.name)} where file_date = '${file.date}'`)
    for (const piece of pieces)
      if (piece.table === table.name)
        await database.run(`
          insert into rows.${quoted(table.name)} (file_date, ${columns.join(', ')})
          select date '${file.date}', ${columns.join(', ')}
          from read_parquet(${literal(piece.path)})
        `)
  }
}

async function readPublished(database: Database, { tables }: TableSet): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, Rows>()
  for (const { name, published, kind } of tables)
    if (published && kind !== 'ledger') found.set(name, await database.rows(`select * from course.${quoted(name)}`))
  // All that there are, not those declared: some follow from what is in the tables.
  const views = await database.rows<{ readonly schema: string; readonly name: string }>(
    'select schema_name as schema, view_name as name from duckdb_views() where not internal order by all',
  )
  for (const { schema, name } of views) {
    const shown = schema === 'course' ? 'main' : schema
    found.set(`${shown}.${name}`, await database.rows(`select * from ${schema}.${quoted(name)} order by all`))
  }
  return found
}

async function readMerged(database: Database, { event_tables }: TableSet): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, Rows>()
  for (const table of event_tables)
    found.set(
      table.name,
      await database.rows(`select * from (${mergedSelect(table, `rows.${quoted(table.name)}`)}) order by all`),
    )
  return found
}
