// Without it an event that carries a user name and no id could not be given to the learner whom other events identify.
import type { SummedTable } from '../../table.ts'

export default {
  name: 'site_name',
  kind: 'summed',
  scope: 'site',
  published: false,
  learner: false,
  grain: 'one user name of the site',
  doc: 'Which account id a user name has, from all events of the site that carry both, with or without a course.',
  keys: {
    user_name: { type: 'VARCHAR', doc: 'User name as logged, without white space around it' },
  },
  measures: {
    user_id: { type: 'BIGINT', merge: 'min', doc: 'Smallest account id seen with the name' },
  },
  sql: `
    select
      username as user_name,
      actor_id as user_id
    from event
    where actor_id is not null
      and username is not null
  `,
} as const satisfies SummedTable
