// From a course database to a page. It asks tables alone, never events, and knows nothing of stores: a report of the same
// edition and the same catalogue is the same bytes.
import { MillraceError } from '../../contracts/errors.ts'
import { literal } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'
import { fullName, relationsOf } from '../export/relation.ts'
import { ACTIVITY_BY_DAY, ACTIVITY_BY_WEEK } from './activity.ts'
import { COVERAGE, readGaps } from './coverage.ts'
import { ENROLMENT } from './enrolment.ts'
import { FORUM } from './forum.ts'
import { reportPage } from './page.ts'
import { PROBLEMS } from './problems.ts'
import { type CourseSource, type Section, writeSection } from './section.ts'
import { countText, shownCount } from './small_group.ts'
import { VIDEOS } from './videos.ts'

const SECTIONS: readonly Section[] = [ENROLMENT, ACTIVITY_BY_DAY, ACTIVITY_BY_WEEK, VIDEOS, PROBLEMS, FORUM, COVERAGE]

export interface ReportGiven {
  readonly database_path: string
  /** Null when there is no catalogue yet. */
  readonly catalog_path: string | null
  readonly site: string
  readonly course_id: string
  readonly edition: string
  readonly head: number
  readonly group_min: number
  /** The days that curves are about; null for the first and the last with logs of the course. */
  readonly from: string | null
  readonly to: string | null
  readonly memory_mb: number
  readonly scratch: string
  readonly signal: AbortSignal
}

export interface Report {
  readonly page: string
  /** Titles of sections whose tables are not there. */
  readonly absent: readonly string[]
}

/** Writes the report of a course. */
export async function writeReport(given: ReportGiven): Promise<Report> {
  await using database = await openDatabase({
    path: given.database_path,
    threads: 1,
    memory_mb: given.memory_mb,
    temp_directory: given.scratch,
    read_only: true,
    signal: given.signal,
  })
  const names = (await relationsOf(database)).map(fullName)
  if (given.catalog_path !== null) {
    await database.run(`attach ${literal(given.catalog_path)} as organisation (read_only)`)
    const tables = await database.rows<{ readonly name: string }>(
      `select table_name as name from duckdb_tables() where database_name = 'organisation' and schema_name = 'main'`,
    )
    names.push(...tables.map(({ name }) => `organisation.${name}`))
  }
  const relations = new Set(names)
  const source: CourseSource = { database, relations, ...given, ...(await readSpan(database, relations, given)) }
  const sections = []
  for (const section of SECTIONS) sections.push(await writeSection(section, source))
  const { course_id, site, edition, head, group_min } = given
  const facts = await readFacts(source)
  const page = reportPage({
    course_id,
    site,
    edition,
    head,
    group_min,
    facts,
    sections,
    from: source.from,
    to: source.to,
  })
  return {
    page,
    absent: SECTIONS.filter(({ needs }) => !needs.every((name) => relations.has(name))).map(({ title }) => title),
  }
}

type Span = Pick<CourseSource, 'from' | 'to' | 'gaps'>

/** Finds the days that the report is about: those of the log files that fed the course, unless others are asked for. */
async function readSpan(
  database: CourseSource['database'],
  relations: ReadonlySet<string>,
  given: Pick<ReportGiven, 'site' | 'from' | 'to'>,
): Promise<Span> {
  const [span] = await database.rows<{ readonly from: string | null; readonly to: string | null }>(`
    select strftime(min(file_date), '%Y-%m-%d') as from, strftime(max(file_date), '%Y-%m-%d') as to
    from log_file
  `)
  const from = given.from ?? span?.from ?? '1970-01-01'
  const to = given.to ?? span?.to ?? from
  if (from > to)
    throw new MillraceError('usage_invalid', `Cannot report on the days from ${from} to ${to}: there are none`)
  const has_catalog = relations.has('organisation.day')
  return { from, to, gaps: has_catalog ? await readGaps(database, { site: given.site, from, to }) : [] }
}

async function readFacts({ database, group_min, gaps }: CourseSource) {
  const [counts] = await database.rows<{ readonly learners: number; readonly files: number }>(`
    select
      (select count(*)::integer from learner) as learners,
      (select count(*)::integer from log_file) as files
  `)
  const missing = gaps.reduce((all, { from, to }) => all + (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1, 0)
  return [
    { name: 'learners', value: countText(shownCount(counts?.learners ?? 0, group_min)) },
    { name: 'log files with events of the course', value: (counts?.files ?? 0).toLocaleString('en-US') },
    { name: 'days without logs', value: missing.toLocaleString('en-US') },
  ]
}
