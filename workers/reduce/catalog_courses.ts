// The catalogue's list of courses comes from their heads. Heads never change, so those that the last catalogue knows are
// taken from it: of a thousand courses a merge of one day reads the few that it touched.
import { join } from 'node:path'
import { CATALOG_COURSE } from '../../contracts/catalog_tables.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { type CatalogHead, CourseHead } from '../../contracts/head.ts'
import { courseHeadKey } from '../../contracts/store_layout.ts'
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { forEachBounded } from './bounded.ts'
import type { SiteStanding } from './catalog_state.ts'
import { fileDigest } from './file_digest.ts'
import { insertRows } from './insert_rows.ts'
import type { MergeDeps } from './merge_deps.ts'
import { REQUESTS_MAX } from './read_receipts.ts'

const COURSE = `published.main.${CATALOG_COURSE.name}`
const COLUMNS = Object.keys(CATALOG_COURSE.columns)

export interface CourseRowsGiven {
  readonly standings: readonly SiteStanding[]
  /** The catalogue that is current; null for none. */
  readonly head: CatalogHead | null
  readonly folder: string
  readonly deps: MergeDeps
}

/** Fills the table of courses with all that have a database. */
export async function courseRows(database: Database, given: CourseRowsGiven): Promise<void> {
  const wanted = new Map<string, { standing: SiteStanding; course_id: string; number: number }>()
  for (const standing of given.standings)
    for (const [course_id, number] of Object.entries(standing.head?.courses ?? {}))
      wanted.set(JSON.stringify([standing.site, course_id, number]), { standing, course_id, number })
  for (const known of await takeKnown(database, given, wanted)) wanted.delete(known)
  const rows: (readonly (string | number | boolean | null)[])[] = []
  await forEachBounded(wanted.values(), REQUESTS_MAX, async ({ standing, course_id, number }) => {
    const { site } = standing
    const head = await readRecord(given.deps.results, courseHeadKey(site, course_id, number), CourseHead, given.deps)
    if (head.database !== null) rows.push(rowOf(head, head.database))
  })
  await insertRows(database, COURSE, rows)
}

/** The values of CATALOG_COURSE in order; organisation, foreign and look_alike follow in SQL. */
function rowOf(
  { site, course_id, summary, days, edition, number }: CourseHead,
  database: NonNullable<CourseHead['database']>,
): readonly (string | number | boolean | null)[] {
  const utc = (time: string | null) => time?.replace(/Z$/, '') ?? null
  const { events, learners, first_time, last_time } = summary
  const counts = [events, learners, Object.keys(days).length]
  const file = [edition, database.bytes, database.key, number]
  return [site, course_id, null, null, ...counts, utc(first_time), utc(last_time), ...file, null]
}

/** Takes over the rows of the last catalogue whose heads still count; returns their names. */
async function takeKnown(
  database: Database,
  { head, folder, deps }: CourseRowsGiven,
  wanted: ReadonlyMap<string, unknown>,
): Promise<readonly string[]> {
  if (head === null) return []
  const path = await fetchKnown(head, folder, deps)
  if (path === null) return []
  await database.run(`attach ${literal(path)} as old_catalog (read_only)`)
  const columns = await database.rows<{ column_name: string }>(
    `select column_name from duckdb_columns()
     where database_name = 'old_catalog' and table_name = 'course'
     order by column_index`,
  )
  // A catalogue of another version lists other columns: then all heads are read.
  const same = columns.map((column) => column.column_name).join() === COLUMNS.join()
  const rows = same
    ? await database.rows<{ site: string; course_id: string; head: bigint }>(
        'select site, course_id, head from old_catalog.main.course',
      )
    : []
  const known = rows.map((row) => JSON.stringify([row.site, row.course_id, Number(row.head)]))
  const taken = known.filter((name) => wanted.has(name))
  if (taken.length > 0) {
    await database.run('create temp table taken (site VARCHAR, course_id VARCHAR, head BIGINT)')
    // The names were made from exactly these three values.
    await insertRows(
      database,
      'taken',
      taken.map((name) => JSON.parse(name) as [string, string, number]),
    )
    await database.run(
      `insert into ${COURSE}
       select old.*
       from old_catalog.main.course as old
       semi join taken using (site, course_id, head)`,
    )
  }
  await database.run('detach old_catalog')
  return taken
}

/** Downloads the last catalogue; null when it is not what its head says, for then nothing is taken from it. */
async function fetchKnown(head: CatalogHead, folder: string, deps: MergeDeps): Promise<string | null> {
  const path = join(folder, 'old_catalog.duckdb')
  try {
    await deps.results.getFile(head.database.key, path, deps)
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object_missing') return null
    throw error
  }
  return (await fileDigest(path, deps)).sha256 === head.database.sha256 ? path : null
}

/** Fills in what follows from the course ids themselves. */
export async function markLookAlikes(database: Database, organisations: readonly string[]): Promise<void> {
  const own = organisations.map(literal).join(', ')
  await database.run(`
    update ${COURSE}
    set organisation = regexp_extract(course_id, '^(?:[^:/+]+:)?([^/+]+)[/+]', 1)
  `)
  await database.run(`
    update ${COURSE}
    set
      "foreign" = lower(organisation) not in (${own}),
      look_alike = (
        select string_agg(other.course_id, ' ' order by other.course_id)
        from ${COURSE} as other
        where other.site = course.site
          and lower(other.course_id) = lower(course.course_id)
          and other.course_id <> course.course_id
      )
  `)
}
