// Without it nobody could tell who reads a course with a pencil: bookmarks and notes are in no other counter.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'bookmark_note_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, UTC day and type of event',
  doc: 'Events of bookmarks (`edx.bookmark.*`) and of notes in the margin (`edx.course.student_notes.*`), by the actor. `edx.bookmark.listed` and `.notes_page_viewed` are looks at the lists of what was marked before. The notes themselves are not kept.',
  types: ['edx.bookmark.*', 'edx.course.student_notes.*'],
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the events’ time' },
    event_type: {
      type: 'VARCHAR',
      doc: 'Event type, such as `edx.bookmark.added` or `edx.course.student_notes.edited`',
    },
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
    where (event_type like 'edx.bookmark.%' or event_type like 'edx.course.student\\_notes.%' escape '\\')
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
