// The forum speaks two languages, requests and events, by era: without it every count over years would miss one or take both.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'forum_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner, UTC day and action in the forum',
  doc: 'What learners did in the forum, by the actor: events `edx.forum.*`, and requests whose path tells an action. The forum came to log events action by action (posts in March 2015, votes in December 2015, the rest later), and from then on the same act stands in the logs as a request and as an event. So a request that creates, edits, deletes, votes or views counts only up to the first event of its action that anybody caused in the course, in order of time. That first act itself may count twice, because its request comes before its event, and so may searches and reports, for which there is no such rule. Of a request nobody knows whether it succeeded.',
  from: ['forum_event', 'forum_request'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    day: { type: 'DATE', doc: 'UTC calendar day of the action' },
    action: {
      type: 'VARCHAR',
      doc: 'Verb and object: `created_`, `edited_`, `deleted_`, `voted_`, `reported_`, `unreported_` and `viewed_` with `thread`, `response` or `comment`, `vote_undone`, `searched`. In requests alone: `viewed_forum`, `viewed_topic`, `viewed_user`, `followed_` and `unfollowed_` with `thread`, `topic` or `user`, `pinned_thread`, `unpinned_thread`, `closed_thread` (opened again, too), `endorsed_response`, `uploaded_file`. What a request does to a comment counts for a response, because paths do not tell them apart',
    },
    n: { type: 'BIGINT', doc: 'How often' },
  },
  sql: `
    with first_event as (
      select
        course_id,
        action,
        min({'time': time, 'hash': hash}) as first_moment
      from forum_event
      group by course_id, action
    ),
    acted as (
      select
        course_id,
        user_id,
        time::date as day,
        action
      from forum_event
      where user_id is not null
      union all
      select
        course_id,
        user_id,
        time::date as day,
        action
      from forum_request
      left join first_event using (course_id, action)
      where first_moment is null
        or {'time': time, 'hash': hash} < first_moment
        or not regexp_matches(action, '^(created|edited|deleted|voted|viewed)_|^vote_undone$')
    )
    select
      course_id,
      user_id,
      day,
      action,
      count(*) as n
    from acted
    group by course_id, user_id, day, action
  `,
} as const satisfies DerivedTable
