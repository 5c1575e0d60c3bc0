// Without it the first question about a course, how it went from day to day, would join three tables that count differently.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'course_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one UTC day with at least one event of the course',
  doc: 'The course from day to day. Events are counted whoever caused them, anonymous visitors included; learners are the known actors of the events, so staff are among them. Days without an event have no row; `enrollment_day` has every day.',
  from: ['event_type_day', 'learner_event_day', 'enrollment_state_day'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    day: { type: 'DATE', doc: 'UTC calendar day of the events’ time' },
    events: { type: 'BIGINT', doc: 'Events of any type and source, anonymous ones included' },
    learners: { type: 'BIGINT', doc: 'Different learners with any event' },
    new_learners: { type: 'BIGINT', doc: 'Learners whose first event in this course is on the day' },
    enrolled_at_end: {
      type: 'BIGINT',
      doc: 'Learners enrolled at the end of the day, in any mode, as far as the logs tell',
    },
    plays: { type: 'BIGINT', doc: 'Events `play_video`, anonymous ones included' },
    problem_checks: { type: 'BIGINT', doc: 'Graded submissions: server events `problem_check`' },
    forum_posts: { type: 'BIGINT', doc: 'Threads, responses and comments written (`edx.forum.*.created`)' },
    page_views: {
      type: 'BIGINT',
      doc: 'Pages of the course that the server delivered (`page:*`), anonymous ones included, not handler calls',
    },
    mobile_learners: { type: 'BIGINT', doc: 'Different learners with an event from the mobile apps' },
  },
  sql: `
    with counted as (
      select
        course_id,
        day,
        sum(n) as events,
        coalesce(sum(n) filter (event_type = 'play_video'), 0) as plays,
        coalesce(sum(n) filter (event_type = 'problem_check' and event_source = 'server'), 0) as problem_checks,
        coalesce(sum(n) filter (
          event_type in ('edx.forum.thread.created', 'edx.forum.response.created', 'edx.forum.comment.created')
        ), 0) as forum_posts,
        coalesce(sum(n) filter (event_type like 'page:%' and event_source = 'server'), 0) as page_views
      from event_type_day
      where course_id is not null
      group by course_id, day
    ),
    learner_days as (
      select
        course_id,
        day,
        user_id,
        bool_or(event_source = 'mobile') as is_mobile
      from learner_event_day
      group by course_id, day, user_id
    ),
    attended as (
      select
        course_id,
        day,
        count(*) as learners,
        count(*) filter (is_first) as new_learners,
        count(*) filter (is_mobile) as mobile_learners
      from (
        select
          *,
          day = min(day) over (partition by course_id, user_id) as is_first
        from learner_days
      )
      group by course_id, day
    ),
    enrolled as (
      select
        course_id,
        day,
        sum(is_active::bigint - active_before::bigint) as change
      from enrollment_state_day
      group by course_id, day
    )
    select
      course_id,
      day,
      events,
      coalesce(learners, 0) as learners,
      coalesce(new_learners, 0) as new_learners,
      -- an enrolment change is an event of the course, so its day is here
      sum(coalesce(change, 0)) over (partition by course_id order by day) as enrolled_at_end,
      plays,
      problem_checks,
      forum_posts,
      page_views,
      coalesce(mobile_learners, 0) as mobile_learners
    from counted
    left join attended using (course_id, day)
    left join enrolled using (course_id, day)
  `,
} as const satisfies DerivedTable
