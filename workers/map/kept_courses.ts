// Whose events are kept as such is a question for every line, and its answer follows from the course alone.
import { courseMatcher } from '../../config/course_filter.ts'
import { memoised } from './memo.ts'

/** Tells of a course whether its events are kept. */
export type KeptCourses = (course_id: string) => boolean

export const NO_COURSES: KeptCourses = () => false

/** Keeps the events of courses that a pattern of `keep_events` matches. */
export const keptCourses = (patterns: readonly string[]): KeptCourses =>
  patterns.length === 0 ? NO_COURSES : memoised(16_384, courseMatcher({ include: [...patterns], exclude: [] }))
