// What a university asks of all its courses together: how many learners, by week; what the logs hold, by month. The SQL reads
// two relations of one site: `figure`, the figures of all its courses (course_figures.ts), and `without_course`, its events
// that belong to none.
import { ofTypesSql } from './event_types.ts'
import { EVENT_TABLES } from './registry.ts'
import type { Column, DerivedTable } from './table.ts'

const SITE: Column = { type: 'VARCHAR', doc: 'Site: `edx`, `edge` …; sites are separate account spaces' }
const WEEK: Column = { type: 'DATE', doc: 'Monday of the ISO week, UTC' }

/** A learner's marks in a week. */
const LEARNERS = {
  active: { type: 'BIGINT', doc: 'Learners with any event other than one of the enrolment family' },
  attempted_problem: { type: 'BIGINT', doc: 'Learners with a server event `problem_check`' },
  played_video: { type: 'BIGINT', doc: 'Learners with a `play_video` from browser or mobile app' },
  posted_forum: { type: 'BIGINT', doc: 'Learners with a server event `edx.forum.*.created`' },
} as const satisfies Readonly<Record<string, Column>>

/** Every course by week. */
const COURSE_WEEK = {
  name: 'course_week',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one course and ISO week with at least one event of the course',
  doc: 'The courses from week to week, without opening their databases. Learners by Insights’ labels as in `course_activity`; enrolments as the logs tell them, in any mode: who joins and leaves within one week counts in neither. Weeks without an event have no row, and nothing changes in them. The last week is as far as the logs go.',
  from: ['learner_event_day', 'event_type_day', 'enrollment_state_day', 'grade', 'certificate'],
  columns: {
    site: SITE,
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    week: WEEK,
    ...LEARNERS,
    events: { type: 'BIGINT', doc: 'Events of the course, anonymous ones included' },
    enrolled_at_end: { type: 'BIGINT', doc: 'Learners enrolled at the end of the week’s last day' },
    joined: { type: 'BIGINT', doc: 'Learners enrolled at the end of the week and not at the end of the week before' },
    lapsed: { type: 'BIGINT', doc: 'Learners enrolled at the end of the week before and not at the end of the week' },
    passed: {
      type: 'BIGINT',
      doc: 'Learners who passed the course for the first time (`grade.passed_first`); the weeks add up to the course. edX logs it since 2017 only',
    },
    certificates: {
      type: 'BIGINT',
      doc: 'Learners whose latest certificate was created in the week (`certificate.created`), revoked since or not; the weeks add up to the course',
    },
  },
  sql: `
    with learner as (
      select
        site,
        course_id,
        period,
        count(*) filter (active) as active,
        count(*) filter (attempted_problem) as attempted_problem,
        count(*) filter (played_video) as played_video,
        count(*) filter (posted_forum) as posted_forum,
        count(*) filter (change > 0) as joined,
        count(*) filter (change < 0) as lapsed,
        count(*) filter (passed) as passed,
        count(*) filter (certified) as certificates
      from figure
      where kind = 'learner'
      group by all
    ),
    week as (
      select
        site,
        course_id,
        period,
        n as events
      from figure
      where kind = 'week'
    )
    select
      site,
      course_id,
      period as week,
      coalesce(active, 0) as active,
      coalesce(attempted_problem, 0) as attempted_problem,
      coalesce(played_video, 0) as played_video,
      coalesce(posted_forum, 0) as posted_forum,
      events,
      -- whatever a learner's week tells is an event of the course, so its week is here
      sum(coalesce(joined - lapsed, 0)) over (partition by site, course_id order by period) as enrolled_at_end,
      coalesce(joined, 0) as joined,
      coalesce(lapsed, 0) as lapsed,
      coalesce(passed, 0) as passed,
      coalesce(certificates, 0) as certificates
    from week
    left join learner using (site, course_id, period)
  `,
} as const satisfies DerivedTable

