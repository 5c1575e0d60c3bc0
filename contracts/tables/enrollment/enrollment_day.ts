// Without it nobody could draw how many were enrolled in each mode over time, nor trust that the changes add up to it.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'enrollment_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one UTC day and mode, for every day from the course’s first enrolment event to its last event of any kind',
  doc: 'How many learners are enrolled in each mode at the end of each day, as far as the logs tell. A learner counts in a mode when the day ends with the learner enrolled in it (see `enrollment_state_day`); what comes and goes within a day is not seen. `change` is `joined` less `lapsed`, and the sum of `change` up to a day is its `at_end`. Somebody who goes from one mode to another lapses in the one and joins in the other; edX Insights counts that as no change (view `insights.enrollment_day`). Modes that no day ever ended with have no rows.',
  from: ['enrollment_state_day', 'event_type_day'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    day: { type: 'DATE', doc: 'UTC calendar day' },
    mode: { type: 'VARCHAR', doc: 'Mode such as `audit`, `honor` or `verified`; `unknown` when no event names one' },
    at_end: { type: 'BIGINT', doc: 'Learners enrolled in the mode at the end of the day' },
    change: { type: 'BIGINT', doc: '`at_end` less that of the day before' },
    joined: { type: 'BIGINT', doc: 'Learners enrolled in the mode at the end of the day and not of the day before' },
    lapsed: { type: 'BIGINT', doc: 'Learners enrolled in the mode at the end of the day before and not of the day' },
    ever: {
      type: 'BIGINT',
      doc: 'Different learners who were enrolled in the mode at the end of this or an earlier day; never falls',
    },
  },
  sql: `
    with moved as (
      select
        course_id,
        day,
        mode,
        1 as joined,
        0 as lapsed,
        (row_number() over (partition by course_id, user_id, mode order by day) = 1)::bigint as first_ever
      from enrollment_state_day
      where is_active
        and not (active_before and mode_before = mode)
      union all
      select
        course_id,
        day,
        mode_before as mode,
        0 as joined,
        1 as lapsed,
        0 as first_ever
      from enrollment_state_day
      where active_before
        and not (is_active and mode_before = mode)
    ),
    changed as (
      select
        course_id,
        day,
        mode,
        sum(joined) as joined,
        sum(lapsed) as lapsed,
        sum(first_ever) as first_ever
      from moved
      group by course_id, day, mode
    ),
    began as (
      select
        course_id,
        min(day) as first_day
      from enrollment_state_day
      group by course_id
    ),
    ended as (
      select
        course_id,
        max(day) as last_day
      from event_type_day
      group by course_id
    ),
    days as (
      select
        course_id,
        unnest(generate_series(first_day, last_day, interval 1 day))::date as day
      from began
      join ended using (course_id)
    ),
    modes as (
      select distinct
        course_id,
        mode
      from moved
    )
    select
      course_id,
      day,
      mode,
      sum(coalesce(joined, 0) - coalesce(lapsed, 0)) over history as at_end,
      coalesce(joined, 0) - coalesce(lapsed, 0) as change,
      coalesce(joined, 0) as joined,
      coalesce(lapsed, 0) as lapsed,
      sum(coalesce(first_ever, 0)) over history as ever
    from days
    join modes using (course_id)
    left join changed using (course_id, day, mode)
    window history as (partition by course_id, mode order by day)
  `,
} as const satisfies DerivedTable
