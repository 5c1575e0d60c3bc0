// Without it nobody could say who is enrolled, in which mode and since when.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'enrollment',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner who was ever enrolled',
  doc: 'The state after the last logged change, by the rule of edX Insights: an activation while out enrols and sets the mode, one while in changes nothing; a mode change counts only while in. A learner for whom the logs hold no activation has no row.',
  from: ['enrollment_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    is_active: { type: 'BOOLEAN', doc: 'Enrolled after the last change' },
    mode: {
      type: 'VARCHAR',
      doc: 'Mode after the last change, kept after un-enrolling; `unknown` when no event that counts names one',
    },
    first_mode: { type: 'VARCHAR', doc: 'Mode of the first activation; `unknown` when it names none' },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first activation, UTC' },
    last_unenrolled: {
      type: 'TIMESTAMP',
      doc: 'Last time the learner went from enrolled to not enrolled, UTC; NULL when that never happened',
    },
    first_verified: {
      type: 'TIMESTAMP',
      doc: 'First time the learner was enrolled in mode `verified`, UTC; NULL when that never happened',
    },
    changes: { type: 'BIGINT', doc: 'Events that changed whether the learner is enrolled, or the mode' },
  },
  sql: `
    with stepped as (
      select
        *,
        if(action = 'mode_changed', was_active, action = 'activated') as is_active,
        coalesce(mode_set, mode_before, 'unknown') as mode_after,
        row_number() over (partition by course_id, user_id order by change_no desc) = 1 as is_last,
        row_number() over (partition by course_id, user_id, action order by change_no) = 1
          and action = 'activated' as is_first_activation
      from enrollment_event
    )
    select
      course_id,
      user_id,
      any_value(is_active) filter (is_last) as is_active,
      any_value(mode_after) filter (is_last) as mode,
      any_value(mode_after) filter (is_first_activation) as first_mode,
      min(time) filter (action = 'activated') as first_time,
      max(time) filter (was_active and not is_active) as last_unenrolled,
      min(time) filter (is_active and mode_after = 'verified') as first_verified,
      count(*) filter (
        is_active is distinct from was_active
        or mode_after is distinct from coalesce(mode_before, 'unknown')
      ) as changes
    from stepped
    group by course_id, user_id
    having bool_or(action = 'activated')
  `,
} as const satisfies DerivedTable
