// The figures of a course that its head tells, so that lists of courses need not open a thousand databases.
import type { CourseHead } from '../../contracts/head.ts'
import type { Database } from '../../runtime/duckdb.ts'

export type CourseSummary = CourseHead['summary']

export const EMPTY_SUMMARY: CourseSummary = {
  events: 0,
  learners: 0,
  enrolled: 0,
  enrolled_ever: 0,
  passed: 0,
  certificates: 0,
  first_time: null,
  last_time: null,
}

/** Reads the summary from the files of a new edition (`rows_file`, `course`); times are of events of known learners. */
export async function summarise(database: Database): Promise<CourseSummary> {
  const [found] = await database.rows<{
    events: bigint | null
    learners: bigint
    enrolled: bigint
    enrolled_ever: bigint
    passed: bigint
    certificates: bigint
    first_time: string | null
    last_time: string | null
  }>(`
    select
      (select sum(events)::bigint from rows_file.main.course_day) as events,
      count(*) as learners,
      (select count(*) from course.main.enrollment where is_active) as enrolled,
      (select count(*) from course.main.enrollment) as enrolled_ever,
      (select count(passed_first) from course.main.grade) as passed,
      (select count(created) from course.main.certificate) as certificates,
      strftime(min(first_seen), '%Y-%m-%dT%H:%M:%S.%fZ') as first_time,
      strftime(max(last_seen), '%Y-%m-%dT%H:%M:%S.%fZ') as last_time
    from course.main.learner
  `)
  return {
    events: Number(found?.events ?? 0),
    learners: Number(found?.learners ?? 0),
    enrolled: Number(found?.enrolled ?? 0),
    enrolled_ever: Number(found?.enrolled_ever ?? 0),
    passed: Number(found?.passed ?? 0),
    certificates: Number(found?.certificates ?? 0),
    first_time: found?.first_time ?? null,
    last_time: found?.last_time ?? null,
  }
}
