// Takes published tables of courses the way to the weeks and months of the catalogue, without store and reducer: figures in
// Parquet, then the declared SQL. And computes the weeks a second time, learner by learner, from the events alone.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CATALOG_PERIODS } from '../../contracts/catalog_periods.ts'
import { COURSE_FIGURES } from '../../contracts/course_figures.ts'
import type { EventRow } from '../../contracts/event.ts'
import { TABLES } from '../../contracts/registry.ts'
import { publishedColumns, quoted } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'
import { figuresSelect } from '../../workers/reduce/catalog_periods.ts'
import { writeFigures } from '../../workers/reduce/course_figures.ts'
import { insertRows } from '../../workers/reduce/insert_rows.ts'
import { mergeAtOnce, type Rows } from './merged_files.ts'

/** Gives the weeks and months of a site whose courses have these events, by table; a table's rows in order of its columns. */
export async function catalogPeriods(events: readonly EventRow[]): Promise<ReadonlyMap<string, Rows>> {
  const { published } = await mergeAtOnce(events)
  const folder = await mkdtemp(join(tmpdir(), 'millrace-periods-'))
  try {
    await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
    await database.run(`attach ':memory:' as course`)
    for (const table of TABLES.filter(({ name }) => FIGURES_FROM.has(name))) {
      const columns = publishedColumns(table).map(([name, { type }]) => `${quoted(name)} ${type}`)
      await database.run(`create table course.main.${quoted(table.name)} (${columns.join(', ')})`)
      // Every cell of these tables is a number, a text or a truth value.
      const rows = (published.get(table.name) ?? []).map((row) => Object.values(row).map(cellOf))
      await insertRows(database, `course.main.${quoted(table.name)}`, rows)
    }
    const path = join(folder, 'figures.parquet')
    await writeFigures(database, { course: 'course', path })
    await database.run(`create view figure as select 'edx' as site, * from (${figuresSelect([path])})`)
    await database.run(`create view without_course as
      select 'edx' as site, * from course.main.event_type_day where course_id is null`)
    const periods = new Map<string, Rows>()
    for (const { name, columns, sql } of CATALOG_PERIODS) {
      const cells = Object.entries(columns).map(
        ([column, { type }]) => `${quoted(column)}::${type} as ${quoted(column)}`,
      )
      periods.set(name, await database.rows(`select ${cells.join(', ')} from (${sql}) order by all`))
    }
    return periods
  } finally {
    await rm(folder, { recursive: true })
  }
}

const FIGURES_FROM: ReadonlySet<string> = new Set(COURSE_FIGURES.from)

const cellOf = (cell: unknown): string | null => (cell === null ? null : String(cell))

type Week = Record<string, string | bigint | null>

/** Tells the weeks of a site again, from its events. */
export function weeksToldAgain(events: readonly EventRow[]): readonly Week[] {
  const people = new People(events)
  const of_courses = events.filter(({ course_id }) => course_id !== null)
  const weeks = [...new Set(of_courses.map(weekOf))].sort()
  let before: Enrolled = { courses: new Set(), learners: new Set() }
  return weeks.map((week) => {
    const here = of_courses.filter((event) => weekOf(event) === week)
    const who = (is_such: (event: EventRow) => boolean): bigint => {
      const actors = new Set(here.filter(is_such).map((event) => people.actorOf(event)))
      actors.delete(null)
      return BigInt(actors.size)
    }
    const enrolled = enrolledAfter(
      of_courses.filter((event) => weekOf(event) <= week),
      people,
    )
    const told = {
      site: 'edx',
      week,
      courses: BigInt(new Set(here.map(({ course_id }) => course_id)).size),
      active: who(({ event_type }) => !event_type.startsWith('edx.course.enrollment.')),
      attempted_problem: who((event) => event.event_type === 'problem_check' && event.event_source === 'server'),
      played_video: who((event) => event.event_type === 'play_video' && event.event_source !== 'server'),
      posted_forum: who(
        (event) => /^edx\.forum\..*\.created$/.test(event.event_type) && event.event_source === 'server',
      ),
      events: BigInt(here.length),
      enrolled_at_end: BigInt(enrolled.learners.size),
      enrolments_at_end: BigInt(enrolled.courses.size),
      joined: countOf(enrolled.learners, (one) => !before.learners.has(one)),
      lapsed: countOf(before.learners, (one) => !enrolled.learners.has(one)),
    }
    before = enrolled
    return told
  })
}

const countOf = (people: ReadonlySet<string>, is_such: (one: string) => boolean): bigint =>
  BigInt([...people].filter(is_such).length)

/** Day 0 of 1970 was a Thursday. */
function weekOf({ time_us }: EventRow): string {
  const day = Math.floor(time_us / 86_400_000_000)
  return new Date((day - ((((day + 3) % 7) + 7) % 7)) * 86_400_000).toISOString().slice(0, 10)
}

/** One text for each person of a site. */
class People {
  readonly #ids = new Map<string, bigint>()

  constructor(events: readonly EventRow[]) {
    for (const { username, actor_id } of events)
      if (username !== null && actor_id !== null) {
        const known = this.#ids.get(username)
        this.#ids.set(username, known === undefined || actor_id < known ? actor_id : known)
      }
  }

  actorOf({ actor_id, actor_name }: EventRow): string | null {
    return this.#person(actor_id, actor_name)
  }

  subjectOf({ subject_id, subject_name }: EventRow): string | null {
    return this.#person(subject_id, subject_name)
  }

  #person(id: bigint | null, name: string | null): string | null {
    if (id !== null) return String(id)
    return name === null ? null : String(this.#ids.get(name) ?? name)
  }
}

/** Who is enrolled, as learners and as learners of courses. */
interface Enrolled {
  readonly courses: ReadonlySet<string>
  readonly learners: ReadonlySet<string>
}

function enrolledAfter(events: readonly EventRow[], people: People): Enrolled {
  const courses = new Map<string, string>()
  const ordered = [...events].sort((a, b) => a.time_us - b.time_us || (a.hash < b.hash ? -1 : 1))
  for (const event of ordered) {
    const person = people.subjectOf(event)
    if (person === null || event.rescued) continue
    const place = JSON.stringify([event.course_id, person])
    if (event.event_type === 'edx.course.enrollment.activated') courses.set(place, person)
    if (event.event_type === 'edx.course.enrollment.deactivated') courses.delete(place)
  }
  return { courses: new Set(courses.keys()), learners: new Set(courses.values()) }
}
