// `millrace report`: a course on one page, for whoever will not ask a database. The page is told from what researchers' tables
// say, so both always agree.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CalendarDate } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { courseFolder } from '../contracts/store_layout.ts'
import { directoryError } from '../runtime/object_store/directory_errors.ts'
import { openScratch } from '../runtime/scratch.ts'
import { createStop } from '../runtime/stop.ts'
import { chosenCourses } from './chosen_courses.ts'
import { EXIT_DONE } from './exit_codes.ts'
import { bytesText, type Output } from './output.ts'
import { openProject, openResults } from './project.ts'
import { fetchCatalog, fetchCourse } from './published_edition.ts'
import { writeReport } from './report/write_report.ts'

export interface ReportOptions {
  readonly config_path: string
  readonly course: string
  readonly site: string | undefined
  /** Null: named after the course, in the current folder. */
  readonly to: string | null
  readonly group_min: number
  /** First and last day of the curves; null for those of the course. */
  readonly from: string | null
  readonly until: string | null
  readonly output: Output
}

export async function report(options: ReportOptions): Promise<number> {
  const { output, group_min } = options
  for (const day of [options.from, options.until])
    if (day !== null && !CalendarDate.safeParse(day).success)
      throw new MillraceError('usage_invalid', `Cannot report on the days to or from "${day}": expected YYYY-MM-DD`)
  const stop = createStop()
  using _listening = stop.listen()
  const signal = stop.soft
  const project = await openProject(options)
  const { reducers } = project.config

  await using results = await openResults(project, { signal })
  const found = await chosenCourses(results, { course: [options.course], site: options.site }, { signal })
  const [course] = found
  if (course === undefined || found.length > 1)
    throw new MillraceError(
      'usage_invalid',
      `Cannot report on "${options.course}": it is on ${found.map(({ site }) => site).join(' and ')}; choose one with --site`,
    )
  const parent = reducers.scratch === undefined ? tmpdir() : resolve(project.base, reducers.scratch)
  await using scratch = await openScratch(parent, 'report')
  const database_path = join(scratch.path, 'edition.duckdb')
  const catalog_path = join(scratch.path, 'catalog.duckdb')
  const head = await fetchCourse(results, course, { path: database_path }, { signal })
  if (head === null)
    throw new MillraceError('usage_invalid', `Cannot report on "${options.course}": it is not built any more`)
  const catalog = await fetchCatalog(results, { path: catalog_path }, { signal })
  const { page, absent } = await writeReport({
    database_path,
    catalog_path: catalog === null ? null : catalog_path,
    site: course.site,
    course_id: course.course_id,
    edition: head.edition,
    head: head.number,
    group_min,
    from: options.from,
    to: options.until,
    memory_mb: reducers.memory_mb,
    scratch: scratch.path,
    signal,
  })
  const path = resolve(options.to ?? `report-${course.site}-${courseFolder(course.course_id)}.html`)
  await writeWhole(path, page)
  if (absent.length > 0) output.line(`Not shown, for want of tables: ${absent.join(', ')}`)
  output.line(`Report: ${path} (${bytesText(Buffer.byteLength(page))})`)
  output.document({
    path,
    site: course.site,
    course_id: course.course_id,
    edition: head.edition,
    head: head.number,
    absent,
  })
  return EXIT_DONE
}

/** Writes beside and renames: who reads the page finds the old one or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(beside, text)
    await rename(beside, path)
  } catch (error) {
    throw directoryError(error, `write "${path}"`, 'store_unreachable')
  }
}
