// The catalogue's list of courses comes from their heads. Heads never change, so the rows of those that it knows stay: of a
// thousand courses a merge of one day reads the few that it touched.
import { CATALOG_COURSE } from '../../contracts/catalog_tables.ts'
import { CourseHead } from '../../contracts/head.ts'
import { courseHeadKey } from '../../contracts/store_layout.ts'
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { forEachBounded } from './bounded.ts'
import type { SiteStanding } from './catalog_state.ts'
import { insertRows } from './insert_rows.ts'
import type { MergeDeps } from './merge_deps.ts'
import { REQUESTS_MAX } from './read_receipts.ts'

const COURSE = `published.main.${CATALOG_COURSE.name}`

/** Brings the table of courses, empty or of an earlier catalogue, to all that have a database; tells which changed, by site. */
export async function fillCourses(
  database: Database,
  standings: readonly SiteStanding[],
  deps: Pick<MergeDeps, 'results' | 'signal'>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const wanted = new Map<string, { standing: SiteStanding; course_id: string; number: number }>()
  for (const standing of standings)
    for (const [course_id, number] of Object.entries(standing.head?.courses ?? {}))
      wanted.set(JSON.stringify([standing.site, course_id, number]), { standing, course_id, number })
  const present = await database.rows<{ site: string; course_id: string; head: bigint }>(
    `select site, course_id, head from ${COURSE}`,
  )
  const gone: [string, string, number][] = []
  for (const { site, course_id, head } of present)
    if (!wanted.delete(JSON.stringify([site, course_id, Number(head)]))) gone.push([site, course_id, Number(head)])
  if (gone.length > 0) {
    await database.run('create or replace temp table gone (site VARCHAR, course_id VARCHAR, head BIGINT)')
    await insertRows(database, 'temp.main.gone', gone)
    await database.run(`delete from ${COURSE} where (site, course_id, head) in (from temp.main.gone)`)
    await database.run('drop table temp.main.gone')
  }
  const rows: (readonly (string | number | boolean | null)[])[] = []
  await forEachBounded(wanted.values(), REQUESTS_MAX, async ({ standing, course_id, number }) => {
    const { site } = standing
    const head = await readRecord(deps.results, courseHeadKey(site, course_id, number), CourseHead, deps)
    if (head.database !== null) rows.push(rowOf(head, head.database))
  })
  await insertRows(database, COURSE, rows)
  const changed = new Map<string, Set<string>>()
  const add = (site: string, course_id: string): void =>
    void changed.set(site, (changed.get(site) ?? new Set()).add(course_id))
  for (const [site, course_id] of gone) add(site, course_id)
  for (const { standing, course_id } of wanted.values()) add(standing.site, course_id)
  return changed
}

/** The values of CATALOG_COURSE in order; organisation, foreign and look_alike follow in SQL. */
function rowOf(
  { site, course_id, summary, days, edition, number, rows, figures }: CourseHead,
  database: NonNullable<CourseHead['database']>,
): readonly (string | number | boolean | null)[] {
  const utc = (time: string | null) => time?.replace(/Z$/, '') ?? null
  const { events, learners, enrolled, enrolled_ever, passed, certificates, first_time, last_time } = summary
  const counts = [events, learners, enrolled, enrolled_ever, passed, certificates, Object.keys(days).length]
  const bytes = [database.bytes, rows?.bytes ?? null]
  const file = [edition, ...bytes, database.key, figures?.key ?? null, figures?.sha256 ?? null, number]
  return [site, course_id, null, null, ...counts, utc(first_time), utc(last_time), ...file, null]
}

/** Fills in what follows from the course ids themselves. */
export async function markLookAlikes(database: Database, organisations: readonly string[]): Promise<void> {
  const own = organisations.map(literal).join(', ')
  await database.run(`
    update ${COURSE}
    set organisation = regexp_extract(course_id, '^(?:[^:/+]+:)?([^/+]+)[/+]', 1)
    where organisation is null
  `)
  await database.run(`
    update ${COURSE}
    set "foreign" = lower(organisation) not in (${own})
    where "foreign" is null
  `)
  await database.run(`
    update ${COURSE}
    set look_alike = twin.ids
    from (
      select
        one.site,
        one.course_id,
        string_agg(other.course_id, ' ' order by other.course_id) as ids
      from ${COURSE} as one
      left join ${COURSE} as other
        on other.site = one.site
        and lower(other.course_id) = lower(one.course_id)
        and other.course_id <> one.course_id
      group by one.site, one.course_id
    ) as twin
    where twin.site = course.site
      and twin.course_id = course.course_id
      and course.look_alike is distinct from twin.ids
  `)
}
