// Without it the short films before a video would be counted nowhere: the other tables of videos leave them out.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'pre_roll_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner, UTC day and type of pre-roll event',
  doc: 'Events of pre-roll videos (`edx.video.bumper.*`), which play before the first video of a learner and are no videos of the course.',
  from: ['learner_event_day'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    day: { type: 'DATE', doc: 'UTC calendar day of the events’ time' },
    event_type: {
      type: 'VARCHAR',
      doc: '`edx.video.bumper.` and `loaded`, `played`, `stopped`, `skipped`, `dismissed` …',
    },
    n: { type: 'BIGINT', doc: 'Events, from whatever source' },
  },
  sql: `
    select
      course_id,
      user_id,
      day,
      event_type,
      sum(n) as n
    from learner_event_day
    where starts_with(event_type, 'edx.video.bumper.')
    group by course_id, user_id, day, event_type
  `,
} as const satisfies DerivedTable
