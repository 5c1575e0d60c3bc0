// Decides what a merge has to do to one course: nothing, build a new edition, or withdraw it. The newest head of the
// course counts, not what the site's head says of it: a merge that died half way left some courses ahead.

import type { Site } from '../../contracts/day.ts'
import { CourseHead, type SiteHead } from '../../contracts/head.ts'
import { courseHeadKey, courseHeadPrefix } from '../../contracts/store_layout.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../../runtime/object_store/records.ts'
import { editionOf } from './edition.ts'
import { type Days, daysOf, differencesOf } from './pending.ts'

interface Planned {
  readonly course_id: string
  /** The newest head; null before the first. */
  readonly head: CourseHead | null
  /** The site's head does not know it: the merge that created it died, perhaps before people could see it. */
  readonly is_ahead: boolean
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
      /** Days of the head's rows file that stay; empty when the file is not used. */
      readonly kept: Days
      /** Days whose rows come from parts. */
      readonly inserted: Days
    })
export type CourseBuild = Extract<CoursePlan, { kind: 'build' }>

export interface CourseHeads {
  /** The newest head; null before the first. */
  readonly newest: CourseHead | null
  /** The head that the site's head counts; null when it knows none. A merge that died may have created a newer one. */
  readonly counted: CourseHead | null
}

/** Reads the heads of a course from which a merge that starts at a site's head goes on. */
export async function courseHeads(
  store: ObjectStore,
  given: { readonly site: Site; readonly course_id: string; readonly head: SiteHead | null },
  { signal }: { readonly signal: AbortSignal },
): Promise<CourseHeads> {
  const { site, course_id, head } = given
  const read = async (number: number): Promise<CourseHead> =>
    await readRecord(store, courseHeadKey(site, course_id, number), CourseHead, { signal })
  const after = knownNumber(head, course_id)
  const number = await latestNumber(store, courseHeadPrefix(site, course_id), { after, signal })
  const newest = number === null ? null : await read(number)
  if (after === 0) return { newest, counted: null }
  return { newest, counted: newest?.number === after ? newest : await read(after) }
}

/** Plans one course. */
export function planCourse(given: {
  readonly course_id: string
  /** Its days at the end of the merge. */
  readonly days: Days
  /** Its names without an id, and what they resolve to. */
  readonly names: Parameters<typeof editionOf>[0]['names']
  /** Of the set of tables. */
  readonly declarations: string
  readonly heads: CourseHeads
  /** The course filter lets it be built. */
  readonly wanted: boolean
  /** Do not build on the head's rows file: it is missing or damaged. */
  readonly distrust_rows: boolean
}): CoursePlan {
  const { course_id, days, names, declarations } = given
  const head = given.heads.newest
  const planned = { course_id, head, is_ahead: head?.number !== given.heads.counted?.number }
  if (!given.wanted || days.size === 0) return { ...planned, kind: head?.database ? 'withdraw' : 'current' }
  const edition = editionOf({ declarations, course_id, days, names })
  if (head?.database && head.rows && head.edition === edition && !given.distrust_rows)
    return { ...planned, kind: 'current' }
  const present: Days = head?.rows && !given.distrust_rows ? daysOf(head.days) : new Map()
  const { added, replaced } = differencesOf(present, days)
  const inserted = new Set([...added, ...replaced])
  return {
    ...planned,
    kind: 'build',
    edition,
    days,
    kept: new Map([...days].filter(([date]) => !inserted.has(date))),
    inserted: new Map([...days].filter(([date]) => inserted.has(date))),
  }
}

/** Reads how many heads a course had when the site's head was written; 0 for a course that is new. */
export const knownNumber = (head: SiteHead | null, course_id: string): number => head?.courses[course_id] ?? 0
