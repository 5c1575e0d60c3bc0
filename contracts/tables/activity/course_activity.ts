// Without it the curve that every course report starts with, active learners over time, could not be had by week.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'course_activity',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one day, week or month with an active learner',
  doc: 'Different learners by what they did, with the labels of edX Insights, by the actor of the events. A learner who is active on two days of a week counts once in the week, so periods do not add up.',
  from: ['learner_event_day'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    period: { type: 'VARCHAR', doc: '`day`, `week` (ISO, from Monday) or `month`, in UTC' },
    period_start: { type: 'DATE', doc: 'First day of the period' },
    active: { type: 'BIGINT', doc: 'Learners with any event other than one of the enrolment family' },
    attempted_problem: { type: 'BIGINT', doc: 'Learners with a server event `problem_check`' },
    played_video: { type: 'BIGINT', doc: 'Learners with a `play_video` from browser or mobile app' },
    posted_forum: { type: 'BIGINT', doc: 'Learners with a server event `edx.forum.*.created`' },
  },
  sql: `
    with labelled as (
      select
        course_id,
        user_id,
        day,
        bool_or(not starts_with(event_type, 'edx.course.enrollment.')) as is_active,
        bool_or(event_type = 'problem_check' and event_source = 'server') as attempted_problem,
        bool_or(event_type = 'play_video' and event_source in ('browser', 'mobile')) as played_video,
        bool_or(event_type like 'edx.forum.%.created' and event_source = 'server') as posted_forum
      from learner_event_day
      group by course_id, user_id, day
    ),
    placed as (
      select
        labelled.*,
        unnest(['day', 'week', 'month']) as period,
        unnest([day, date_trunc('week', day)::date, date_trunc('month', day)::date]) as period_start
      from labelled
      where is_active
    )
    select
      course_id,
      period,
      period_start,
      count(distinct user_id) as active,
      count(distinct user_id) filter (attempted_problem) as attempted_problem,
      count(distinct user_id) filter (played_video) as played_video,
      count(distinct user_id) filter (posted_forum) as posted_forum
    from placed
    group by course_id, period, period_start
  `,
} as const satisfies DerivedTable
