// Without it nobody could tell at a glance which videos of a course are watched, to where, and which are left early.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'video',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one video with an event of a learner',
  doc: 'Each video in sum. Starts and ends are those of edX Insights: the first segment of `video_timeline`, and the one in which the last 30 seconds or the last 5 % begin, whichever is later. The duration is the longest that events tell, also where the video was replaced by a shorter one; where none tells it, the end is taken from the drop-off, as Insights does.',
  from: ['video_learner', 'video_timeline'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    duration_s: {
      type: 'DOUBLE',
      doc: 'Longest duration that an event tells for the video, seconds; NULL when none tells one above 0',
    },
    learners: { type: 'BIGINT', doc: 'Learners with any event of the video: the rows of `video_learner`' },
    plays: { type: 'BIGINT', doc: 'Events `play_video`' },
    learners_at_start: { type: 'BIGINT', doc: 'Learners who viewed some of the first five seconds' },
    learners_at_end: {
      type: 'BIGINT',
      doc: 'Learners who viewed some of the five-second segment in which the last 30 seconds, or the last 5 % if that is shorter, begin',
    },
    viewed_s: { type: 'DOUBLE', doc: 'Seconds of all viewings of all learners, what was viewed again included' },
    mean_watched_share: {
      type: 'DOUBLE',
      doc: 'Mean of `watched_s` / `duration_s` over `learners`, those who viewed nothing included; NULL without a duration. May exceed 1 where players report positions beyond the end',
    },
    dropoff_segment: {
      type: 'BIGINT',
      doc: 'Last segment of `video_timeline` with at least 20 times the learners of the next one there, else the last one there: where the video really ends, by the rule of Insights with 5 %; NULL without a viewing',
    },
  },
  sql: `
    with counted as (
      select
        course_id,
        video_id,
        any_value(video_duration_s) as duration_s,
        count(*) as learners,
        sum(plays) as plays,
        sum(viewed_ms)::bigint as viewed_ms,
        sum(watched_ms)::bigint as watched_ms
      from video_learner
      group by course_id, video_id
    ),
    followed as (
      select
        *,
        lead(learners) over (partition by course_id, video_id order by segment) as learners_after
      from video_timeline
    ),
    dropped as (
      select
        course_id,
        video_id,
        coalesce(
          max(segment) filter (20 * learners_after <= learners),
          max(segment)
        ) as dropoff_segment,
        coalesce(any_value(learners) filter (segment = 0), 0) as learners_at_start
      from followed
      group by course_id, video_id
    ),
    -- Insights: without a known duration the video ends one second before the end of its last segment
    ending as (
      select
        counted.*,
        learners_at_start,
        dropoff_segment,
        coalesce(duration_s, dropoff_segment * 5 + 4) as end_s
      from counted
      left join dropped using (course_id, video_id)
    )
    select
      ending.course_id,
      ending.video_id,
      duration_s,
      ending.learners,
      plays,
      coalesce(learners_at_start, 0) as learners_at_start,
      coalesce(last.learners, 0) as learners_at_end,
      viewed_ms / 1e3 as viewed_s,
      watched_ms / 1e3 / (ending.learners * duration_s) as mean_watched_share,
      dropoff_segment
    from ending
    left join video_timeline as last
      on last.course_id = ending.course_id
      and last.video_id = ending.video_id
      and last.segment = floor(greatest(end_s - 30, end_s * 0.95) / 5)
  `,
} as const satisfies DerivedTable
