// Without it nobody could tell who has fallen silent, and who never came further than the course's front door.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'last_visit',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner with at least one event in the course',
  doc: 'When each learner was last seen, by the actor of the events, and whether the learner ever came past the course’s home page: two of the figures from which Open edX Aspects tells learners at risk (the others are enrolment, grade, and seven days of silence). The logs end when they end: compare the times with the last day of the course database, not with today.',
  from: ['last_page', 'learner_event_day'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    last_page_time: {
      type: 'TIMESTAMP',
      doc: 'Time of the last page view (server events `page:*`), UTC; NULL without any, as for who only uses an app',
    },
    last_page_key: {
      type: 'VARCHAR',
      doc: 'Key of that page as in `page_view_day`; NULL when the page has none or there was no page view',
    },
    last_event_time: { type: 'TIMESTAMP', doc: 'Time of the last event of any type and source, UTC' },
    went_past_home: {
      type: 'BOOLEAN',
      doc: 'The learner viewed a page of any kind but `root`, `info` and `about`, or moved in a sequence of units (`seq_*` and their newer names)',
    },
  },
  sql: `
    with seen as (
      select
        course_id,
        user_id,
        max(last_time) as last_event_time,
        coalesce(bool_or(
          family = 'sequence'
          or (
            event_source = 'server'
            and event_type like 'page:%'
            and event_type not in ('page:root', 'page:info', 'page:about')
          )
        ), false) as went_past_home
      from learner_event_day
      group by course_id, user_id
    )
    select
      course_id,
      user_id,
      last_page_time,
      last_page_key,
      last_event_time,
      went_past_home
    from seen
    left join last_page using (course_id, user_id)
  `,
} as const satisfies DerivedTable
