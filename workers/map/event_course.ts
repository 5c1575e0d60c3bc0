// Which course an event belongs to. A third of the requests do not say it where they should, and staff act in one course
// on another, so the places are asked in a fixed order (docs/rules.md). The referer is never one of them.
import type { Family } from '../../contracts/event.ts'
import { courseOfUrl, readCourseId } from './course_id.ts'
import { type Fields, isFields } from './fields.ts'
import type { LazyPayload } from './lazy_payload.ts'
import { isUrlShaped, queryValue, splitUrl } from './url_parts.ts'

/** What the order of places reads. */
interface CourseEvidence {
  readonly family: Family | null
  readonly event_source: string
  /** As logged. */
  readonly event_type: string
  readonly context: Fields | null
  readonly page: unknown
  readonly payload: LazyPayload
}

/** Finds the course of an event; null when nothing says it. */
export function courseOfEvent(evidence: CourseEvidence): string | null {
  const { family, context, payload } = evidence
  const payload_first = family === 'enrollment' || family === 'certificate' || family === 'grade'
  return (
    (payload_first ? courseOfPayload(payload) : null) ??
    readCourseId(context?.course_id) ??
    (payload_first ? null : courseOfPayload(payload)) ??
    courseOfRequest(evidence)
  )
}

const courseOfPayload = (payload: LazyPayload): string | null =>
  payload.mayHave('course_id') ? readCourseId(payload.fields()?.course_id) : null

/** Server and browser events name their request; a mobile event's URLs are those of the delivery. */
function courseOfRequest(evidence: CourseEvidence): string | null {
  const { event_source, event_type, page, context, payload } = evidence
  if (event_source !== 'server' && event_source !== 'browser') return null
  const named = event_source === 'server' ? event_type : page
  return courseOfAddress(named, payload) ?? courseOfAddress(context?.path, payload)
}

function courseOfAddress(address: unknown, payload: LazyPayload): string | null {
  if (typeof address !== 'string' || !isUrlShaped(address)) return null
  return courseOfUrl(address) ?? courseOfLogin(address, payload)
}

const LOGIN = /^\/(?:login|register|login_ajax|create_account)\/?$/

/** Tells whether an address is one of LOGIN. */
export const isLoginAddress = (address: string): boolean => isUrlShaped(address) && LOGIN.test(splitUrl(address).path)

/** People who log in or register are often on their way to a course, which `next` or `course_id` names. */
function courseOfLogin(address: string, payload: LazyPayload): string | null {
  const { path, query } = splitUrl(address)
  if (!LOGIN.test(path)) return null
  const fields = payload.fields()
  return (
    courseOfParameters((name) => queryValue(query, name)) ??
    courseOfParameters((name) => parameterOf(fields?.GET, name)) ??
    courseOfParameters((name) => parameterOf(fields?.POST, name))
  )
}

function courseOfParameters(parameter: (name: string) => string | null): string | null {
  const next = parameter('next')
  return (next !== null && isUrlShaped(next) ? courseOfUrl(next) : null) ?? readCourseId(parameter('course_id'))
}

/** Reads a request parameter: a text, or the first of a list of texts. */
function parameterOf(parameters: unknown, name: string): string | null {
  if (!isFields(parameters)) return null
  const value = parameters[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : null
}