/** All courses of a site by week. */
const ORGANISATION_WEEK = {
  name: 'organisation_week',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one site and ISO week with at least one event of a course that has a database',
  doc: 'All courses of a site together, where a learner of several courses counts once: sums over `course_week` count such a learner several times. Sites are separate account spaces, so nobody can tell who is the same person on two of them, and their rows must not be added up to people. Courses that the course filter leaves out are not counted.',
  from: ['learner_event_day', 'event_type_day', 'enrollment_state_day', 'grade', 'certificate'],
  columns: {
    site: SITE,
    week: WEEK,
    courses: { type: 'BIGINT', doc: 'Courses with an event' },
    ...LEARNERS,
    events: { type: 'BIGINT', doc: 'Events of courses, anonymous ones included' },
    enrolled_at_end: {
      type: 'BIGINT',
      doc: 'Learners enrolled in at least one course at the end of the week’s last day',
    },
    enrolments_at_end: { type: 'BIGINT', doc: 'Enrolments then: a learner counts once for each course' },
    joined: {
      type: 'BIGINT',
      doc: 'Learners enrolled in a course at the end of the week and in none at the end of the week before',
    },
    lapsed: {
      type: 'BIGINT',
      doc: 'Learners enrolled in a course at the end of the week before and in none at the end of the week',
    },
    passed: { type: 'BIGINT', doc: 'Learners who passed some course for the first time; once, also for two courses' },
    certificates: {
      type: 'BIGINT',
      doc: 'Learners whose latest certificate of some course was created; once, also for two courses',
    },
  },
  sql: `
    -- by learner and week over all courses, once: everything else of learners is counted from this
    with seen as (
      select
        period,
        user_id,
        bool_or(active) as active,
        bool_or(attempted_problem) as attempted_problem,
        bool_or(played_video) as played_video,
        bool_or(posted_forum) as posted_forum,
        bool_or(passed) as passed,
        bool_or(certified) as certified,
        -- in how many courses more or fewer the learner is
        sum(change)::bigint as change
      from figure
      where kind = 'learner'
      group by all
    ),
    learner as (
      select
        period,
        count(*) filter (active) as active,
        count(*) filter (attempted_problem) as attempted_problem,
        count(*) filter (played_video) as played_video,
        count(*) filter (posted_forum) as posted_forum,
        count(*) filter (passed) as passed,
        count(*) filter (certified) as certificates
      from seen
      group by all
    ),
    stepped as (
      select
        period,
        change,
        sum(change) over (partition by user_id order by period) as enrolments
      from seen
      where change <> 0
    ),
    enrolled as (
      select
        period,
        count(*) filter (enrolments > 0 and enrolments = change) as joined,
        count(*) filter (enrolments = 0 and change < 0) as lapsed,
        sum(change) as change
      from stepped
      group by all
    ),
    week as (
      select
        site,
        period,
        count(*) as courses,
        sum(n) as events
      from figure
      where kind = 'week'
      group by all
    )
    select
      site,
      period as week,
      courses,
      coalesce(active, 0) as active,
      coalesce(attempted_problem, 0) as attempted_problem,
      coalesce(played_video, 0) as played_video,
      coalesce(posted_forum, 0) as posted_forum,
      events,
      sum(coalesce(joined - lapsed, 0)) over history as enrolled_at_end,
      sum(coalesce(change, 0)) over history as enrolments_at_end,
      coalesce(joined, 0) as joined,
      coalesce(lapsed, 0) as lapsed,
      coalesce(passed, 0) as passed,
      coalesce(certificates, 0) as certificates
    from week
    left join learner using (period)
    left join enrolled using (period)
    window history as (partition by site order by period)
  `,
} as const satisfies DerivedTable

/** Types that some table reads for more than counting by type: those that declarations name. */
const USED_TYPES: readonly string[] = [...new Set(EVENT_TABLES.flatMap(({ types }) => types ?? []))].sort()

/** What the logs hold, used or not. */
const EVENT_TYPE_MONTH = {
  name: 'event_type_month',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one site, month, event source and event type',
  doc: 'What the logs of a site hold and since when: the sum of `event_type_day` over all courses that have a database, and of the events that belong to no course. Types with `used` false are there for the asking: they are counted by type, learner and day, and nothing else is made of them.',
  from: ['event_type_day'],
  columns: {
    site: SITE,
    month: { type: 'DATE', doc: 'First day of the calendar month of the events’ time, UTC' },
    event_source: { type: 'VARCHAR', doc: '`server`, `browser`, `mobile` or what the line says' },
    event_type: {
      type: 'VARCHAR',
      doc: 'Canonical event type; URL-shaped types are `page:KIND`, `xblock:HANDLER` or `api:other`',
    },
    courses: { type: 'BIGINT', doc: 'Courses with such an event; 0 when all of them belong to no course' },
    n: { type: 'BIGINT', doc: 'Events, those without a course included' },
    bytes: { type: 'BIGINT', doc: 'Bytes of their lines, without the newlines' },
    used: {
      type: 'BOOLEAN',
      doc: 'Some table of a course database takes more of such events than their number; tables of your own do not count',
    },
  },
  sql: `
    with told as (
      select
        site,
        period as month,
        event_source,
        event_type,
        1 as courses,
        n,
        bytes
      from figure
      where kind = 'type'
      union all
      select
        site,
        date_trunc('month', day)::date as month,
        event_source,
        event_type,
        0 as courses,
        n,
        bytes
      from without_course
    )
    select
      site,
      month,
      event_source,
      event_type,
      sum(courses) as courses,
      sum(n) as n,
      sum(bytes) as bytes,
      ${ofTypesSql('event_type', USED_TYPES)} as used
    from told
    group by site, month, event_source, event_type
  `,
} as const satisfies DerivedTable

export const CATALOG_PERIODS: readonly DerivedTable[] = [COURSE_WEEK, ORGANISATION_WEEK, EVENT_TYPE_MONTH]
