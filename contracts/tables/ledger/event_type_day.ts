// Without it an event type that no table uses would vanish unseen: it counts every event, also those without a course.
import type { SummedTable } from '../../table.ts'

export default {
  name: 'event_type_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: false,
  grain: 'one UTC day, event source and event type of the course',
  doc: 'Every event, whoever caused it, anonymous ones included: the sum of `n` over a course is all that the logs hold of it. Events that belong to no course stand in the catalogue with NULL as course_id.',
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the event’s time, never of the log file' },
    event_source: { type: 'VARCHAR', doc: '`server`, `browser`, `mobile` or what the line says' },
    event_type: {
      type: 'VARCHAR',
      doc: 'Canonical event type; URL-shaped types are `page:KIND`, `xblock:HANDLER` or `api:other`',
    },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events' },
    bytes: { type: 'BIGINT', merge: 'sum', doc: 'Bytes of their lines, without the newlines' },
  },
  sql: `
    select
      course_id,
      time::date as day,
      event_source,
      event_type,
      1 as n,
      bytes
    from event
  `,
} as const satisfies SummedTable
