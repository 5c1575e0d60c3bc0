// Which courses a command is about: `--course`, `--site` and `--all` in one meaning, so that no two commands disagree about
// what a course id names or how a misspelt one is answered.
import { type Site, siteOfToken } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { SiteHead } from '../contracts/head.ts'
import { planRoot, siteHeadKey, siteHeadPrefix } from '../contracts/store_layout.ts'
import { sitesUnder } from '../coordinator/plan_records.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../runtime/object_store/records.ts'

export interface CourseChoice {
  /** Course ids, in any number; without any, all courses are meant. */
  readonly course: readonly string[]
  readonly site?: string | undefined
}

export interface ChosenCourse {
  readonly site: Site
  readonly course_id: string
  /** Number of a head that the course has; newer ones may have come. */
  readonly known: number
}

interface Waiting {
  readonly signal: AbortSignal
}

/** Finds the courses with a head that are meant, by site and id; an id or a site that no course has is an error. */
export async function chosenCourses(
  results: ObjectStore,
  choice: CourseChoice,
  waiting: Waiting,
): Promise<readonly ChosenCourse[]> {
  const all = await coursesOf(results, await chosenSites(results, choice.site, waiting), waiting)
  for (const course_id of choice.course) mustBeThere(course_id, all)
  if (choice.course.length === 0) return all
  return all.filter(({ course_id }) => choice.course.includes(course_id))
}

async function chosenSites(
  results: ObjectStore,
  wanted: string | undefined,
  waiting: Waiting,
): Promise<readonly Site[]> {
  const sites = [...(await sitesUnder(results, planRoot, waiting))].sort()
  if (wanted === undefined) return sites
  const site = siteOfToken(wanted)
  if (site === null || !sites.includes(site))
    throw new MillraceError(
      'usage_invalid',
      `Cannot find the site "${wanted}": ${sites.length === 0 ? 'there are no results yet' : `there are ${sites.join(', ')}`}`,
    )
  return [site]
}

async function coursesOf(
  results: ObjectStore,
  sites: readonly Site[],
  waiting: Waiting,
): Promise<readonly ChosenCourse[]> {
  const found: ChosenCourse[] = []
  for (const site of sites) {
    const number = await latestNumber(results, siteHeadPrefix(site), waiting)
    if (number === null) continue
    const head = await readRecord(results, siteHeadKey(site, number), SiteHead, waiting)
    const courses = Object.entries(head.courses).map(([course_id, known]) => ({ site, course_id, known }))
    found.push(...courses.sort((one, other) => (one.course_id < other.course_id ? -1 : 1)))
  }
  return found
}

function mustBeThere(course_id: string, all: readonly ChosenCourse[]): void {
  if (all.some((course) => course.course_id === course_id)) return
  const like = all.filter((course) => course.course_id.toLowerCase() === course_id.toLowerCase())
  const hint =
    like[0] === undefined
      ? `none of the ${all.length} courses has this id; millrace status lists them`
      : `course ids keep their case; there is "${like[0].course_id}"`
  throw new MillraceError('usage_invalid', `Cannot find the course "${course_id}": ${hint}`)
}
