// Without it nobody could tell who the numbers in user_id are, or when a learner was first seen in the course.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

/** Spells a time as the upper half of a number, whose lower half has room for a hash. */
const upperHalf = (time: string): string => `epoch_us(${time})::hugeint * 18446744073709551616`

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
  // Each event names its learner, and hardly anybody has two names: so the latest event of each name is found first, by one
  // number made of time and hash. To compare a register for every event costs twice as much.
  sql: `
    with named as (
      select
        course_id,
        actor_id,
        actor_name,
        username,
        min(time) as first_seen,
        max(time) as last_seen,
        max(${upperHalf('time')} + hash) as latest,
        count(*) as events
      from event
      where course_id is not null
        and ${HAS_ACTOR}
      group by all
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      case
        when username is not null
        then {'time': last_seen, 'hash': (latest - ${upperHalf('last_seen')})::ubigint, 'value': username}
      end as username,
      first_seen,
      last_seen,
      events
    from named
  `,
} as const satisfies SummedTable
