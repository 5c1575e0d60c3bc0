// Makes log lines for the tests of the reader: a common line of the modern era, with what a test wants different.
import { CalendarDate } from '../../../contracts/day.ts'
import type { EventRow } from '../../../contracts/event.ts'
import { windowOf } from '../../../workers/map/event_time.ts'
import { type LineOutcome, normaliseLine } from '../../../workers/map/normalise.ts'
import { prepareXxh64, xxh64 } from '../../../workers/map/xxh64.ts'

await prepareXxh64()

export const FILE_DATE = CalendarDate.parse('2019-05-07')
export const TIME = '2019-05-07T10:00:00.123456+00:00'
export const COURSE = 'course-v1:ChalmersX+ChM001x+1T2019'

export type LogFields = Readonly<Record<string, unknown>>

/** Makes the fields of a line; a field that is `undefined` is left out, `context` is merged. */
export function logFields(different: LogFields = {}): LogFields {
  const context = { course_id: COURSE, org_id: 'ChalmersX', user_id: 42, path: '/event' }
  const given = different.context
  const merged = typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...context, ...given } : given
  return {
    username: 'ada',
    event_type: 'problem_show',
    event_source: 'browser',
    time: TIME,
    event: '{}',
    page: null,
    ...different,
    context: 'context' in different ? merged : context,
  }
}

export const logLine = (different: LogFields = {}): string => JSON.stringify(logFields(different))

/** Normalises a line of text or bytes as one of the file of 2019-05-07. */
export function outcomeOf(line: string | Uint8Array): LineOutcome {
  const bytes = Buffer.from(line)
  return normaliseLine(bytes, { window: windowOf(FILE_DATE), hash: xxh64(bytes) })
}

/** Gives the row of a line that must be an event. */
export function rowOf(line: string | Uint8Array): EventRow {
  const outcome = outcomeOf(line)
  if (outcome.kind !== 'event') throw new Error(`expected an event, got ${JSON.stringify(outcome)}`)
  return outcome.row
}

/** Gives the reason of a line that must be rejected. */
export function reasonOf(line: string | Uint8Array): string {
  const outcome = outcomeOf(line)
  return outcome.kind === 'rejected' ? outcome.reason : outcome.kind
}
