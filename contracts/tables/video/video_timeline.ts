// Without it the curve of a video, where viewers come and go, would be made anew from viewings each time it is drawn.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'video_timeline',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one segment of five seconds of a video that somebody viewed',
  doc: 'How often each part of a video was viewed, by the rule of edX Insights: a viewing counts in every segment from the one in which it starts to the one in which it ends. Segments are not cut at the end of the video; positions that players report beyond it are here too (see `dropoff_segment` of `video`).',
  from: ['video_viewing'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    segment: { type: 'BIGINT', doc: 'Number of the segment, from 0: it begins at second 5 × segment' },
    learners: { type: 'BIGINT', doc: 'Different learners who viewed some of it' },
    views: { type: 'BIGINT', doc: 'Viewings that touch it, several of one learner included' },
  },
  sql: `
    with spanned as (
      select
        course_id,
        user_id,
        video_id,
        viewing_no,
        floor(start_position_s / 5)::bigint as first_segment,
        floor(end_position_s / 5)::bigint as last_segment
      from video_viewing
    ),
    -- the segments of a viewing that no viewing before, in order of start, has reached are the learner's first there
    reached as (
      select
        *,
        coalesce(
          max(last_segment) over (
            partition by course_id, user_id, video_id
            order by first_segment, last_segment, viewing_no
            rows between unbounded preceding and 1 preceding
          ),
          -1
        ) as reached_segment
      from spanned
    ),
    -- segments are not listed viewing by viewing: each viewing is one step up and one down
    stepped as (
      select
        course_id,
        video_id,
        unnest([first_segment, last_segment + 1]) as segment,
        unnest([1, -1]) as views,
        0 as learners
      from reached
      union all
      select
        course_id,
        video_id,
        unnest([greatest(first_segment, reached_segment + 1), last_segment + 1]) as segment,
        0 as views,
        unnest([1, -1]) as learners
      from reached
      where last_segment > reached_segment
    ),
    turned as (
      select
        course_id,
        video_id,
        segment,
        sum(views) as views,
        sum(learners) as learners
      from stepped
      group by course_id, video_id, segment
    ),
    levelled as (
      select
        course_id,
        video_id,
        segment,
        lead(segment) over history as next_segment,
        sum(views) over history as views,
        sum(learners) over history as learners
      from turned
      window history as (partition by course_id, video_id order by segment)
    )
    select
      course_id,
      video_id,
      unnest(range(segment, next_segment)) as segment,
      learners,
      views
    from levelled
    where views > 0
  `,
} as const satisfies DerivedTable
