// Which days cannot be done as they are, and why: what `status` and `run` tell and `retry` mends.
import type { Quarantine } from '../contracts/quarantine.ts'
import { listQuarantined } from '../coordinator/release.ts'
import type { SiteSurvey } from '../coordinator/survey.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import type { Output } from './output.ts'

/** Quarantined days that are listed for people; --json has them all. */
const SHOWN_MAX = 20

/** Reads the records of the days that are quarantined now; a record of a former fingerprint no longer counts. */
export async function quarantinedNow(
  results: ObjectStore,
  surveys: readonly SiteSurvey[],
  options: { readonly signal: AbortSignal },
): Promise<readonly Quarantine[]> {
  const days = surveys.flatMap((survey) => survey.days).filter((day) => day.state === 'quarantined')
  if (days.length === 0) return []
  const counting = new Set(days.map((day) => day.planned?.fingerprint))
  return (await listQuarantined(results, {}, options)).filter((record) => counting.has(record.fingerprint))
}

/** Prints why days are quarantined, and how to go on. */
export function printQuarantined(records: readonly Quarantine[], output: Output): void {
  if (records.length === 0) return
  output.table(
    ['quarantined', 'site', 'class', 'reason'],
    records
      .slice(0, SHOWN_MAX)
      .map(({ log_file, class: kind, reason }) => [log_file.day.date, log_file.day.site, kind, reason]),
  )
  const more = records.length - SHOWN_MAX
  if (more > 0) output.line(`… and ${more} more; millrace status --json lists them all`)
  output.line('When the cause is mended: millrace retry, then millrace run')
  output.line()
}
