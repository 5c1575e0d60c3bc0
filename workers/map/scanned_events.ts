// Makes rows of what the scan found. Most lines need numbers alone: their texts were understood when they were first seen.
// Where the scan is not enough, the careful reader gets the few fields that it asks for, and decides.
import { type CountryOf, NO_COUNTRIES } from './countries.ts'
import { courseOfUrl } from './course_id.ts'
import type { EventBatch } from './event_batch.ts'
import { isLoginAddress } from './event_course.ts'
import type { TimeWindow } from './event_time.ts'
import type { EventType } from './event_type.ts'
import type { Fields } from './fields.ts'
import { RESCORES, STATE_FAMILIES } from './identity.ts'
import type { KeptCourses } from './kept_courses.ts'
import { LazyPayload } from './lazy_payload.ts'
import type { CourseStanding, LineCount } from './line_count.ts'
import type { LineScanner, ScannedLine } from './line_scanner.ts'
import { eventAt, type LineOutcome } from './normalise.ts'
import { isTruncatedPayload } from './payload.ts'
import { mayHoldRounded } from './payload_text.ts'
import {
  CONTEXT,
  CONTEXT_USERNAME,
  COURSE_ID,
  DOUBTFUL,
  EVENT_SOURCE,
  EVENT_TYPE,
  FIELDS,
  IP,
  MODULE,
  PAGE,
  PATH,
  PATH_IS_TYPE,
  PAYLOAD,
  PAYLOAD_COURSE_ID,
  PAYLOAD_WHOLE,
  SUBJECT_ID,
  SYNTHESIZED,
  TIME,
  USER_ID,
  USER_TAGS,
  USERNAME,
} from './scan/record.ts'
import { ScannedPayload } from './scanned_payload.ts'
import { ScannedTexts } from './scanned_texts.ts'
import { isUrlShaped } from './url_parts.ts'
import type { WantedPayloads } from './wanted_payloads.ts'

const HIGH = 0x1_0000_0000
/** No course could be told from the numbers: it must be read. */
const UNTOLD = -1

/** What follows from an event's course alone. */
interface CourseFacts {
  readonly kept: boolean
  readonly standing: CourseStanding
}

/** Reads the events of one scanner into one batch. */
export class ScannedEvents {
  readonly #scanner: LineScanner
  readonly #batch: EventBatch
  readonly #count: LineCount
  readonly #window: TimeWindow
  readonly #keeps: KeptCourses
  readonly #countryOf: CountryOf
  readonly #wants: WantedPayloads
  readonly #texts: ScannedTexts
  readonly #payload: ScannedPayload
  readonly #no_course: CourseFacts
  /** By the code of the course in the present batch. */
  #courses: CourseFacts[] = []

  constructor(given: {
    readonly scanner: LineScanner
    readonly batch: EventBatch
    readonly count: LineCount
    readonly window: TimeWindow
    readonly keeps: KeptCourses
    readonly countryOf: CountryOf
    readonly wants: WantedPayloads
  }) {
    this.#scanner = given.scanner
    this.#batch = given.batch
    this.#count = given.count
    this.#window = given.window
    this.#keeps = given.keeps
    this.#countryOf = given.countryOf
    this.#wants = given.wants
    this.#texts = new ScannedTexts(given.scanner, given.batch, given.wants)
    this.#payload = new ScannedPayload(given.scanner, given.batch, this.#texts)
    this.#no_course = { kept: false, standing: given.count.standingOf(null) }
  }

  /** Tells that the batch was cleared. */
  forgetBatch(): void {
    this.#texts.forgetBatch()
    this.#courses = []
  }

