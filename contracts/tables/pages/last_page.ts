// Which page was the last of a learner goes by (time, hash), which sums by day no longer tell.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'last_page',
  kind: 'summed',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one learner who viewed a page',
  doc: 'The last page view of each learner.',
  keys: {},
  measures: {
    last_page_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the last page view, UTC' },
    last_page_key: { type: 'VARCHAR', merge: 'last', doc: 'Key of that page; NULL when it has none' },
  },
  types: ['page:*'],
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time as last_page_time,
      {'time': time, 'hash': hash, 'value': page_key} as last_page_key
    from event
    where event_type like 'page:%'
      and event_source = 'server'
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
