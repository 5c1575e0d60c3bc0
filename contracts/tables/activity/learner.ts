// Without it nobody could tell who the numbers in user_id are, or when a learner was first seen in the course.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'learner',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner',
  doc: 'Everybody who did something in the course, by the actor of the events: staff are learners here too, and somebody who was only enrolled by others is not. The enrolled ones stand in `enrollment`.',
  keys: {},
  measures: {
    username: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'User name in the learner’s latest event of the course that carries one; NULL when none does',
    },
    first_seen: { type: 'TIMESTAMP', merge: 'min', doc: 'Time of the learner’s first event in the course, UTC' },
    last_seen: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the learner’s last event in the course, UTC' },
    events: { type: 'BIGINT', merge: 'sum', doc: 'Events of the learner in the course, of any type and source' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      case when username is not null then {'time': time, 'hash': hash, 'value': username} end as username,
      time as first_seen,
      time as last_seen,
      1 as events
    from event
    where course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
