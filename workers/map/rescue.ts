// An event that was cut still tells who did what and when, if the fields that say so stand before the cut. Counting it as
// activity loses less than rejecting it; its payload is never trusted.
import { closeCutJson } from './cut_json.ts'
import { type Fields, isFields } from './fields.ts'
import { readExactJson } from './json.ts'

/**
 * Reads what stands complete before the cut of an event: null when the text is broken rather than cut, or when time, type
 * and source are not all there. The result has no payload, and ids have all their digits.
 */
export function rescueEvent(text: string): Fields | null {
  const closed = closeCutJson(text.replaceAll('\0', ''))
  if (closed === null) return null
  const read = readExactJson(closed)
  if (read.kind === 'unreadable' || !isFields(read.value)) return null
  const { time, event_type, event_source, username, name, page, context } = read.value
  if (!isThere(time) || !isThere(event_type) || !isThere(event_source)) return null
  const person = isFields(context) ? { user_id: context.user_id, course_id: context.course_id } : null
  return { time, event_type, event_source, username, name, page, context: person }
}

/** An object or list may be one that the cut itself closed, and would say nothing of an event anyway. */
const isThere = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && value !== '')
