// Decides which courses get a database. Course ids hold `/`, `+` and `:`, which file-name globs treat as special, so the
// patterns are our own: only `*` (any characters) and `?` (one character) mean more than themselves.
import type { CourseFilter } from '../contracts/plan_record.ts'

/** Makes a predicate that holds for courses that an `include` pattern matches and no `exclude` pattern does. */
export function courseMatcher(filter: CourseFilter): (course_id: string) => boolean {
  const include = filter.include.map(expression)
  const exclude = filter.exclude.map(expression)
  const matches = (patterns: readonly RegExp[], id: string): boolean => patterns.some((pattern) => pattern.test(id))
  return (course_id) => matches(include, course_id) && !matches(exclude, course_id)
}

/** Case-sensitive, over the whole id, line breaks included. */
function expression(pattern: string): RegExp {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[\\^$.+()[\]{}|/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'su')
}
