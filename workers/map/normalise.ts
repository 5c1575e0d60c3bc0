// The heart of the map worker: one line of a log becomes one typed row, or a reason why not, by the rules that the results
// are checked against. It is pure (its memos only remember what pure functions gave), and no bytes make it throw.
import type { EventRow } from '../../contracts/event.ts'
import type { RejectReason } from '../../contracts/ledger.ts'
import { LINE_BYTES_MAX } from '../../contracts/limits.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { isBlankLine } from './blank_line.ts'
import { type CountryOf, NO_COUNTRIES } from './countries.ts'
import { courseOfEvent } from './event_course.ts'
import { isNoTime, readTimeUs, type TimeWindow } from './event_time.ts'
import { type EventType, eventTypeOf } from './event_type.ts'
import { type Fields, isFields, readText } from './fields.ts'
import { personOf, readId, readName, subjectOf } from './identity.ts'
import { mayBeRounded, readExactJson, readJson } from './json.ts'
import { type KeptCourses, NO_COURSES } from './kept_courses.ts'
import { LazyPayload } from './lazy_payload.ts'
import { hasTextBefore, locateObject } from './line_object.ts'
import { moduleIdOf } from './module_id.ts'
import { NO_COLUMNS, payloadColumns } from './payload_columns.ts'
import { mayHoldRounded } from './payload_text.ts'
import { placeOf } from './requested_place.ts'
import { rescueEvent } from './rescue.ts'
import { userTagsOf } from './user_tags.ts'
import { type WantedPayloads, wantedPayloads } from './wanted_payloads.ts'
import { xxh64 } from './xxh64.ts'

export type LineOutcome =
  | {
      readonly kind: 'event'
      readonly row: EventRow
      /** The line has text around its object. */
      readonly prefixed: boolean
      readonly truncated_payload: boolean
    }
  | { readonly kind: 'blank' }
  | { readonly kind: 'rejected'; readonly reason: RejectReason }

/**
 * Makes an event of a line (bytes without the newline), or says why it is none. `hash` is the XXH64 of the line; `keeps` tells
 * of which courses the events are kept as such, `wants` of which types the payload is read.
 */
export function normaliseLine(
  line: Buffer,
  given: {
    readonly window: TimeWindow
    readonly hash: bigint
    readonly keeps?: KeptCourses
    readonly countryOf?: CountryOf
    readonly wants?: WantedPayloads
  },
): LineOutcome {
  if (isBlankLine(line)) return { kind: 'blank' }
  if (line.length > LINE_BYTES_MAX) return rejected('too_long')
  const place = locateObject(line)
  if (place === null) return rejected('no_object')
  const { start, end, trimmed_end } = place
  const text = line.toString('utf8', start, end)
  const read = readJson(text)
  const rescued = read.kind === 'unreadable'
  const fields = rescued ? rescueEvent(line.toString('utf8', start, trimmed_end)) : read.value
  if (fields === null && rescued) return rejected('bad_json')
  if (!isFields(fields)) return rejected('not_an_object')

  const until = rescued ? trimmed_end : end
  return eventOf(fields, {
    text: () => text,
    window: given.window,
    keeps: given.keeps ?? NO_COURSES,
    countryOf: given.countryOf ?? NO_COUNTRIES,
    wants: given.wants ?? OUR_WANTED,
    bytes: line.length,
    hash: start === 0 && until === line.length ? given.hash : xxh64(line.subarray(start, until)),
    prefixed: rescued ? hasTextBefore(line, start) : place.prefixed,
    rescued,
    exact: rescued,
  })
}

const OUR_WANTED = wantedPayloads(OUR_TABLES)

const rejected = (reason: RejectReason): LineOutcome => ({ kind: 'rejected', reason })

/** What is known of an event beside its fields. */
interface Given {
  /** Gives the text of the object, to be read again when a number of it may be rounded. */
  readonly text: () => string
  readonly window: TimeWindow
  readonly keeps: KeptCourses
  readonly countryOf: CountryOf
  readonly wants: WantedPayloads
  /** Of the line. */
  readonly bytes: number
  readonly hash: bigint
  readonly prefixed: boolean
  readonly rescued: boolean
  /** Integers too large for a JavaScript number were read as text. */
  readonly exact: boolean
}

function eventOf(fields: Fields, given: Given): LineOutcome {
  const context = isFields(fields.context) ? fields.context : null
  const time_us = timeOf(fields, { context, window: given.window })
  return typeof time_us === 'string' ? rejected(time_us) : eventAt(time_us, fields, given)
}

/**
 * Makes an event of a believed time and the fields of an object, or says why it is none. It reads of them event_type, name,
 * event_source, username, event, page, ip and synthesized, and of their context user_id, course_id, username, path, module and
 * course_user_tags: the others need not be there.
 */
