// The parts of a day are downloaded once, compared with their receipt and loaded into one scratch database from which
// every course takes its rows: without it, a day that touches a hundred courses would be fetched a hundred times.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import type { Part, Receipt } from '../../contracts/receipt.ts'
import { receiptKey } from '../../contracts/store_layout.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { Log } from '../../runtime/log.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { forEachBounded } from './bounded.ts'
import { fileDigest } from './file_digest.ts'
import { REQUESTS_MAX } from './read_receipts.ts'
import { RECEIPT_ROWS } from './receipt_rows.ts'
import { COURSE_DAY, courseRows, partialTables, REJECTED_LINE, rowDdl } from './row_layout.ts'

/** Days whose Parquet files lie in the scratch folder at one time, beside the database they are loaded into. */
const DAYS_AT_ONCE = 64

/** Where parts come from and where they go. */
export interface Loading {
  readonly store: ObjectStore
  readonly site: Site
  readonly tables: TableSet
  /** Private folder for downloads. */
  readonly folder: string
  /** Only rows of these courses are loaded, and rejected lines; null loads all rows, those of the site included. */
  readonly courses: ReadonlySet<string> | null
  readonly log: Log
  readonly signal: AbortSignal
  /** Called after each group of days. */
  readonly progress: () => void
}

/** Makes the empty tables that parts and receipts fill, in the schema that is current. */
export async function createBatch(database: Database, tables: TableSet): Promise<void> {
  for (const table of [...partialTables(tables), ...RECEIPT_ROWS]) await database.run(rowDdl(table, quoted(table.name)))
}

/**
 * Loads the parts of some days. Returns the dates whose parts are missing or differ from their receipt: none of their
 * rows is loaded and their receipts are removed, so that the next sweep has them computed again.
 */
export async function loadPartials(
  database: Database,
  receipts: readonly Receipt[],
  loading: Loading,
): Promise<ReadonlySet<string>> {
  const corrupt = new Set<string>()
  for (let from = 0; from < receipts.length; from += DAYS_AT_ONCE) {
    const folder = join(loading.folder, 'parts')
    await mkdir(folder)
    try {
      const files = await download(receipts.slice(from, from + DAYS_AT_ONCE), folder, { ...loading, corrupt })
      await insertFiles(database, files, loading)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    loading.progress()
  }
  return corrupt
}

interface PartFile {
  readonly date: string
  readonly table: string
  readonly path: string
}

async function download(
  receipts: readonly Receipt[],
  folder: string,
  { store, site, tables, log, signal, corrupt }: Loading & { readonly corrupt: Set<string> },
): Promise<readonly PartFile[]> {
  const files: PartFile[] = []
  // An own table that was taken away has left parts behind: nobody asks for them any more.
  const known = new Set(partialTables(tables).map((table) => table.name))
  const wanted = receipts.flatMap((receipt) =>
    receipt.parts.filter(({ table }) => known.has(table)).map((part, index) => ({ receipt, part, index })),
  )
  await forEachBounded(wanted, REQUESTS_MAX, async ({ receipt, part, index }) => {
    const { date } = receipt.log_file.day
    const path = join(folder, `${date}.${index}.parquet`)
    const wrong = await fetchPart(store, part, path, signal)
    if (wrong === null) {
      files.push({ date, table: part.table, path })
      return
    }
    corrupt.add(date)
    log.error('part_corrupt', { site, date, fingerprint: receipt.fingerprint, key: part.key, reason: wrong })
    // The part goes first: while its receipt stands nobody computes the day, so nobody can find the damaged bytes.
    await store.remove(part.key, { signal })
    await store.remove(receiptKey(site, date, receipt.fingerprint), { signal })
  })
  return files.filter(({ date }) => !corrupt.has(date))
}

/** Downloads a part; tells what is wrong with it, or null. */
async function fetchPart(store: ObjectStore, part: Part, path: string, signal: AbortSignal): Promise<string | null> {
  try {
    await store.getFile(part.key, path, { signal })
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object_missing') return 'the part is missing'
    throw error
  }
  const found = await fileDigest(path, { signal })
  return found.sha256 === part.sha256 ? null : `expected sha256 ${part.sha256}, found ${found.sha256}`
}

async function insertFiles(
  database: Database,
  files: readonly PartFile[],
  { courses, tables }: Loading,
): Promise<void> {
  const which = courses && `where course_id in (${[...courses].map(literal).join(', ')})`
  for (const table of courses === null ? partialTables(tables) : [...courseRows(tables), REJECTED_LINE]) {
    const paths = files.filter((file) => file.table === table.name).map((file) => literal(file.path))
    if (paths.length === 0) continue
    const names = table.columns.map(({ name }) => quoted(name)).join(', ')
    const typed = table.columns.map(({ name, type }) => `null::${type} as ${quoted(name)}`).join(', ')
    // A part of an older recipe may lack columns, and have others. Sorted by course, so that a course's rows lie together and the
    // rest is skipped by its zone maps.
    await database.run(`
      insert into ${quoted(table.name)}
      select
        regexp_extract(filename, '(\\d{4}-\\d{2}-\\d{2})[.]\\d+[.]parquet$', 1)::date as file_date,
        ${names}
      from (
        select ${typed}, null::varchar as filename where false
        union all by name
        from read_parquet([${paths.join(', ')}], filename = true, union_by_name = true)
      )
      ${(table.by_course && which) || ''}
      ${table.by_course ? 'order by course_id' : ''}
    `)
  }
}

/** Finds in which tables by course the batch (the current schema) has rows of a course. */
export async function tablesByCourse(
  database: Database,
  tables: TableSet,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = await database.rows<{ course_id: string; name: string }>(
    [...courseRows(tables), COURSE_DAY]
      .map(
        ({ name }) =>
          `select distinct course_id, ${literal(name)} as name from ${quoted(name)} where course_id is not null`,
      )
      .join(' union all '),
  )
  const names = new Map<string, Set<string>>()
  for (const { course_id, name } of found) names.set(course_id, (names.get(course_id) ?? new Set()).add(name))
  return names
}
