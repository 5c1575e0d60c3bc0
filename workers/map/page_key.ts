// Which page of its kind a request asked for: without it all pages of the courseware would be one.
import { courseInPath } from './course_id.ts'
import { cleanText } from './fields.ts'
import { splitUrl } from './url_parts.ts'

/**
 * Finds the key of a course page in a URL: the first two parts behind `courseware` (chapter and section), the thread of a
 * forum page, the name or number of a tab; null for any other page. Percent-decoded, without query.
 */
export function pageKeyOf(url: string): string | null {
  const parts = partsBelowCourse(url)
  const [first = '', second = '', third = ''] = parts
  switch (first) {
    case 'courseware':
      return second === '' ? null : third === '' ? second : `${second}/${third}`
    case 'discussion':
      return threadOf(parts)
    case 'static_tab':
      return second === '' ? null : second
    default:
      return /^[0-9a-fA-F]{32}$/.test(first) ? first : null
  }
}

/** Gives the parts of a path below its course, fit for a column and none empty; none when it does not begin with a course. */
export function partsBelowCourse(url: string): readonly string[] {
  const { path } = splitUrl(url)
  const place = courseInPath(path)
  if (place === null || place.start !== 0) return []
  return path
    .slice(place.end)
    .split('/')
    .map(cleanText)
    .filter((part) => part !== '')
}

/** `discussion/threads/{id}/…` or `discussion/forum/{topic}/threads/{id}`; topics may be called anything. */
function threadOf([, head, second, third, fourth]: readonly string[]): string | null {
  const thread = head === 'threads' ? second : head === 'forum' && third === 'threads' ? fourth : undefined
  return thread ?? null
}
