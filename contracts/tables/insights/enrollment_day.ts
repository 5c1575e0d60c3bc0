// Without it whoever moves here from edX Insights would find other changes and other cumulative counts under the same words.
import type { View } from '../../table.ts'

export default {
  name: 'enrollment_day',
  kind: 'view',
  schema: 'insights',
  published: true,
  grain: 'one UTC day and mode that some learner with an enrolment event so far has at the end of the day',
  doc: 'Enrolments by day and mode as edX Insights counts them. Each learner stands, from the first enrolment event on, under the mode at the end of the day, enrolled or not: `cumulative_count` counts all of them, `count` the enrolled. `change` counts who came less who left, under that mode; going from one mode to another is no change there, so the sum of `change` is `count` over all modes and not within one, and `cumulative_count` of a mode falls when learners go to another.',
  from: ['enrollment_state_day', 'course_day'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    day: { type: 'DATE', doc: 'UTC calendar day, to the last day with any event of the course' },
    mode: { type: 'VARCHAR', doc: 'Mode such as `audit`, `honor` or `verified`; `unknown` when no event names one' },
    count: { type: 'BIGINT', doc: 'Learners enrolled at the end of the day' },
    change: {
      type: 'BIGINT',
      doc: 'Learners enrolled at the end of the day and not of the day before, less those of whom the opposite holds',
    },
    cumulative_count: {
      type: 'BIGINT',
      doc: 'Learners with an enrolment event on this or an earlier day, enrolled or not',
    },
  },
  sql: `
    with moved as (
      select
        course_id,
        day,
        mode,
        is_active::bigint as enrolled,
        is_active::bigint - active_before::bigint as change,
        1 as known
      from enrollment_state_day
      union all
      select
        course_id,
        day,
        mode_before as mode,
        -active_before::bigint as enrolled,
        0 as change,
        -1 as known
      from enrollment_state_day
      where mode_before is not null
    ),
    changed as (
      select
        course_id,
        day,
        mode,
        sum(enrolled) as enrolled,
        sum(change) as change,
        sum(known) as known
      from moved
      group by course_id, day, mode
    ),
    began as (
      select
        course_id,
        min(day) as first_day
      from moved
      group by course_id
    ),
    ended as (
      select
        course_id,
        max(day) as last_day
      from course_day
      group by course_id
    ),
    days as (
      select
        course_id,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as day
      from began
      join ended using (course_id)
    ),
    counted as (
      select
        course_id,
        day,
        mode,
        sum(coalesce(enrolled, 0)) over history as count,
        coalesce(change, 0) as change,
        sum(coalesce(known, 0)) over history as cumulative_count
      from days
      join (select distinct course_id, mode from moved) using (course_id)
      left join changed using (course_id, day, mode)
      window history as (partition by course_id, mode order by day)
    )
    select
      course_id,
      day,
      mode,
      count::bigint as count,
      change::bigint as change,
      cumulative_count::bigint as cumulative_count
    from counted
    where cumulative_count > 0
  `,
} as const satisfies View
