// Without it every counter by learner and day would need the events again: it is the atom from which they pivot.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'learner_event_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, UTC day, event source and event type',
  doc: 'How often each learner did what on each day. Activity belongs to the actor: an enrolment by staff counts for the staff member. Days are days of the event’s time, never of the log file.',
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the event’s time' },
    event_source: { type: 'VARCHAR', doc: '`server`, `browser`, `mobile` or what the line says' },
    event_type: {
      type: 'VARCHAR',
      doc: 'Canonical event type; URL-shaped types are `page:KIND`, `xblock:HANDLER` or `api:other`',
    },
    family: { type: 'VARCHAR', doc: 'Activity family of the event type; NULL when it has none', hidden: true },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events' },
    first_time: { type: 'TIMESTAMP', merge: 'min', doc: 'Time of the first one, UTC' },
    last_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the last one, UTC' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time::date as day,
      event_source,
      event_type,
      family,
      1 as n,
      time as first_time,
      time as last_time
    from event
    where course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
