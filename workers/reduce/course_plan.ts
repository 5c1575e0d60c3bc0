// Decides what a merge has to do to one course: nothing, build a new edition, or withdraw it. The newest head of the
// course counts, not what the site's head says of it: a merge that died half way left some courses ahead.

import type { Site } from '../../contracts/day.ts'
import { Fingerprint } from '../../contracts/fingerprint.ts'
import { CourseHead, type SiteHead } from '../../contracts/head.ts'
import { courseHeadKey, courseHeadPrefix } from '../../contracts/store_layout.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../../runtime/object_store/records.ts'
import { editionOf } from './edition.ts'
import { namesOfCourse } from './names.ts'
import { type Days, daysOf, differencesOf } from './pending.ts'

interface Planned {
  readonly course_id: string
  /** The newest head; null before the first. */
  readonly head: CourseHead | null
}

/**
 * `current`: the newest head is right. `withdraw`: the filter leaves the course out, or its days are gone. `build`: a
 * new edition from the head's rows file and the parts of some days.
 */
export type CoursePlan =
  | (Planned & { readonly kind: 'current' | 'withdraw' })
  | (Planned & {
      readonly kind: 'build'
      readonly edition: string
      readonly days: Days
      /** Events of the course by date, from the receipts. */
      readonly events: ReadonlyMap<string, number>
      /** Days of the head's rows file that stay; empty when the file is not used. */
      readonly kept: Days
      /** Days whose rows come from parts. */
      readonly inserted: Days
    })
export type CourseBuild = Extract<CoursePlan, { kind: 'build' }>

/** Reads the newest head of a course, given one that is known to stand. */
export async function newestCourseHead(
  store: ObjectStore,
  given: { readonly site: Site; readonly course_id: string; readonly after: number },
  { signal }: { readonly signal: AbortSignal },
): Promise<CourseHead | null> {
  const { site, course_id, after } = given
  const number = await latestNumber(store, courseHeadPrefix(site, course_id), { after, signal })
  return number === null
    ? null
    : await readRecord(store, courseHeadKey(site, course_id, number), CourseHead, { signal })
}

/** Plans one course from its head and the new rows of its site (attached as `site_rows`). */
export async function planCourse(
  database: Database,
  given: {
    readonly course_id: string
    readonly site_rows: string
    readonly head: CourseHead | null
    /** The course filter lets it be built. */
    readonly wanted: boolean
    /** Do not build on the head's rows file: it is missing or damaged. */
    readonly distrust_rows: boolean
  },
): Promise<CoursePlan> {
  const { course_id, head, site_rows } = given
  const files = given.wanted ? await filesOf(database, site_rows, course_id) : []
  if (files.length === 0) return { kind: head?.database ? 'withdraw' : 'current', course_id, head }
  const days: Days = new Map(files.map(({ date, fingerprint }) => [date, Fingerprint.parse(fingerprint)]))
  const edition = editionOf({ course_id, days, names: await namesOfCourse(database, { site: site_rows, course_id }) })
  if (head?.database && head.rows && head.edition === edition && !given.distrust_rows)
    return { kind: 'current', course_id, head }
  const present: Days = head?.rows && !given.distrust_rows ? daysOf(head.days) : new Map()
  const { added, replaced } = differencesOf(present, days)
  const inserted = new Set([...added, ...replaced])
  return {
    kind: 'build',
    course_id,
    head,
    edition,
    days,
    events: new Map(files.map(({ date, events }) => [date, Number(events)])),
    kept: new Map([...days].filter(([date]) => !inserted.has(date))),
    inserted: new Map([...days].filter(([date]) => inserted.has(date))),
  }
}

interface CourseFile {
  readonly date: string
  readonly fingerprint: string
  readonly events: bigint
}

const filesOf = (database: Database, site_rows: string, course_id: string): Promise<readonly CourseFile[]> =>
  database.rows<CourseFile>(
    `
      select file_date::varchar as date, fingerprint, events
      from "${site_rows}".main.course_day
      where course_id = ?
      order by file_date
    `,
    [course_id],
  )

/** Reads how many heads a course had when the site's head was written; 0 for a course that is new. */
export const knownNumber = (head: SiteHead | null, course_id: string): number => head?.courses[course_id] ?? 0
