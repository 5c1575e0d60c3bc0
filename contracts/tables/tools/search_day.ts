// Without it nobody could tell who looks for things in a course rather than following its order.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'search_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, UTC day and type of event',
  doc: 'Searches in the course’s content (`edx.course.search.*`) and in the catalogue of courses (`edx.course_discovery.search.*`, where the event names this course), by the actor. A search is `initiated` and then has its `results_displayed`, so do not add the two. Searches of the forum, of notes and of teams are in `forum_day`, `bookmark_note_day` and `team_event`. What was searched for is not kept.',
  types: ['edx.course.search.*', 'edx.course_discovery.search.*'],
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the events’ time' },
    event_type: { type: 'VARCHAR', doc: 'Event type, such as `edx.course.search.initiated`' },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time::date as day,
      event_type,
      1 as n
    from event
    where (
        event_type like 'edx.course.search.%'
        or event_type like 'edx.course\\_discovery.search.%' escape '\\'
      )
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
