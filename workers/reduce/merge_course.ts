// Brings one course to its plan: builds the files of the new edition beside the old one, publishes them and clears what
// is too old. Whatever fails here ends this course and no other.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Site } from '../../contracts/day.ts'
import { CourseHead, type EditionFile } from '../../contracts/head.ts'
import { courseHeadKey, courseHeadPrefix, currentCourseKey, editionKey } from '../../contracts/store_layout.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { buildCourseFiles, type CourseFiles, type CourseInputs } from './course_files.ts'
import type { CourseBuild, CoursePlan } from './course_plan.ts'
import { fetchEdition } from './fetch_edition.ts'
import { mergedDays } from './pending.ts'
import { createHead, removeOldEditions, showCurrent, uploadEditionFile } from './publish.ts'
import { EMPTY_SUMMARY } from './summary.ts'

export interface CourseWork extends Omit<CourseInputs, 'old_rows_path'> {
  readonly store: ObjectStore
  readonly site: Site
}

/** The rows file that a head names is missing or not what the head says: the course must be built from parts alone. */
export class RowsUnusable extends Error {}

/** Does what is planned for a course; returns its newest head. Throws merge_conflict when another reducer was faster. */
export async function mergeCourse(plan: CoursePlan, work: CourseWork): Promise<CourseHead | null> {
  switch (plan.kind) {
    case 'current':
      if (plan.head !== null && plan.is_ahead) await show(plan.head, work)
      return plan.head
    case 'withdraw':
      return await publish(plan, work, { edition: 'withdrawn', days: {}, summary: EMPTY_SUMMARY, files: null })
    case 'build':
      return await build(plan, work)
  }
}

async function build(plan: CourseBuild, work: CourseWork): Promise<CourseHead> {
  const folder = await mkdtemp(join(work.folder, 'course-'))
  try {
    const old_rows_path = await fetchRows(plan, work, folder)
    const files = await buildCourseFiles(plan, { ...work, folder, old_rows_path })
    const { edition, days } = plan
    return await publish(plan, work, { edition, days: mergedDays(days), summary: files.summary, files })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Downloads the rows that stay; null when none do. */
async function fetchRows(plan: CourseBuild, work: CourseWork, folder: string): Promise<string | null> {
  const rows = plan.head?.rows
  if (!rows || plan.kept.size === 0) return null
  const path = join(folder, 'old_rows.duckdb')
  const wrong = await fetchEdition(work.store, rows, path, { signal: work.signal })
  if (wrong !== null) throw new RowsUnusable(`The rows file "${rows.key}" is ${wrong}`)
  return path
}

interface Edition {
  readonly edition: string
  readonly days: CourseHead['days']
  readonly summary: CourseHead['summary']
  readonly files: Omit<CourseFiles, 'summary'> | null
}

async function publish(plan: CoursePlan, work: CourseWork, made: Edition): Promise<CourseHead> {
  const { store, site, signal } = work
  const { course_id } = plan
  const number = (plan.head?.number ?? 0) + 1
  const prefix = editionKey(site, course_id, '')
  const upload = (name: string, path: string): Promise<EditionFile> =>
    uploadEditionFile(store, { prefix, number, name, path }, { signal })
  const database = made.files && (await upload('course', made.files.database_path))
  const rows = made.files && (await upload('rows', made.files.rows_path))
  const figures = made.files && (await upload('figures', made.files.figures_path))
  const { edition, days, summary } = made
  const head: CourseHead = { version: 2, number, site, course_id, edition, database, rows, figures, days, summary }
  const own = [database, rows, figures].filter((file) => file !== null)
  await createHead(store, { key: courseHeadKey(site, course_id, number), head, own }, { signal })
  await show(head, work)
  await removeOldEditions(store, { prefix, number, keep: [] }, { signal })
  return head
}

/** Brings the copy that people open to a head. */
async function show({ course_id, number, database }: CourseHead, { store, site, signal }: CourseWork): Promise<void> {
  const head_prefix = courseHeadPrefix(site, course_id)
  const fileOf = async (later: number) =>
    (await readRecord(store, courseHeadKey(site, course_id, later), CourseHead, { signal })).database
  const current_key = currentCourseKey(site, course_id)
  await showCurrent(store, { current_key, head_prefix, number, file: database, fileOf }, { signal })
}
