// Which courses a round has to look at. One too many costs two small requests; one too few is a course that stays wrong.

import type { SiteHead } from '../../contracts/head.ts'
import type { CourseFilter } from '../../contracts/plan_record.ts'

export interface CourseSetGiven {
  readonly head: SiteHead | null
  /** Courses that days which come or go have events of, whose names changed, or which a dead merge may have left ahead. */
  readonly touched: Iterable<string>
  /** Every course that has a day at the end of the round; null when the round does not look at all of them. */
  readonly all: Iterable<string> | null
  readonly wanted: (course_id: string) => boolean
  /** By the filter that the head was made with; null when that is not known. */
  readonly wanted_before: ((course_id: string) => boolean) | null
  /** Look at every course, not only at those with a reason. */
  readonly check_all: boolean
}

/** Finds the courses that may need another edition, in order. */
export function coursesToPlan(given: CourseSetGiven): readonly string[] {
  const { head, all, wanted, wanted_before, check_all } = given
  const courses = new Set(given.touched)
  if (all !== null)
    for (const course_id of [...all, ...Object.keys(head?.courses ?? {})])
      if (check_all || wanted_before === null || wanted_before(course_id) !== wanted(course_id)) courses.add(course_id)
  // A course that the filter leaves out and that never had a head needs no look.
  return [...courses]
    .filter((course_id) => check_all || wanted(course_id) || head?.courses[course_id] !== undefined)
    .sort()
}

/** Tells whether two filters are spelt alike. */
export const sameFilter = (a: CourseFilter, b: CourseFilter): boolean =>
  JSON.stringify([a.include, a.exclude]) === JSON.stringify([b.include, b.exclude])
