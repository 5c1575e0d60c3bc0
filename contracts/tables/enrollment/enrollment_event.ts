// Without it enrolment states, which follow from the order of changes over years, could not be computed.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'enrollment_event',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one enrolment change of a learner',
  doc: 'Events `edx.course.enrollment.activated`, `.deactivated` and `.mode_changed`, under the learner whose enrolment they are, whoever caused them. Changes that change nothing are listed too.',
  types: ['edx.course.enrollment.activated', 'edx.course.enrollment.deactivated', 'edx.course.enrollment.mode_changed'],
  columns: {
    time: { type: 'TIMESTAMP', doc: 'Time of the change, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time', hidden: true },
    action: { type: 'VARCHAR', doc: '`activated`, `deactivated` or `mode_changed`' },
    logged_mode: { type: 'VARCHAR', doc: 'Mode as the event has it; NULL when it names none', hidden: true },
    change_no: {
      type: 'BIGINT',
      doc: 'Running number of the learner’s changes, from 1: one order for all that is computed',
      hidden: true,
      computed: 'row_number() over (partition by course_id, user_id order by time, hash)',
    },
    was_active: {
      type: 'BOOLEAN',
      doc: 'The learner was enrolled before the event',
      hidden: true,
      computed: `coalesce(
        last_value(case when action <> 'mode_changed' then action end ignore nulls) over (
          partition by course_id, user_id order by change_no rows between unbounded preceding and 1 preceding
        ) = 'activated',
        false
      )`,
    },
    mode_set: {
      type: 'VARCHAR',
      doc: 'Mode that the event gave the learner (Insights: activations while out and mode changes while in do)',
      hidden: true,
      computed: `case when action = if(was_active, 'mode_changed', 'activated') then logged_mode end`,
    },
    mode_before: {
      type: 'VARCHAR',
      doc: 'Mode that the learner had before the event; NULL when none was ever set',
      hidden: true,
      computed: `last_value(mode_set ignore nulls) over (
        partition by course_id, user_id order by change_no rows between unbounded preceding and 1 preceding
      )`,
    },
    mode: {
      type: 'VARCHAR',
      doc: 'Mode that the event names, such as `audit`, `honor` or `verified`; when it names none, the mode that the learner had before; `unknown` without either',
      computed: `coalesce(logged_mode, mode_before, 'unknown')`,
    },
    actor_user_id: {
      type: 'BIGINT',
      doc: 'Account id of whoever caused the change: the learner, or staff; NULL when the event carries no id',
    },
    synthesized: { type: 'BOOLEAN', doc: 'edX added the event afterwards to mend the record' },
  },
  sql: `
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      time,
      hash,
      replace(event_type, 'edx.course.enrollment.', '') as action,
      actor_id as actor_user_id,
      synthesized,
      mode as logged_mode
    from event
    where event_type in (
        'edx.course.enrollment.activated',
        'edx.course.enrollment.deactivated',
        'edx.course.enrollment.mode_changed'
      )
      and not rescued
      and course_id is not null
      and ${HAS_SUBJECT}
  `,
} as const satisfies KeptTable
