// What a course id is, and where one stands in a URL. An id that is let in by mistake becomes a database of its own, and
// one that is missed loses a fifth of the events, so both are strict and in one place.
import { cleanText } from './fields.ts'
import { memoised } from './memo.ts'
import { percentDecoded, queryValue, splitUrl } from './url_parts.ts'

const SLASH_ID = /^[^\s/+?#]+\/[^\s/+?#]+\/[^\s/+?#]+$/
const COURSE_V1 = /^course-v1:[^\s/+?#]+\+[^\s/+?#]+\+[^\s/+?#]+$/
const CCX_V1 = /^ccx-v1:[^\s/+?#]+\+[^\s/+?#]+\+[^\s/+?#]+\+[^\s/+?#]+$/

/** Tells whether a text is exactly a course id. Libraries and `i4x://` addresses are none. */
const isCourseId = (text: string): boolean => COURSE_V1.test(text) || SLASH_ID.test(text) || CCX_V1.test(text)

/** Reads a course id from a field: percent-decoded and trimmed; null when it is none. */
export const readCourseId = (value: unknown): string | null =>
  typeof value === 'string' ? courseOfText(percentDecoded(value)) : null

/** Reads a course id from text that is decoded already. */
const courseOfText = memoised(16_384, (text) => {
  const course_id = trimmed(cleanText(text))
  return isCourseId(course_id) ? course_id : null
})

/** Cuts white space and characters of no width from both ends: people paste them into course settings. */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isInvisible(text.charCodeAt(start))) start++
  while (end > start && isInvisible(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

const isInvisible = (code: number): boolean =>
  code === 0x20 ||
  (code >= 0x09 && code <= 0x0d) ||
  (code > 0x7f && /[\s\u200b-\u200f\u2060]/.test(String.fromCharCode(code)))

/** Reads the organisation of a valid course id, in lower case. */
export const organisationOf: (course_id: string) => string = memoised(16_384, (course_id) =>
  (/^(?:course-v1:|ccx-v1:)?([^/+]*)/.exec(course_id)?.[1] ?? '').toLowerCase(),
)

/** A course id in a decoded path: `start` is that of its `/courses/`, `end` is behind the id. */
interface CourseInPath {
  readonly course_id: string
  readonly start: number
  readonly end: number
}

const COURSES = '/courses/'

/** Finds the first `/courses/{id}` of a decoded path, which is not one of `/api/…`. */
export function courseInPath(path: string): CourseInPath | null {
  if (path.startsWith('/api/')) return null
  for (let start = path.indexOf(COURSES); start !== -1; start = path.indexOf(COURSES, start + 1)) {
    const from = start + COURSES.length
    const part_end = endOfPart(path, from)
    for (const end of [part_end, endOfPart(path, endOfPart(path, part_end + 1) + 1)]) {
      const course_id = courseOfText(path.slice(from, end))
      if (course_id !== null) return { course_id, start, end }
    }
  }
  return null
}

function endOfPart(path: string, from: number): number {
  const slash = path.indexOf('/', from)
  return slash === -1 ? path.length : slash
}

const XBLOCK_IN_PATH = /\/xblock\/block-v1:([^/+]+)\+([^/+]+)\+([^/+]+)\+/

/** Finds the course that a URL speaks of: its block, its `/courses/{id}`, or its `courserun_key`. */
export function courseOfUrl(url: string): string | null {
  const { path, query } = splitUrl(url)
  const block = XBLOCK_IN_PATH.exec(path)
  const of_block = block === null ? null : courseOfText(`course-v1:${block[1]}+${block[2]}+${block[3]}`)
  const run_key = query === '' ? null : queryValue(query, 'courserun_key')
  return of_block ?? courseInPath(path)?.course_id ?? (run_key === null ? null : courseOfText(run_key))
}
