// Without it counts of the enrolled by day, here and in the words of Insights, would each fold all changes anew, and views
// could not: the order of changes at one moment is nothing that researchers read.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'enrollment_state_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and UTC day with an enrolment event',
  doc: 'How each day with an enrolment event of a learner left the enrolment, and how the day before had left it, by the rule of edX Insights (see `enrollment`). Several changes of one day are one row. Between two rows of a learner the state stays; before the first one the learner is not enrolled. Learners whom the logs never activate are here too.',
  from: ['enrollment_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    day: { type: 'DATE', doc: 'UTC calendar day of the enrolment events’ time' },
    is_active: { type: 'BOOLEAN', doc: 'Enrolled at the end of the day' },
    mode: {
      type: 'VARCHAR',
      doc: 'Mode at the end of the day, kept after un-enrolling; `unknown` when no event that counts names one',
    },
    active_before: { type: 'BOOLEAN', doc: 'Enrolled at the end of the day before' },
    mode_before: {
      type: 'VARCHAR',
      doc: 'Mode at the end of the day before; NULL on the first day of the learner here',
    },
  },
  sql: `
    with closed as (
      select
        course_id,
        user_id,
        time::date as day,
        arg_max(if(action = 'mode_changed', was_active, action = 'activated'), change_no) as is_active,
        arg_max(coalesce(mode_set, mode_before, 'unknown'), change_no) as mode
      from enrollment_event
      group by course_id, user_id, time::date
    )
    select
      *,
      coalesce(lag(is_active) over history, false) as active_before,
      lag(mode) over history as mode_before
    from closed
    window history as (partition by course_id, user_id order by day)
  `,
} as const satisfies DerivedTable
