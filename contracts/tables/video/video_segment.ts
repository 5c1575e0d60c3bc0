// Without it the seconds of a video that a learner watched, and how often, would not be those that Aspects tells.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'video_segment',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one range of seconds of a video that a learner watched equally often',
  doc: 'Watched seconds by the rule of Aspects. Each play is paired with the last pause, stop, seek or completion before the next play; at equal times these come before plays. Positions are cut to two decimals and rounded up to whole seconds; one that is missing counts as 0, a completion stands at the duration, a seek where it came from. A pair whose end is after its start watches every second from its start, at least 1, to its end. Neighbouring seconds with one count are one range; the view `video_second` has a row for each. Viewings by the rule of Insights stand in `video_viewing`.',
  from: ['video_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    first_second: { type: 'BIGINT', doc: 'First second of the range, from 1' },
    last_second: { type: 'BIGINT', doc: 'Last second of the range, itself included' },
    watch_count: { type: 'BIGINT', doc: 'How often the learner watched each second of the range' },
  },
  sql: `
    with placed as (
      select
        course_id,
        user_id,
        video_id,
        time,
        hash,
        kind = 'play_video' as is_start,
        coalesce(
          case kind
            when 'seek_video' then old_position_s
            when 'complete_video' then duration_s
            else position_s
          end,
          0
        ) as logged_s
      from video_event
      where kind in ('play_video', 'pause_video', 'stop_video', 'seek_video', 'complete_video')
    ),
    rounded as (
      select
        * exclude (logged_s),
        -- Aspects cuts to two decimals and rounds up: 2.009 is second 2, 2.01 is second 3. Its column ends at seven digits.
        case
          when abs(logged_s) >= 10000000 then 0
          when logged_s < 0 then ceil(logged_s)::bigint
          else floor(logged_s)::bigint + (logged_s >= (floor(logged_s) * 100 + 1) / 100)::bigint
        end as second
      from placed
    ),
    -- false sorts before true: Aspects puts ends before starts at equal times
    paired as (
      select
        course_id,
        user_id,
        video_id,
        second,
        is_start,
        lead(is_start) over history as is_start_after,
        last_value(case when is_start then second end ignore nulls) over history as start_second
      from rounded
      window history as (partition by course_id, user_id, video_id order by time, is_start, hash)
    ),
    watched as (
      select
        course_id,
        user_id,
        video_id,
        greatest(start_second, 1) as first_second,
        second as last_second
      from paired
      where not is_start
        and coalesce(is_start_after, true)
        and second > start_second
        and second >= 1
    ),
    stepped as (
      select
        course_id,
        user_id,
        video_id,
        unnest([first_second, last_second + 1]) as first_second,
        unnest([1, -1]) as step
      from watched
    ),
    turned as (
      select
        course_id,
        user_id,
        video_id,
        first_second,
        sum(step) as step
      from stepped
      group by course_id, user_id, video_id, first_second
      having sum(step) <> 0
    ),
    levelled as (
      select
        course_id,
        user_id,
        video_id,
        first_second,
        lead(first_second) over history - 1 as last_second,
        sum(step) over history as watch_count
      from turned
      window history as (partition by course_id, user_id, video_id order by first_second)
    )
    select * from levelled
    where watch_count > 0
  `,
} as const satisfies DerivedTable
