// Without it every query about the seconds of a video would expand the ranges of video_segment by itself.
import type { View } from '../../table.ts'

export default {
  name: 'video_second',
  kind: 'view',
  schema: 'main',
  published: true,
  grain: 'one second of a video that a learner watched',
  doc: 'The ranges of `video_segment`, second by second. In a large course these are very many rows: ask for one video or add them up.',
  from: ['video_segment'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    second: { type: 'BIGINT', doc: 'The second of the video, from 1' },
    watch_count: { type: 'BIGINT', doc: 'How often the learner watched it' },
  },
  sql: `
    select
      course_id,
      user_id,
      video_id,
      unnest(range(first_second, last_second + 1)) as second,
      watch_count
    from video_segment
  `,
} as const satisfies View
