// Without it nobody could tell which courses change when a name's id is learnt later, from a file of another day.
import type { SummedTable } from '../../table.ts'

export default {
  name: 'unresolved_name',
  kind: 'summed',
  scope: 'site',
  published: false,
  learner: false,
  grain: 'one course and user name',
  doc: 'Names that stand in a course’s events without an id, as actor or as the one concerned.',
  needs: ['actor_name', 'subject_name'],
  keys: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged' },
    user_name: { type: 'VARCHAR', doc: 'User name as logged, without white space around it' },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events that name the learner without an id' },
  },
  sql: `
    select
      course_id,
      actor_name as user_name,
      1 as n
    from event
    where course_id is not null
      and actor_name is not null
    union all
    select
      course_id,
      subject_name as user_name,
      1 as n
    from event
    where course_id is not null
      and subject_name is not null
      and subject_name is distinct from actor_name
  `,
} as const satisfies SummedTable
