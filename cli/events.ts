// `millrace events`: the events of one course, of one learner or of one kind, out of its database. Before, somebody decrypted
// years of logs again for that.
import { createReadStream } from 'node:fs'
import { mkdir, rename, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CalendarDate } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { openDatabase } from '../runtime/duckdb.ts'
import { openScratch } from '../runtime/scratch.ts'
import { createStop } from '../runtime/stop.ts'
import { chosenCourses } from './chosen_courses.ts'
import { type EventChoice, type EventFormat, hasEvents, writeEvents } from './events/kept_events.ts'
import { EXIT_DONE } from './exit_codes.ts'
import { grouped } from './output.ts'
import { openProject, openResults } from './project.ts'
import { fetchCourse } from './published_edition.ts'

export interface EventsOptions extends EventChoice {
  readonly config_path: string
  readonly course: string
  readonly site: string | undefined
  readonly format: EventFormat
  /** A file; null for standard output. */
  readonly file: string | null
}

/** Writes the wanted events; how many is said on standard error. */
export async function events(options: EventsOptions): Promise<number> {
  checkOptions(options)
  const stop = createStop()
  using _listening = stop.listen()
  const signal = stop.soft
  const project = await openProject(options)
  await using results = await openResults(project, { signal })
  const [course, ...others] = await chosenCourses(results, { course: [options.course], site: options.site }, { signal })
  if (course === undefined || others.length > 0)
    throw new MillraceError('usage_invalid', `Cannot tell which "${options.course}" is meant: say --site too`)

  const target = options.file === null ? null : resolve(options.file)
  if (target !== null) await mkdir(dirname(target), { recursive: true })
  await using scratch = await openScratch(target === null ? tmpdir() : dirname(target), 'events')
  const database_path = join(scratch.path, 'edition.duckdb')
  if ((await fetchCourse(results, course, { path: database_path }, { signal })) === null)
    throw new MillraceError('usage_invalid', `Cannot read "${options.course}": it is not built any more`)
  const path = join(scratch.path, 'events')
  const { memory_mb } = project.config.reducers
  await using database = await openDatabase({
    path: database_path,
    threads: 2,
    memory_mb,
    temp_directory: scratch.path,
    read_only: true,
    signal,
  })
  if (!(await hasEvents(database)))
    throw new MillraceError(
      'usage_invalid',
      `Cannot list events of "${options.course}": they are not kept; name the course under keep_events in the config, and run again`,
    )
  const rows = await writeEvents(database, { choice: options, format: options.format, path })
  if (target === null) await toStandardOutput(path)
  else await rename(path, target)
  process.stderr.write(`${grouped(rows)} events${target === null ? '' : ` in ${target}`}\n`)
  return EXIT_DONE
}

function checkOptions({ format, file, from, to }: EventsOptions): void {
  if (format === 'parquet' && file === null)
    throw new MillraceError('usage_invalid', 'Cannot write Parquet to the terminal: say where with --output')
  for (const date of [from, to])
    if (date !== null && !CalendarDate.safeParse(date).success)
      throw new MillraceError('usage_invalid', `Cannot read the day "${date}": expected YYYY-MM-DD`)
}

async function toStandardOutput(path: string): Promise<void> {
  if ((await stat(path)).size === 0) return
  try {
    await pipeline(createReadStream(path), process.stdout, { end: false })
  } catch (error) {
    // `millrace events | head` has what it wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
}
