// Without it every question about who watched what, and how much of it, would start from single clicks.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'video_learner',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and video with an event of the video player',
  doc: 'What each learner did with each video. Counts are of `video_event`. The watched seconds come from `video_viewing`, so they hold only what a play and its end tell: `watched_s` counts each moment of the video once, `rewatched_s` what was seen again. Positions are rounded to milliseconds first.',
  from: ['video_event', 'video_viewing'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    loads: { type: 'BIGINT', doc: 'Events `load_video`' },
    plays: { type: 'BIGINT', doc: 'Events `play_video`' },
    pauses: { type: 'BIGINT', doc: 'Events `pause_video`' },
    seeks_forward: { type: 'BIGINT', doc: 'Events `seek_video` whose new position is after the old one' },
    seeks_back: { type: 'BIGINT', doc: 'Events `seek_video` whose new position is before the old one' },
    stops: { type: 'BIGINT', doc: 'Events `stop_video`' },
    speed_changes: { type: 'BIGINT', doc: 'Events `speed_change_video`' },
    transcript_shows: { type: 'BIGINT', doc: 'Events `show_transcript`' },
    transcript_hides: { type: 'BIGINT', doc: 'Events `hide_transcript`' },
    completed: {
      type: 'BOOLEAN',
      doc: 'The player said so (`complete_video`), or `watched_s` is at least 0.95 of the longest duration that the course’s logs tell for the video',
    },
    max_position_s: {
      type: 'DOUBLE',
      doc: 'Furthest position of a play, pause, stop or either end of a seek, as logged, seconds; NULL when none carries a position',
    },
    watched_s: { type: 'DOUBLE', doc: 'Seconds of the video that were viewed, each counted once' },
    rewatched_s: { type: 'DOUBLE', doc: 'Seconds of viewings beyond `watched_s`: what was viewed again' },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first event of the learner with the video, UTC' },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the last event of the learner with the video, UTC' },
    watched_ms: { type: 'BIGINT', doc: '`watched_s` in milliseconds', hidden: true },
    viewed_ms: { type: 'BIGINT', doc: 'Milliseconds of all viewings', hidden: true },
    video_duration_s: { type: 'DOUBLE', doc: 'Longest duration that is logged for the video', hidden: true },
    is_watched: { type: 'BOOLEAN', doc: '`watched_s` is at least 0.95 of that duration', hidden: true },
  },
  sql: `
    with counted as (
      select
        course_id,
        user_id,
        video_id,
        count(*) filter (kind = 'load_video') as loads,
        count(*) filter (kind = 'play_video') as plays,
        count(*) filter (kind = 'pause_video') as pauses,
        count(*) filter (kind = 'seek_video' and new_position_s > old_position_s) as seeks_forward,
        count(*) filter (kind = 'seek_video' and new_position_s < old_position_s) as seeks_back,
        count(*) filter (kind = 'stop_video') as stops,
        count(*) filter (kind = 'speed_change_video') as speed_changes,
        count(*) filter (kind = 'show_transcript') as transcript_shows,
        count(*) filter (kind = 'hide_transcript') as transcript_hides,
        bool_or(kind = 'complete_video') as is_completed,
        max(case
          when kind = 'seek_video' then greatest(old_position_s, new_position_s)
          when kind in ('play_video', 'pause_video', 'stop_video') then position_s
        end) as max_position_s,
        min(time) as first_time,
        max(time) as last_time
      from video_event
      group by course_id, user_id, video_id
    ),
    -- Insights: a duration of 0 or -1 is unknown
    lasting as (
      select
        course_id,
        video_id,
        max(duration_s) as video_duration_s
      from video_event
      where duration_s > 0
      group by course_id, video_id
    ),
    measured as (
      select
        *,
        round(start_position_s * 1000)::bigint as start_ms,
        round(end_position_s * 1000)::bigint as end_ms
      from video_viewing
    ),
    reached as (
      select
        *,
        max(end_ms) over (
          partition by course_id, user_id, video_id
          order by start_ms, end_ms, viewing_no
          rows between unbounded preceding and 1 preceding
        ) as reached_ms
      from measured
    ),
    viewed as (
      select
        course_id,
        user_id,
        video_id,
        -- of each viewing, in order of start, only what lies beyond all before it is new
        sum(greatest(end_ms - greatest(start_ms, coalesce(reached_ms, start_ms)), 0)) as watched_ms,
        sum(end_ms - start_ms) as viewed_ms
      from reached
      group by course_id, user_id, video_id
    ),
    joined as (
      select
        counted.*,
        coalesce(watched_ms, 0)::bigint as watched_ms,
        coalesce(viewed_ms, 0)::bigint as viewed_ms,
        video_duration_s,
        coalesce(coalesce(watched_ms, 0) / 1e3 >= 0.95 * video_duration_s, false) as is_watched
      from counted
      left join viewed using (course_id, user_id, video_id)
      left join lasting using (course_id, video_id)
    )
    select
      *,
      is_completed or is_watched as completed,
      watched_ms / 1e3 as watched_s,
      (viewed_ms - watched_ms) / 1e3 as rewatched_s
    from joined
  `,
} as const satisfies DerivedTable
