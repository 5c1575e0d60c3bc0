// Before 2015 the forum logged no events of its own: what learners did there stands in their requests alone.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'forum_request',
  kind: 'kept',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one request of a learner that tells what it did in the forum',
  doc: 'Requests below `/courses/{id}/discussion` by what their paths say.',
  columns: {
    time: { type: 'TIMESTAMP', doc: 'Time of the request, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time' },
    action: { type: 'VARCHAR', doc: 'Verb and object, as in `forum_day`' },
  },
  types: ['page:forum'],
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time,
      hash,
      forum_action as action
    from event
    where event_type = 'page:forum'
      and event_source = 'server'
      and forum_action is not null
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies KeptTable
