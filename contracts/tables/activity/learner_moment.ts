// Without it gaps between a learner's events, which run over midnights and files, would need the events again.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

const CLASSES = ['video', 'problem', 'forum', 'text', 'xblock', 'page_close', 'other'] as const

/** Names a class as one of few: as text, which differs from event to event, it would be hashed for each of them. */
const named = (name: (typeof CLASSES)[number]): string =>
  `'${name}'::enum(${CLASSES.map((each) => `'${each}'`).join(', ')})`

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
  // Calls of block handlers and closed pages have no family; asked in this order, and without an `or`, most events cost one look.
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time,
      case
        when family is not null then
          case family
            when 'video' then ${named('video')}
            when 'problem' then ${named('problem')}
            when 'forum' then ${named('forum')}
            when 'text' then ${named('text')}
            else ${named('other')}
          end
        when event_type like 'xblock:%' then ${named('xblock')}
        when event_type = 'page_close' then ${named('page_close')}
        else ${named('other')}
      end as class,
      1 as n
    from event
    where course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
