// Reading in the course's books leaves no page views: without it textbooks would seem to be read by nobody.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'textbook_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, UTC day, chapter and type of event',
  doc: 'What learners do in the readers of textbooks: turning pages (`book`, `textbook.pdf.page.navigated`), scrolling, zooming, searching and the rest of `textbook.pdf.*`, by the actor. Requests for the reader itself are page views of kind `pdfbook`.',
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the events' },
    chapter: { type: 'VARCHAR', doc: 'Chapter as logged, mostly the path of a file; empty where the event names none' },
    event_type: { type: 'VARCHAR', doc: 'Canonical event type: `book` or `textbook.pdf.…`' },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events' },
    max_page: {
      type: 'BIGINT',
      merge: 'max',
      doc: 'Largest page number: `page` of `textbook.pdf.*`, `new` of `book`; NULL when no event of the row tells one',
    },
  },
  types: ['book', 'textbook.*'],
  payload: true,
  sql: `
    with read as (
      select
        course_id,
        actor_id,
        actor_name,
        time,
        event_type,
        -- chapter, page, new
        json_extract_string(payload::varchar, ['$.chapter', '$.page', '$.new']) as fields
      from event
      where (event_type = 'book' or event_type like 'textbook.%')
        and not rescued
        and course_id is not null
        and ${HAS_ACTOR}
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time::date as day,
      coalesce(fields[1], '') as chapter,
      event_type,
      1 as n,
      -- a page is a whole number; a cast alone would round
      try_cast(regexp_extract(if(event_type = 'book', fields[3], fields[2]), '^\\s*([0-9]{1,9})\\s*$', 1) as bigint) as max_page
    from read
  `,
} as const satisfies SummedTable
