// What the catalogue must know of a course to tell weeks and months of the whole organisation. Learners who are in two courses
// can be counted once only by whoever sees both, and opening a thousand databases for that would take longer than a merge.
// So each edition has these rows beside it, in one small file.
import type { DerivedTable } from './table.ts'

export const COURSE_FIGURES = {
  name: 'figure',
  kind: 'derived',
  scope: 'course',
  published: false,
  grain: 'by `kind`: one learner and week (`learner`), one week (`week`), one month and event type (`type`)',
  doc: 'What weeks and months of the catalogue are computed from. Columns that a kind does not have are NULL.',
  from: ['learner_event_day', 'event_type_day', 'enrollment_state_day', 'grade', 'certificate'],
  columns: {
    kind: { type: 'VARCHAR', doc: '`learner`, `week` or `type`' },
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    period: { type: 'DATE', doc: 'Monday of the week; for `type` the first day of the month' },
    user_id: { type: 'BIGINT', doc: 'The learner' },
    active: { type: 'BOOLEAN', doc: 'Has an event that is not of the enrolment family' },
    attempted_problem: { type: 'BOOLEAN', doc: 'Has a server event `problem_check`' },
    played_video: { type: 'BOOLEAN', doc: 'Has a `play_video` from browser or mobile app' },
    posted_forum: { type: 'BOOLEAN', doc: 'Has a server event `edx.forum.*.created`' },
    change: { type: 'BIGINT', doc: '1: enrolled at the end of the week and not before it; -1: the reverse; else 0' },
    passed: { type: 'BOOLEAN', doc: 'Passed for the first time' },
    certified: { type: 'BOOLEAN', doc: 'The latest certificate was created' },
    event_source: { type: 'VARCHAR', doc: '`server`, `browser`, `mobile` or what the line says' },
    event_type: { type: 'VARCHAR', doc: 'Canonical event type' },
    n: { type: 'BIGINT', doc: 'Events' },
    bytes: { type: 'BIGINT', doc: 'Bytes of their lines' },
  },
  sql: `
    with acted as (
      select
        course_id,
        user_id,
        date_trunc('week', day)::date as period,
        -- the labels of course_activity
        bool_or(not starts_with(event_type, 'edx.course.enrollment.')) as active,
        bool_or(event_type = 'problem_check' and event_source = 'server') as attempted_problem,
        bool_or(event_type = 'play_video' and event_source in ('browser', 'mobile')) as played_video,
        bool_or(event_type like 'edx.forum.%.created' and event_source = 'server') as posted_forum
      from learner_event_day
      group by all
    ),
    moved as (
      select
        course_id,
        user_id,
        date_trunc('week', day)::date as period,
        arg_max(is_active, day)::bigint - arg_min(active_before, day)::bigint as change
      from enrollment_state_day
      group by all
    ),
    learner as (
      select
        *
      from acted
      where active
      union all by name
      select
        *
      from moved
      where change <> 0
      union all by name
      select
        course_id,
        user_id,
        date_trunc('week', passed_first)::date as period,
        true as passed
      from grade
      where passed_first is not null
      union all by name
      select
        course_id,
        user_id,
        date_trunc('week', created)::date as period,
        true as certified
      from certificate
      where created is not null
    )
    select
      'learner' as kind,
      course_id,
      period,
      user_id,
      coalesce(bool_or(active), false) as active,
      coalesce(bool_or(attempted_problem), false) as attempted_problem,
      coalesce(bool_or(played_video), false) as played_video,
      coalesce(bool_or(posted_forum), false) as posted_forum,
      coalesce(sum(change), 0)::bigint as change,
      coalesce(bool_or(passed), false) as passed,
      coalesce(bool_or(certified), false) as certified
    from learner
    group by course_id, period, user_id
    union all by name
    select
      'week' as kind,
      course_id,
      date_trunc('week', day)::date as period,
      sum(n)::bigint as n,
      sum(bytes)::bigint as bytes
    from event_type_day
    where course_id is not null
    group by all
    union all by name
    select
      'type' as kind,
      course_id,
      date_trunc('month', day)::date as period,
      event_source,
      event_type,
      sum(n)::bigint as n,
      sum(bytes)::bigint as bytes
    from event_type_day
    where course_id is not null
    group by all
  `,
} as const satisfies DerivedTable
