// Without it every study of effort would count the same dozen things again from events by day.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'person_course_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and UTC day with at least one event',
  doc: 'The usual counters of what a learner did on a day, by the actor of the events. Days are days of the event’s time. Gaps are the pauses between one event of the learner and the next, calls of block handlers left out: only gaps of at most 300 seconds count, and a gap belongs to the day of its later event, also over midnight.',
  from: ['learner_event_day', 'learner_moment', 'problem_submission', 'video_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    day: { type: 'DATE', doc: 'UTC calendar day of the events’ time' },
    events: { type: 'BIGINT', doc: 'Events of any type and source' },
    video_events: { type: 'BIGINT', doc: 'Events of the video player, pre-roll left out' },
    plays: { type: 'BIGINT', doc: 'Events `play_video`' },
    pauses: { type: 'BIGINT', doc: 'Events `pause_video`' },
    seeks: { type: 'BIGINT', doc: 'Events `seek_video`' },
    problem_checks: { type: 'BIGINT', doc: 'Graded submissions: server events `problem_check`' },
    problem_clicks: { type: 'BIGINT', doc: 'Clicks on the submit button: browser events `problem_check`' },
    show_answers: { type: 'BIGINT', doc: 'Requests for an answer (`showanswer`)' },
    hints: { type: 'BIGINT', doc: 'Hints shown on demand (`edx.problem.hint.demandhint_displayed`)' },
    forum_events: { type: 'BIGINT', doc: 'Events `edx.forum.*` and calls of forum pages' },
    forum_posts: { type: 'BIGINT', doc: 'Threads, responses and comments written (`edx.forum.*.created`)' },
    page_views: { type: 'BIGINT', doc: 'Pages of the course that the server delivered (`page:*`), not handler calls' },
    xblock_calls: { type: 'BIGINT', doc: 'Calls of block handlers (`xblock:*`)' },
    textbook_events: { type: 'BIGINT', doc: 'Events of textbooks and the wiki' },
    sequence_moves: { type: 'BIGINT', doc: 'Moves within a sequence of units (`seq_*` and their newer names)' },
    mobile_events: { type: 'BIGINT', doc: 'Events from the mobile apps' },
    videos_played: { type: 'BIGINT', doc: 'Different videos with a `play_video`' },
    problems_attempted: { type: 'BIGINT', doc: 'Different problems with a graded submission' },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first event of the day, UTC' },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the last event of the day, UTC' },
    gaps: { type: 'BIGINT', doc: 'Gaps of at most 300 s to the learner’s previous event, of any day' },
    gap_sum_s: { type: 'DOUBLE', doc: 'Sum of these gaps, seconds; 0 without one' },
    gap_max_s: { type: 'DOUBLE', doc: 'Longest of these gaps, seconds; NULL without one' },
    gap_sum_us: { type: 'BIGINT', doc: 'Sum of these gaps, microseconds', hidden: true },
    gap_square_sum_us2: { type: 'HUGEINT', doc: 'Sum of their squares, microseconds squared', hidden: true },
  },
  sql: `
    with counted as (
      select
        course_id,
        user_id,
        day,
        sum(n) as events,
        coalesce(sum(n) filter (family = 'video'), 0) as video_events,
        coalesce(sum(n) filter (event_type = 'play_video'), 0) as plays,
        coalesce(sum(n) filter (event_type = 'pause_video'), 0) as pauses,
        coalesce(sum(n) filter (event_type = 'seek_video'), 0) as seeks,
        coalesce(sum(n) filter (event_type = 'problem_check' and event_source = 'server'), 0) as problem_checks,
        coalesce(sum(n) filter (event_type = 'problem_check' and event_source = 'browser'), 0) as problem_clicks,
        coalesce(sum(n) filter (event_type = 'showanswer'), 0) as show_answers,
        coalesce(sum(n) filter (event_type = 'edx.problem.hint.demandhint_displayed'), 0) as hints,
        coalesce(sum(n) filter (family = 'forum'), 0) as forum_events,
        coalesce(sum(n) filter (
          event_type in ('edx.forum.thread.created', 'edx.forum.response.created', 'edx.forum.comment.created')
        ), 0) as forum_posts,
        coalesce(sum(n) filter (event_type like 'page:%' and event_source = 'server'), 0) as page_views,
        coalesce(sum(n) filter (event_type like 'xblock:%'), 0) as xblock_calls,
        coalesce(sum(n) filter (family = 'text'), 0) as textbook_events,
        coalesce(sum(n) filter (family = 'sequence'), 0) as sequence_moves,
        coalesce(sum(n) filter (event_source = 'mobile'), 0) as mobile_events,
        min(first_time) as first_time,
        max(last_time) as last_time
      from learner_event_day
      group by course_id, user_id, day
    ),
    played as (
      select
        course_id,
        user_id,
        time::date as day,
        count(distinct video_id) as videos_played
      from video_event
      where kind = 'play_video'
      group by all
    ),
    attempted as (
      select
        course_id,
        user_id,
        time::date as day,
        count(distinct problem_id) as problems_attempted
      from problem_submission
      group by all
    ),
    -- edx2bigquery leaves handler calls out of gaps; n events at one moment are n - 1 gaps of 0, in one row or in several
    lagged as (
      select
        course_id,
        user_id,
        time::date as day,
        n - 1 as zero_gaps,
        epoch_us(time) - lag(epoch_us(time)) over (partition by course_id, user_id order by time) as gap_us
      from learner_moment
      where class <> 'xblock'
    ),
    paused as (
      select
        course_id,
        user_id,
        day,
        sum(zero_gaps) + count(*) filter (gap_us <= 300000000) as gaps,
        coalesce(sum(gap_us) filter (gap_us <= 300000000), 0)::bigint as gap_sum_us,
        sum(gap_us::hugeint * gap_us) filter (gap_us <= 300000000) as gap_square_sum_us2,
        coalesce(max(gap_us) filter (gap_us <= 300000000), if(sum(zero_gaps) > 0, 0, null)) as gap_max_us
      from lagged
      group by course_id, user_id, day
    )
    select
      counted.*,
      coalesce(videos_played, 0) as videos_played,
      coalesce(problems_attempted, 0) as problems_attempted,
      coalesce(gaps, 0) as gaps,
      coalesce(gap_sum_us, 0) as gap_sum_us,
      coalesce(gap_square_sum_us2, 0) as gap_square_sum_us2,
      coalesce(gap_sum_us, 0) / 1e6 as gap_sum_s,
      gap_max_us / 1e6 as gap_max_s
    from counted
    left join played using (course_id, user_id, day)
    left join attempted using (course_id, user_id, day)
    left join paused using (course_id, user_id, day)
  `,
} as const satisfies DerivedTable
