// `millrace retry`: gives quarantined days another chance, after the key was found or the file was downloaded again.
import { CalendarDate, Site } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { QUARANTINE_CLASSES, QuarantineClass } from '../contracts/quarantine.ts'
import { type QuarantineFilter, releaseQuarantined } from '../coordinator/release.ts'
import { createStop } from '../runtime/stop.ts'
import { EXIT_DONE } from './exit_codes.ts'
import type { Output } from './output.ts'
import { openProject, openResults } from './project.ts'

type Given = Readonly<Record<'class' | 'site' | 'from' | 'to', string | undefined>>

export async function retry(given: {
  readonly config_path: string
  readonly filter: Given
  readonly output: Output
}): Promise<number> {
  const filter = filterOf(given.filter)
  const stop = createStop()
  using _listening = stop.listen()
  const project = await openProject(given)

  await using results = await openResults(project, { signal: stop.soft })
  const released = await releaseQuarantined(results, filter, { signal: stop.soft })
  if (released.length > 0)
    given.output.table(
      ['site', 'date', 'class', 'reason'],
      released.map(({ log_file, class: kind, reason }) => [log_file.day.site, log_file.day.date, kind, reason]),
    )
  given.output.line(
    `Released ${released.length} ${released.length === 1 ? 'day' : 'days'}; the next run tries them again`,
  )
  given.output.document({ released })
  return EXIT_DONE
}

function filterOf(given: Given): QuarantineFilter {
  return {
    ...(given.class === undefined
      ? {}
      : { classes: [read(QuarantineClass, given.class, `--class: expected one of ${QUARANTINE_CLASSES.join(', ')}`)] }),
    ...(given.site === undefined ? {} : { sites: [read(Site, given.site, '--site: expected a site such as edx')] }),
    ...(given.from === undefined ? {} : { from: read(CalendarDate, given.from, '--from: expected YYYY-MM-DD') }),
    ...(given.to === undefined ? {} : { to: read(CalendarDate, given.to, '--to: expected YYYY-MM-DD') }),
  }
}

/** Reads an option by its schema, or says what was expected. */
function read<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  text: string,
  expected: string,
): T {
  const parsed = schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new MillraceError('usage_invalid', `Cannot read "${text}" of ${expected}`)
}