  /** Appends and counts the present line's event when the scan knows all of it; false when it has to be read. */
  append({ length, hash_low, hash_high }: ScannedLine): boolean {
    const scanner = this.#scanner
    const texts = this.#texts
    texts.follow()
    const type_number = scanner.word(EVENT_TYPE)
    const type = texts.typeOf(type_number)
    const event_source = texts.event_source.code(scanner.word(EVENT_SOURCE))
    if (type === null || event_source === 0) return false
    let course_id = texts.course_id.code(scanner.word(COURSE_ID))
    let has_fields = false
    let is_truncated = false
    if (!type.reads_payload && course_id !== 0) {
      is_truncated = scanner.word(PAYLOAD_WHOLE) === 0 && isTruncatedPayload(scanner.value(PAYLOAD))
    } else {
      if (type.family === 'exam' || RESCORES.has(type.canonical)) return false
      const found = scanner.readPayload()
      if (found === DOUBTFUL) return false
      has_fields = found === FIELDS
      course_id = this.#courseOf(type, course_id, has_fields)
      if (course_id === UNTOLD) return false
    }
    const { kept, standing } = this.#courseFacts(course_id)
    let payload: string | null = null
    if (kept || type.is_payload_wanted) {
      payload = scanner.payloadText()
      if (payload === null) {
        payload = new LazyPayload(scanner.value(PAYLOAD), { exact: false }).text()
        if (payload !== null && mayHoldRounded(payload)) return false
      }
    }

    const { columns } = this.#batch
    const at = this.#batch.next()
    const time_low = scanner.word(TIME)
    const time_high = scanner.word(TIME + 1)
    columns.course_id.codes[at] = course_id
    columns.time.setHalves(at, time_low, time_high)
    columns.hash.setHalves(at, hash_low, hash_high)
    columns.bytes.set(at, length)
    columns.event_source.codes[at] = event_source
    columns.event_type.codes[at] = texts.event_type.code(type_number)
    columns.family.codes[at] = texts.family.code(type_number)
    columns.rescued.set(at, false)
    columns.position_missing.set(at, false)
    columns.synthesized.set(at, scanner.word(SYNTHESIZED) === 1)
    columns.page_key.codes[at] = texts.page_key.code(type_number)
    columns.forum_action.codes[at] = texts.forum_action.code(type_number)
    columns.module_id.codes[at] = texts.module_id.code(scanner.word(MODULE))
    columns.user_tags.codes[at] = texts.user_tags.code(scanner.word(USER_TAGS))
    columns.payload.set(at, payload)
    columns.kept.set(at, kept)
    if (this.#countryOf !== NO_COUNTRIES) columns.country.set(at, this.#countryOf(scanner.value(IP)))
    if (kept) columns.logged_type.codes[at] = texts.logged_type.code(type_number)
    this.#appendPeople(at, has_fields && STATE_FAMILIES.has(type.family))
    if (type.reads_payload) this.#appendPayload(at, type, has_fields)
    if (is_truncated) this.#count.countTruncated()
    this.#count.countPlain(time_high * HIGH + time_low, standing)
    return true
  }

  /** Reads the present line's event by the fields that are asked for; null when other fields may have to stand in. */
  read({ length, hash_low, hash_high }: ScannedLine): LineOutcome | null {
    const scanner = this.#scanner
    if (this.#texts.typeOf(scanner.word(EVENT_TYPE)) === null) return null
    const text = (name: number): string | undefined => {
      const number = scanner.word(name)
      return number === 0 ? undefined : scanner.text(number)
    }
    const user_id = scanner.word(USER_ID + 1) * HIGH + scanner.word(USER_ID)
    const json = (name: number): unknown => {
      const number = scanner.word(name)
      return number === 0 ? undefined : scanner.json(number)
    }
    const context: Fields = {
      user_id: user_id === 0 ? undefined : user_id,
      course_id: text(COURSE_ID),
      username: text(CONTEXT_USERNAME),
      path: scanner.value(PATH),
      module: json(MODULE),
      course_user_tags: json(USER_TAGS),
    }
    const fields: Fields = {
      event_type: text(EVENT_TYPE),
      event_source: text(EVENT_SOURCE),
      username: text(USERNAME),
      context: scanner.word(CONTEXT) === 1 ? context : null,
      event: scanner.value(PAYLOAD),
      page: scanner.value(PAGE),
      ip: scanner.value(IP),
      synthesized: scanner.word(SYNTHESIZED) === 1 ? {} : undefined,
    }
    const time_us = scanner.word(TIME + 1) * HIGH + scanner.word(TIME)
    return eventAt(time_us, fields, {
      text: () => scanner.bytes().toString('utf8'),
      window: this.#window,
      keeps: this.#keeps,
      countryOf: this.#countryOf,
      wants: this.#wants,
      bytes: length,
      hash: (BigInt(hash_high) << 32n) | BigInt(hash_low),
      prefixed: false,
      rescued: false,
      exact: false,
    })
  }

  /** Gives the code of the course by the order of places of event_course.ts; 0 for none, UNTOLD when a place must be read. */
  #courseOf(type: EventType & { readonly is_login: boolean }, of_context: number, has_fields: boolean): number {
    const scanner = this.#scanner
    const texts = this.#texts
    const of_payload = has_fields ? texts.course_id.code(scanner.payload.word(PAYLOAD_COURSE_ID)) : 0
    const payload_first = type.family === 'enrollment' || type.family === 'certificate' || type.family === 'grade'
    if (payload_first && of_payload !== 0) return of_payload
    if (of_context !== 0) return of_context
    if (of_payload !== 0) return of_payload
    const event_source = texts.event_source.meaning(scanner.word(EVENT_SOURCE))
    if (event_source !== 'server' && event_source !== 'browser') return 0
    const of_request = event_source === 'server' ? this.#courseOfType(type) : this.#courseOfAddress(scanner.value(PAGE))
    if (of_request !== 0) return of_request
    const is_known = event_source === 'server' && scanner.word(PATH_IS_TYPE) === 1
    return is_known ? 0 : this.#courseOfAddress(scanner.value(PATH))
  }

  #courseFacts(code: number): CourseFacts {
    const known = this.#courses[code]
    if (known !== undefined) return known
    const course_id = this.#batch.columns.course_id.values[code - 1]
    const facts =
      course_id === undefined
        ? this.#no_course
        : { kept: this.#keeps(course_id), standing: this.#count.standingOf(course_id) }
    this.#courses[code] = facts
    return facts
  }

  #courseOfType({ is_login }: { readonly is_login: boolean }): number {
    const course_id = this.#texts.course_of_request.code(this.#scanner.word(EVENT_TYPE))
    return course_id === 0 && is_login ? UNTOLD : course_id
  }