export function eventAt(time_us: number, fields: Fields, given: Given): LineOutcome {
  const context = isFields(fields.context) ? fields.context : null
  const logged_type = readText(fields.event_type) ?? readText(fields.name)
  if (logged_type === null) return rejected('no_type')
  const event_source = readText(fields.event_source)
  if (event_source === null) return rejected('no_source')

  const type = eventTypeOf(logged_type)
  const payload = new LazyPayload(given.rescued ? null : fields.event, { exact: given.exact })
  const payload_fields = type.reads_payload ? payload.fields() : null
  if (!given.exact && hasRoundedId(context, payload_fields)) return exactEventOf(given)
  const evidence = {
    family: type.family,
    event_source,
    event_type: logged_type,
    context,
    page: fields.page,
    payload,
  }
  const course_id = courseOfEvent(evidence)
  const kept = course_id !== null && given.keeps(course_id)
  const payload_text = kept || given.wants(type.canonical) ? payload.text() : null
  if (!given.exact && payload_text !== null && mayHoldRounded(payload_text)) return exactEventOf(given)
  const row = rowOf(fields, {
    given,
    time_us,
    event_source,
    type,
    context,
    payload: payload_fields,
    payload_text,
    course_id,
    kept,
    logged_type,
  })
  return { kind: 'event', row, prefixed: given.prefixed, truncated_payload: payload.isTruncated() }
}

/** Finds the time by which an event counts; the tracker's own clock stands in for a device's that is far off. */
function timeOf(
  fields: Fields,
  given: { readonly context: Fields | null; readonly window: TimeWindow },
): number | 'no_time' | 'odd_time' {
  const logged = isNoTime(fields.time) ? fields.timestamp : fields.time
  const time_us = isNoTime(logged) ? null : readTimeUs(logged)
  if (time_us === null) return 'no_time'
  if (isInside(time_us, given.window)) return time_us
  const received_us = readTimeUs(given.context?.received_at)
  return received_us !== null && isInside(received_us, given.window) ? received_us : 'odd_time'
}

const isInside = (time_us: number, window: TimeWindow): boolean =>
  time_us >= window.from_us && time_us < window.before_us

const hasRoundedId = (context: Fields | null, payload: Fields | null): boolean =>
  mayBeRounded(context?.user_id) ||
  (payload !== null &&
    (mayBeRounded(payload.user_id) || mayBeRounded(payload.attempt_user_id) || mayBeRounded(payload.student)))

/** Reads the object once more with all digits of its numbers. */
function exactEventOf(given: Given): LineOutcome {
  const read = readExactJson(given.text())
  return read.kind === 'value' && isFields(read.value)
    ? eventOf(read.value, { ...given, exact: true })
    : rejected('bad_json')
}

function rowOf(
  fields: Fields,
  known: {
    readonly given: Given
    readonly time_us: number
    readonly event_source: string
    readonly type: EventType
    readonly context: Fields | null
    readonly payload: Fields | null
    readonly payload_text: string | null
    readonly course_id: string | null
    readonly kept: boolean
    readonly logged_type: string
  },
): EventRow {
  const { given, type, context, payload, event_source, kept, logged_type } = known
  const { canonical: event_type, family } = type
  const username = readName(fields.username) ?? readName(context?.username)
  const actor = personOf(readId(context?.user_id), username)
  const subject = subjectOf({ event_type, family, payload, actor })
  const columns = given.rescued ? NO_COLUMNS : payloadColumns({ family, event_type, event_source, context, payload })
  return {
    course_id: known.course_id,
    time_us: known.time_us,
    hash: given.hash,
    bytes: given.bytes,
    event_source,
    event_type,
    family,
    rescued: given.rescued,
    actor_id: actor.id,
    actor_name: actor.name,
    username,
    subject_id: subject.id,
    subject_name: subject.name,
    block: columns.block,
    block_id: columns.block_id,
    position_s: columns.position_s,
    position_missing: columns.position_missing,
    old_position_s: columns.old_position_s,
    new_position_s: columns.new_position_s,
    speed: columns.speed,
    duration_s: columns.duration_s,
    attempt: columns.attempt,
    grade: columns.grade,
    max_grade: columns.max_grade,
    success: columns.success,
    parts: columns.parts,
    parts_correct: columns.parts_correct,
    display_name: columns.display_name,
    mode: columns.mode,
    old_tab: columns.old_tab,
    new_tab: columns.new_tab,
    synthesized: isFields(fields.synthesized),
    ...placeOf(logged_type, event_type),
    module_id: moduleIdOf(context?.module),
    user_tags: userTagsOf(context?.course_user_tags),
    payload: known.payload_text,
    kept,
    logged_type: kept ? logged_type : null,
    country: given.countryOf(fields.ip),
  }
}
