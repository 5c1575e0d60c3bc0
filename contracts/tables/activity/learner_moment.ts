// Without it gaps between a learner's events, which run over midnights and files, would need the events again.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'learner_moment',
  kind: 'summed',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one learner, moment and class of activity',
  doc: 'When each learner did something, in seven coarse classes. Gaps, sessions and time on task are computed from it over the whole history.',
  keys: {
    time: { type: 'TIMESTAMP', doc: 'Time of the events, UTC' },
    class: {
      type: 'VARCHAR',
      doc: '`xblock` for calls of block handlers, `page_close`, the family where it is `video`, `problem`, `forum` or `text`, else `other`',
    },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events of that class at that moment' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time,
      case
        when event_type like 'xblock:%' then 'xblock'
        when event_type = 'page_close' then 'page_close'
        when family in ('video', 'problem', 'forum', 'text') then family
        else 'other'
      end as class,
      1 as n
    from event
    where course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
