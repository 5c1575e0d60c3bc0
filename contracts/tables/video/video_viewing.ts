// Without it nobody could say which parts of a video were watched: it pairs each play with what ended it.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'video_viewing',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one uninterrupted viewing of a part of a video by a learner',
  doc: 'By the rule of edX Insights (edx-analytics-pipeline), over the learner’s whole history with the video, so that a viewing may cross midnight: a play opens a viewing and replaces an open one; the next pause, stop or seek ends it, at its position or, for a seek, at the position before it. A play after a seek that ended a viewing starts where the seek went. Events with a position that is negative, over ten hours or not a number are passed over, as is a pause whose position is null; a pause that carries no position at all counts as position 0. Viewings that end before they start, last under 0.25 s or end over one second past the duration that the play told are dropped.',
  from: ['video_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    viewing_no: { type: 'BIGINT', doc: 'Running number of the learner’s viewings of this video, from 1' },
    start_time: { type: 'TIMESTAMP', doc: 'Time of the play that opened it, UTC' },
    start_position_s: { type: 'DOUBLE', doc: 'Position in the video where it starts, seconds' },
    end_position_s: { type: 'DOUBLE', doc: 'Position in the video where it ends, seconds' },
    day: { type: 'DATE', doc: 'UTC calendar day of its start' },
    closed_by: { type: 'VARCHAR', doc: 'What ended it: `pause`, `stop` or `seek`' },
  },
  sql: `
    with offered as (
      select
        course_id,
        user_id,
        video_id,
        time,
        hash,
        kind,
        -- Insights: a pause without a position counts as 0, a null one ends nothing
        case
          when kind = 'seek_video' then old_position_s
          when kind = 'pause_video' and position_missing then 0
          else position_s
        end as position_s,
        new_position_s,
        -- Insights: a duration of 0 or -1 is unknown
        case when duration_s in (0, -1) then null else duration_s end as duration_s
      from video_event
      where kind in ('play_video', 'pause_video', 'stop_video', 'seek_video')
    ),
    valid as (
      select
        *,
        row_number() over (partition by course_id, user_id, video_id order by time, hash) as event_no
      from offered
      where position_s between 0 and 36000
        and (kind <> 'seek_video' or coalesce(new_position_s between 0 and 36000, false))
    ),
    -- a play leaves a viewing open and anything else leaves none: what follows a play ends its viewing
    paired as (
      select
        *,
        lag(kind) over history as kind_before,
        coalesce(kind <> 'play_video' and lag(kind) over history = 'play_video', false) as is_end
      from valid
      window history as (partition by course_id, user_id, video_id order by event_no)
    ),
    started as (
      select
        *,
        case
          when kind_before = 'play_video' then position_s
          when last_value(case when is_end then kind end ignore nulls) over earlier = 'seek_video'
            then last_value(case when is_end then new_position_s end ignore nulls) over earlier
          else position_s
        end as start_position_s
      from paired
      window earlier as (
        partition by course_id, user_id, video_id
        order by event_no
        rows between unbounded preceding and 1 preceding
      )
    ),
    ended as (
      select
        course_id,
        user_id,
        video_id,
        is_end,
        lag(time) over history as start_time,
        event_no,
        lag(start_position_s) over history as start_position_s,
        position_s as end_position_s,
        lag(duration_s) over history as duration_s,
        case kind when 'pause_video' then 'pause' when 'stop_video' then 'stop' else 'seek' end as closed_by
      from started
      window history as (partition by course_id, user_id, video_id order by event_no)
    )
    select
      course_id,
      user_id,
      video_id,
      row_number() over (partition by course_id, user_id, video_id order by event_no) as viewing_no,
      start_time,
      start_position_s,
      end_position_s,
      start_time::date as day,
      closed_by
    from ended
    where is_end
      and end_position_s - start_position_s >= 0.25
      and (duration_s is null or end_position_s <= duration_s + 1)
  `,
} as const satisfies DerivedTable
