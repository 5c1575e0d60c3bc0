// Without it "how long do learners work at a stretch" would be asked of single events, each study with a limit of its own.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'session',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one stretch of a learner’s activity in the course without a break of over 30 minutes',
  doc: 'A session is a run of the learner’s events in this course, of any type and source, calls of block handlers included, in which no event is more than 1,800 s after the one before. It is computed over the whole history, so it crosses midnight whole. A `page_close` is counted and ends nothing, unless the configuration says `session_end: gap_or_page_close`. What a learner does after the last event of a session is not logged: a session of one event has duration 0.',
  from: ['learner_moment'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    session_no: { type: 'BIGINT', doc: 'Running number of the learner’s sessions in the course, from 1' },
    start_time: { type: 'TIMESTAMP', doc: 'Time of its first event, UTC' },
    end_time: { type: 'TIMESTAMP', doc: 'Time of its last event, UTC' },
    events: { type: 'BIGINT', doc: 'Events in it, of any type and source' },
    duration_s: { type: 'DOUBLE', doc: 'Seconds from its first to its last event' },
    page_closes: { type: 'BIGINT', doc: 'Pages that the learner’s browser left in it (`page_close`)' },
  },
  sql: `
    with moments as (
      select
        course_id,
        user_id,
        time,
        sum(n) as events,
        coalesce(sum(n) filter (class = 'page_close'), 0) as page_closes
      from learner_moment
      group by course_id, user_id, time
    ),
    broken as (
      select
        *,
        coalesce(
          epoch_us(time) - lag(epoch_us(time)) over history > 1800000000
            -- ELAT: what comes after a page_close is another session
            or (getvariable('session_end') is not distinct from 'gap_or_page_close' and lag(page_closes) over history > 0),
          true
        ) as is_start
      from moments
      window history as (partition by course_id, user_id order by time)
    ),
    numbered as (
      select
        *,
        count(*) filter (is_start) over (partition by course_id, user_id order by time) as session_no
      from broken
    )
    select
      course_id,
      user_id,
      session_no,
      min(time) as start_time,
      max(time) as end_time,
      sum(events) as events,
      (epoch_us(max(time)) - epoch_us(min(time))) / 1e6 as duration_s,
      sum(page_closes) as page_closes
    from numbered
    group by course_id, user_id, session_no
  `,
} as const satisfies DerivedTable
