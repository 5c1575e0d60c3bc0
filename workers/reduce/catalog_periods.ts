// Weeks and months of the catalogue (attached as `published`) follow from the figures of all courses of a site. Those of the
// site are computed anew when it has a new head: how often a learner counts depends on all courses, and on all weeks before.
// docs/decisions/0015_organisation_level.md tells what that costs, and what else was thought of.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CATALOG_PERIODS } from '../../contracts/catalog_periods.ts'
import { CATALOG_COURSE, CATALOG_EVENT_TYPE_DAY } from '../../contracts/catalog_tables.ts'
import { COURSE_FIGURES } from '../../contracts/course_figures.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { forEachBounded } from './bounded.ts'
import { bringRows } from './bring_rows.ts'
import { writeFigures } from './course_figures.ts'
import { fetchEdition } from './fetch_edition.ts'
import type { MergeDeps } from './merge_deps.ts'
import { REQUESTS_MAX } from './read_receipts.ts'

interface Given {
  readonly site: string
  readonly folder: string
}

/** Brings weeks and months of a site to the courses and the events without a course that the catalogue tells of it. */
export async function bringPeriods(
  database: Database,
  { site, folder, changed }: Given & { readonly changed: readonly string[] },
  deps: MergeDeps,
): Promise<void> {
  const own = join(folder, `figures-${site}`)
  await mkdir(own)
  const files = await fetchFigures(database, { site, folder: own }, deps)
  const paths = { all: [...files.values()], changed: changed.flatMap((course_id) => files.get(course_id) ?? []) }
  for (const table of CATALOG_PERIODS) {
    // What follows from the figures of one course alone stays while the course does.
    const by_course = 'course_id' in table.columns
    if (by_course && changed.length === 0) continue
    const sources = [
      `figure as (select ${literal(site)} as site, * from (${figuresSelect(by_course ? paths.changed : paths.all)}))`,
      `without_course as (from published.main.${CATALOG_EVENT_TYPE_DAY.name} where site = ${literal(site)})`,
    ]
    const columns = Object.keys(table.columns).map(quoted).join(', ')
    const select = `with ${sources.join(', ')} select ${columns} from (${table.sql})`
    await bringRows(database, { table, site, ...(by_course && { course_ids: changed }), select })
    deps.signal.throwIfAborted()
  }
  await rm(own, { recursive: true })
}

interface CourseFigures {
  readonly course_id: string
  readonly database: string
  readonly figures: string
  readonly figures_sha256: string
}

/** Downloads the figures of a site by course; what an older release built has none until it is built again. */
async function fetchFigures(
  database: Database,
  { site, folder }: Given,
  deps: MergeDeps,
): Promise<ReadonlyMap<string, string>> {
  const courses = await database.rows<CourseFigures>(
    `
      select course_id, database, figures, figures_sha256
      from published.main.${CATALOG_COURSE.name}
      where site = ?
        and figures is not null
      order by course_id
    `,
    [site],
  )
  const paths = new Map(courses.map(({ course_id }, index) => [course_id, join(folder, `${index}.parquet`)]))
  await forEachBounded(courses.entries(), REQUESTS_MAX, async ([index, course]) => {
    const path = join(folder, `${index}.parquet`)
    const file = { key: course.figures, sha256: course.figures_sha256 }
    const wrong = await fetchEdition(deps.results, file, path, deps)
    if (wrong === null) return
    deps.log.error('course_figures_unusable', { site, course_id: course.course_id, key: file.key, reason: wrong })
    await makeAgain(course.database, path, deps)
  })
  return paths
}

/** Computes figures from the course database, whose place is known from the same head. */
async function makeAgain(key: string, path: string, deps: MergeDeps): Promise<void> {
  const { threads, memory_mb, signal } = deps
  const copy = `${path}.duckdb`
  // Removed as too old when another reducer went on: then the catalogue starts again from the new heads.
  await deps.results.getFile(key, copy, { signal })
  await using database = await openDatabase({
    path: ':memory:',
    threads,
    memory_mb,
    temp_directory: `${path}.tmp`,
    signal,
  })
  await database.run(`attach ${literal(copy)} as course (read_only)`)
  await writeFigures(database, { course: 'course', path })
  await database.run('detach course')
  await rm(copy)
}

const FIGURES = Object.entries(COURSE_FIGURES.columns)

/** Selects the figures of some files; columns that an older release did not write are NULL. */
export function figuresSelect(paths: readonly string[]): string {
  const columns = FIGURES.map(([name, { type }]) => `null::${type} as ${quoted(name)}`)
  const none = `select ${columns.join(', ')} where false`
  if (paths.length === 0) return none
  return `
    select ${FIGURES.map(([name]) => quoted(name)).join(', ')}
    from (
      ${none}
      union all by name
      select * from read_parquet([${paths.map(literal).join(', ')}], union_by_name = true)
    )
  `
}
