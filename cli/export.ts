// `millrace export`: course databases as files that every program reads, with the account of what they are. A researcher who
// never heard of DuckDB, and a czar who hands on one course, start here.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { CATALOG_TABLES } from '../contracts/catalog_tables.ts'
import { type ErrorCode, MillraceError } from '../contracts/errors.ts'
import type { CatalogHead, CourseHead, EditionFile } from '../contracts/head.ts'
import { courseFolder } from '../contracts/store_layout.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import { createStop } from '../runtime/stop.ts'
import { type ChosenCourse, chosenCourses } from './chosen_courses.ts'
import { EXIT_DONE, EXIT_FAILED } from './exit_codes.ts'
import { buildExport } from './export/build_export.ts'
import { type Destination, openDestination } from './export/destination.ts'
import type { Format } from './export/file_name.ts'
import type { MadeFrom, Manifest } from './export/manifest.ts'
import { bytesText, grouped, type Output } from './output.ts'
import { openProject, openResults, type Project } from './project.ts'
import { fetchCatalog, fetchCourse } from './published_edition.ts'

export interface ExportOptions {
  readonly config_path: string
  readonly to: string
  readonly course: readonly string[]
  readonly site: string | undefined
  readonly all: boolean
  readonly catalog: boolean
  /** Null for all. */
  readonly tables: readonly string[] | null
  readonly format: Format
  readonly output: Output
}

/** Folder of the catalogue's export; no site can have this name. */
const CATALOG_FOLDER = '@catalog'

interface Exported {
  readonly site: string | null
  readonly course_id: string | null
  readonly state: 'written' | 'unchanged'
  readonly folder: string
  readonly edition: string
  readonly head: number
  readonly tables: number
  readonly tables_absent: readonly string[]
  readonly rows: number
  readonly bytes: number
}

interface Failed {
  readonly site: string | null
  readonly course_id: string | null
  readonly code: ErrorCode
  readonly message: string
}

/** Writes what is asked for; a course that cannot be exported does not keep the others from it. */
export async function exportFiles(options: ExportOptions): Promise<number> {
  const { output } = options
  checkOptions(options)
  const stop = createStop()
  using _listening = stop.listen()
  const signal = stop.soft
  const project = await openProject(options)
  checkNames(options, project.tables)

  await using results = await openResults(project, { signal })
  const wants_courses = options.all || options.course.length > 0 || options.site !== undefined
  const courses = wants_courses ? await chosenCourses(results, options, { signal }) : []
  await using destination = await openDestination(project, options.to, { signal })
  const work: Work = { options, project, results, destination, signal }
  const jobs: Job[] = courses.map((course) => ({ ...course, make: () => exportCourse(course, work) }))
  if (options.catalog) jobs.push({ site: null, course_id: null, make: () => exportCatalog(work) })
  const exported: Exported[] = []
  const failed: Failed[] = []
  for (const [index, { site, course_id, make }] of jobs.entries())
    try {
      const done = await make()
      if (done === null) continue
      exported.push(done)
      if (!output.json) process.stderr.write(`${index + 1}/${jobs.length} ${nameOf(done)}: ${done.state}\n`)
    } catch (error) {
      if (!(error instanceof MillraceError) || jobs.length === 1 || signal.aborted) throw error
      failed.push({ site, course_id, code: error.code, message: error.message })
    }
  report({ exported, failed, to: destination.urlOf('').replace(/\/$/, '') }, output)
  return failed.length > 0 ? EXIT_FAILED : EXIT_DONE
}

interface Job {
  readonly site: string | null
  readonly course_id: string | null
  /** Null when there is nothing to export any more. */
  readonly make: () => Promise<Exported | null>
}

interface Work {
  readonly options: ExportOptions
  readonly project: Project
  readonly results: ObjectStore
  readonly destination: Destination
  readonly signal: AbortSignal
}

function checkOptions({ all, course, site, catalog }: ExportOptions): void {
  if (all && course.length > 0)
    throw new MillraceError('usage_invalid', 'Cannot export with --all and --course: name the courses or take all')
  if (!all && course.length === 0 && site === undefined && !catalog)
    throw new MillraceError('usage_invalid', 'Cannot export nothing: give --course, --site, --all or --catalog')
}

function checkNames({ tables: asked }: ExportOptions, { tables, views }: TableSet): void {
  const known = new Set<string>([
    ...tables.filter(({ published }) => published).map(({ name }) => name),
    ...CATALOG_TABLES.map(({ name }) => name),
    ...views.map(({ schema, name }) => (schema === 'main' ? name : `${schema}.${name}`)),
  ])
  // Other schemas have tables of one course alone, which its database tells.
  for (const name of asked ?? [])
    if (!known.has(name) && !name.includes('.'))
      throw new MillraceError('usage_invalid', `Cannot export "${name}": there is no such table`)
}