  #courseOfAddress(address: unknown): number {
    if (typeof address !== 'string' || !isUrlShaped(address)) return 0
    const course_id = courseOfUrl(address)
    if (course_id !== null) return this.#batch.columns.course_id.codeOf(course_id)
    return isLoginAddress(address) ? UNTOLD : 0
  }

  /** The actor is the one concerned unless the payload of an event about somebody's state names another. */
  #appendPeople(at: number, has_subject: boolean): void {
    const scanner = this.#scanner
    const { columns } = this.#batch
    const { username, actor_name, subject_name } = this.#texts
    const own = scanner.word(USERNAME)
    const number = username.meaning(own) === null ? scanner.word(CONTEXT_USERNAME) : own
    columns.username.codes[at] = username.code(number)
    const low = scanner.word(USER_ID)
    const high = scanner.word(USER_ID + 1)
    const is_known = low !== 0 || high !== 0
    if (is_known) columns.actor_id.setHalves(at, low, high)
    else columns.actor_name.codes[at] = actor_name.code(number)

    const subject_low = has_subject ? scanner.payload.word(SUBJECT_ID) : 0
    const subject_high = has_subject ? scanner.payload.word(SUBJECT_ID + 1) : 0
    if (subject_low !== 0 || subject_high !== 0) columns.subject_id.setHalves(at, subject_low, subject_high)
    else if (is_known) columns.subject_id.setHalves(at, low, high)
    else columns.subject_name.codes[at] = subject_name.code(number)
  }

  #appendPayload(at: number, { family, canonical }: EventType, has_fields: boolean): void {
    switch (family) {
      case 'video':
        if (has_fields) this.#payload.fillVideo(at, canonical)
        return
      case 'problem': {
        const module = this.#scanner.word(MODULE)
        this.#batch.columns.display_name.codes[at] = this.#texts.display_name.code(module)
        const source = this.#texts.event_source.meaning(this.#scanner.word(EVENT_SOURCE))
        if (has_fields) this.#payload.fillProblem(at, canonical === 'problem_check' && source === 'server')
        return
      }
      case 'sequence':
        if (has_fields) this.#payload.fillSequence(at)
        return
      case 'enrollment':
        if (has_fields) this.#payload.fillMode(at)
        return
      default:
    }
  }
}
