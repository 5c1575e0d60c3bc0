// What leaves the results store for people (exports, reports) comes from the edition that a head names, checked by its digest.
// The copy `course.duckdb` may be replaced in the middle of a download; an edition never changes, it is only removed one day.
import { MillraceError } from '../contracts/errors.ts'
import { CatalogHead, CourseHead, type EditionFile } from '../contracts/head.ts'
import { catalogHeadKey, catalogHeadPrefix, courseHeadKey, courseHeadPrefix } from '../contracts/store_layout.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../runtime/object_store/records.ts'
import { fetchEdition } from '../workers/reduce/fetch_edition.ts'
import type { ChosenCourse } from './chosen_courses.ts'

/** Times that an edition may be removed before its download ended, because newer ones came. */
const ATTEMPTS_MAX = 5

interface Waiting {
  readonly signal: AbortSignal
}

interface Wanted<Head> {
  /** Where to download to. */
  readonly path: string
  /** Says of the newest head that its database is not needed: then it is not downloaded. */
  readonly isNeeded?: (head: Head) => Promise<boolean>
}

type BuiltCourse = CourseHead & { readonly database: EditionFile }

/** Downloads the newest database of a course and tells its head; null when it has none any more. */
export async function fetchCourse(
  store: ObjectStore,
  course: ChosenCourse,
  wanted: Wanted<BuiltCourse>,
  waiting: Waiting,
): Promise<BuiltCourse | null> {
  const { site, course_id, known } = course
  return await fetchNewest(store, wanted, waiting, async () => {
    const prefix = courseHeadPrefix(site, course_id)
    // What the site's head knows is not looked at again: old heads of a long history are many.
    const number = (await latestNumber(store, prefix, { after: known, ...waiting })) ?? known
    const head = await readRecord(store, courseHeadKey(site, course_id, number), CourseHead, waiting)
    return head.database === null ? null : { ...head, database: head.database }
  })
}

/** Downloads the newest catalogue and tells its head; null when there is none yet. */
export async function fetchCatalog(
  store: ObjectStore,
  wanted: Wanted<CatalogHead>,
  waiting: Waiting,
): Promise<CatalogHead | null> {
  return await fetchNewest(store, wanted, waiting, async () => {
    const number = await latestNumber(store, catalogHeadPrefix, waiting)
    return number === null ? null : await readRecord(store, catalogHeadKey(number), CatalogHead, waiting)
  })
}

async function fetchNewest<Head extends { readonly database: EditionFile }>(
  store: ObjectStore,
  { path, isNeeded = async () => true }: Wanted<Head>,
  waiting: Waiting,
  newest: () => Promise<Head | null>,
): Promise<Head | null> {
  for (let attempt = 1; ; attempt++) {
    const head = await newest()
    if (head === null || !(await isNeeded(head))) return head
    const fault = await fetchEdition(store, head.database, path, waiting)
    if (fault === null) return head
    const what = `Cannot read "${store.urlOf(head.database.key)}"`
    if (fault === 'damaged') throw new MillraceError('object_corrupt', `${what}: it is not what its head says`)
    if (attempt === ATTEMPTS_MAX) throw new MillraceError('object_missing', `${what}: its head names it and it is gone`)
  }
}