async function exportCourse(course: ChosenCourse, work: Work): Promise<Exported | null> {
  const { site, course_id } = course
  const folder = `${site}/${courseFolder(course_id)}`
  const exported = await exportDatabase(folder, work, async (wanted) => {
    const isNeeded = (head: CourseHead & Named) => wanted.isNeeded(madeFrom(head, work))
    return await fetchCourse(work.results, course, { path: wanted.path, isNeeded }, work)
  })
  if (exported === null && work.options.course.length > 0)
    throw new MillraceError('usage_invalid', `Cannot export "${course_id}" of ${site}: it is not built any more`)
  return exported
}

async function exportCatalog(work: Work): Promise<Exported> {
  const exported = await exportDatabase(CATALOG_FOLDER, work, async (wanted) => {
    const isNeeded = (head: CatalogHead) =>
      wanted.isNeeded(madeFrom({ site: null, course_id: null, days: {}, ...head }, work))
    return await fetchCatalog(work.results, { path: wanted.path, isNeeded }, work)
  })
  if (exported === null) throw new MillraceError('usage_invalid', 'Cannot export the catalogue: there is none yet')
  return exported
}

/** What heads of courses and of the catalogue have in common. */
interface Named {
  readonly number: number
  readonly edition: string
  readonly database: EditionFile
}

function madeFrom(
  { site, course_id, edition, number, database, days }: Pick<MadeFrom, 'site' | 'course_id' | 'days'> & Named,
  { options, project }: Work,
): MadeFrom {
  const tables_asked = options.tables === null ? null : [...new Set(options.tables)].sort()
  const { organisation } = project.config
  return { organisation, site, course_id, edition, head: number, database, days, format: options.format, tables_asked }
}

interface Wanted {
  /** Where the database is expected. */
  readonly path: string
  /** Tells whether the folder has another export than one made from this; keeps it for what follows. */
  readonly isNeeded: (made_from: MadeFrom) => Promise<boolean>
}

/** Exports the newest edition into its folder, unless the folder has that already; null when `fetch` finds none. */
async function exportDatabase(
  folder: string,
  work: Work,
  fetch: (wanted: Wanted) => Promise<object | null>,
): Promise<Exported | null> {
  const { destination, project, signal } = work
  const path = join(destination.scratch, 'edition.duckdb')
  const present = await destination.present(folder)
  let newest: MadeFrom | null = null
  const isNeeded = async (made_from: MadeFrom): Promise<boolean> => {
    newest = made_from
    return !isDeepStrictEqual(present?.made_from, made_from)
  }
  if ((await fetch({ path, isNeeded })) === null || newest === null) return null
  const made_from: MadeFrom = newest
  if (present !== null && isDeepStrictEqual(present.made_from, made_from))
    return exportedOf({ folder, manifest: present, state: 'unchanged' }, work)
  const built_path = join(destination.scratch, 'built')
  await rm(built_path, { recursive: true, force: true })
  const manifest = await buildExport({
    database_path: path,
    made_from,
    title: { subject: titleOf(made_from), edition: made_from.edition, sections: project.tables.sections },
    path: built_path,
    scratch: destination.scratch,
    memory_mb: project.config.reducers.memory_mb,
    signal,
  })
  await destination.place(folder, { path: built_path, manifest })
  return exportedOf({ folder, manifest, state: 'written' }, work)
}

const titleOf = ({ organisation, site, course_id }: MadeFrom): string =>
  course_id === null ? `Catalogue of ${organisation}` : `${course_id} of the site ${site}`

function exportedOf(
  given: { readonly folder: string; readonly manifest: Manifest; readonly state: Exported['state'] },
  { destination }: Work,
): Exported {
  const { folder, manifest, state } = given
  const { site, course_id, edition, head } = manifest.made_from
  const sum = (of: (table: Manifest['tables'][number]) => number): number =>
    manifest.tables.reduce((all, table) => all + of(table), 0)
  return {
    site,
    course_id,
    state,
    folder: destination.urlOf(folder),
    edition,
    head,
    tables: manifest.tables.length,
    tables_absent: manifest.tables_absent,
    rows: sum(({ rows }) => rows),
    bytes: sum(({ bytes }) => bytes),
  }
}

const nameOf = ({ site, course_id }: Pick<Exported, 'site' | 'course_id'>): string =>
  course_id === null ? 'catalogue' : `${site} ${course_id}`

function report(
  found: { readonly exported: readonly Exported[]; readonly failed: readonly Failed[]; readonly to: string },
  output: Output,
): void {
  const { exported, failed, to } = found
  output.table(
    ['site', 'course', 'tables', 'rows', 'bytes', ''],
    exported.map((one) => [
      one.site ?? '–',
      one.course_id ?? 'catalogue',
      one.tables,
      grouped(one.rows),
      bytesText(one.bytes),
      one.state,
    ]),
  )
  output.line()
  for (const one of exported)
    if (one.tables_absent.length > 0) output.line(`Not in ${nameOf(one)}: ${one.tables_absent.join(', ')}`)
  for (const one of failed) output.line(`Failed: ${nameOf(one)}: ${one.message} [${one.code}]`)
  output.line(`Exports: ${to}`)
  output.document({ to, exported, failed })
}
