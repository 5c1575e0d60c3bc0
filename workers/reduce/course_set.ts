// Which courses a round has to look at. One too many costs two small requests; one too few is a course that stays wrong.

import { courseMatcher } from '../../config/course_filter.ts'
import type { SiteHead } from '../../contracts/head.ts'
import type { CourseFilter } from '../../contracts/plan_record.ts'
import type { Receipt } from '../../contracts/receipt.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { ofDates } from './copy_rows.ts'
import { coursesWithChangedNames } from './names.ts'

export interface CourseSetGiven {
  /** Attached rows files of the site: the present one (null for none) and the new one. */
  readonly old_site: string | null
  readonly site: string
  readonly head: SiteHead | null
  /** Dates whose present rows go. */
  readonly dropped: readonly string[]
  /** Receipts of the days that come. */
  readonly receipts: readonly Receipt[]
  readonly filter: CourseFilter
  /** The filter that the head was made with; null when that is not known. */
  readonly old_filter: CourseFilter | null
  readonly check_all: boolean
}

/** Finds the courses that may need another edition, in order. */
export async function coursesToPlan(database: Database, given: CourseSetGiven): Promise<readonly string[]> {
  const { old_site, site, head, filter, old_filter } = given
  const wanted = courseMatcher(filter)
  const touched = new Set<string>()
  for (const receipt of given.receipts) for (const { course_id } of receipt.courses) touched.add(course_id)
  if (old_site !== null) {
    const gone = await database.rows<{ course_id: string }>(
      `select distinct course_id from "${old_site}".main.course_day where ${ofDates(given.dropped)}`,
    )
    for (const { course_id } of gone) touched.add(course_id)
    for (const course_id of await coursesWithChangedNames(database, { site, old_site })) touched.add(course_id)
  }
  if (given.check_all || head === null || !sameFilter(filter, old_filter)) {
    const wanted_before = old_filter === null ? null : courseMatcher(old_filter)
    const all = await database.rows<{ course_id: string }>(`select distinct course_id from "${site}".main.course_day`)
    for (const course_id of [...all.map((row) => row.course_id), ...Object.keys(head?.courses ?? {})])
      if (given.check_all || wanted_before === null || wanted_before(course_id) !== wanted(course_id))
        touched.add(course_id)
  }
  // A course that the filter leaves out and that never had a head needs no look.
  return [...touched]
    .filter((course_id) => given.check_all || wanted(course_id) || head?.courses[course_id] !== undefined)
    .sort()
}

/** Tells whether two filters are spelt alike; one that is not known is not. */
export const sameFilter = (a: CourseFilter, b: CourseFilter | null): boolean =>
  b !== null && JSON.stringify([a.include, a.exclude]) === JSON.stringify([b.include, b.exclude])
