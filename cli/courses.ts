// Which course databases there are now, by their heads: what `run`, `status` and `demo` end with.

import type { Site } from '../contracts/day.ts'
import { CourseHead, SiteHead } from '../contracts/head.ts'
import {
  courseHeadKey,
  courseHeadPrefix,
  currentCourseKey,
  siteHeadKey,
  siteHeadPrefix,
} from '../contracts/store_layout.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../runtime/object_store/records.ts'
import { grouped, type Output } from './output.ts'

export interface PublishedCourse {
  readonly site: Site
  readonly course_id: string
  readonly events: number
  readonly learners: number
  readonly days: number
  readonly first_time: string | null
  readonly last_time: string | null
  readonly bytes: number
  /** The database that people open. */
  readonly database: string
}

/** Reads the newest heads of all courses of the sites that have a database, largest first in each site. */
export async function publishedCourses(
  results: ObjectStore,
  sites: readonly Site[],
  options: { readonly signal: AbortSignal },
): Promise<readonly PublishedCourse[]> {
  const found: PublishedCourse[] = []
  for (const site of sites) {
    const number = await latestNumber(results, siteHeadPrefix(site), options)
    if (number === null) continue
    const head = await readRecord(results, siteHeadKey(site, number), SiteHead, options)
    const courses = await Promise.all(
      Object.entries(head.courses).map(([course_id, known]) =>
        publishedCourse(results, { site, course_id, known }, options),
      ),
    )
    found.push(...courses.filter((course) => course !== null).sort((a, b) => b.events - a.events))
  }
  return found
}

async function publishedCourse(
  results: ObjectStore,
  given: { readonly site: Site; readonly course_id: string; readonly known: number },
  options: { readonly signal: AbortSignal },
): Promise<PublishedCourse | null> {
  const { site, course_id, known } = given
  const prefix = courseHeadPrefix(site, course_id)
  const number = (await latestNumber(results, prefix, { after: known, ...options })) ?? known
  const head = await readRecord(results, courseHeadKey(site, course_id, number), CourseHead, options)
  if (head.database === null) return null
  return {
    site,
    course_id,
    ...head.summary,
    days: Object.keys(head.days).length,
    bytes: head.database.bytes,
    database: results.urlOf(currentCourseKey(site, course_id)),
  }
}

/** Prints the courses as a table. */
export function printCourses(courses: readonly PublishedCourse[], output: Output): void {
  output.table(
    ['site', 'course', 'events', 'learners', 'days', 'first', 'last'],
    courses.map((course) => [
      course.site,
      course.course_id,
      grouped(course.events),
      grouped(course.learners),
      course.days,
      course.first_time?.slice(0, 10) ?? '–',
      course.last_time?.slice(0, 10) ?? '–',
    ]),
  )
}
