// Two thirds of a log are requests: without it nobody could see which chapters, threads and tabs learners opened.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'page_view_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, UTC day and page',
  doc: 'Pages of the course that the server delivered to a learner: the events that `person_course_day.page_views` counts, by the actor. A trailing slash, a query and the position within a section make no difference. Calls of block handlers and other requests are no page views, and requests that the forum’s pages make by themselves are (`forum_day` tells them apart).',
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the request' },
    page_kind: {
      type: 'VARCHAR',
      doc: '`root`, `info`, `about`, `courseware`, `progress`, `wiki`, `forum`, `teams`, `pdfbook`, `tab`, `bookmarks`, `notes` or `jump_to`: the event type without its `page:`',
    },
    page_key: {
      type: 'VARCHAR',
      doc: 'Which page of its kind: `CHAPTER/SECTION` or `CHAPTER` for courseware, the thread’s id for the forum, the tab’s id for a tab, percent-decoded; NULL for all other pages and for a courseware or forum page that names none',
    },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Views of the page' },
    first_time: { type: 'TIMESTAMP', merge: 'min', doc: 'Time of the first view of the day, UTC' },
    last_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the last view of the day, UTC' },
  },
  types: ['page:*'],
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time::date as day,
      replace(event_type, 'page:', '') as page_kind,
      page_key,
      1 as n,
      time as first_time,
      time as last_time
    from event
    where event_type like 'page:%'
      and event_source = 'server'
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
