// Without it scripts that ask the ChalmersX toolkit’s table of this name would find none.
import type { Column, View } from '../../table.ts'

const KINDS = [
  'hide_transcript',
  'load_video',
  'pause_video',
  'play_video',
  'seek_video',
  'show_transcript',
  'speed_change_video',
  'stop_video',
  'video_hide_cc_menu',
  'video_show_cc_menu',
]

const counts = KINDS.map((kind): [string, Column] => [
  kind,
  { type: 'BIGINT', doc: `Events \`${kind}\` of the learner with this video; NULL without one, as in the toolkit` },
])

export default {
  name: 'video_activity_ng',
  kind: 'view',
  schema: 'samced',
  published: true,
  grain: 'one learner and video with at least one of these events',
  doc: 'Events of the video player by learner and video, as the ChalmersX toolkit counts them. Events that name no video, which the toolkit puts under an empty id, are in `samced.video_activity` alone.',
  from: ['video_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    video_event_id: {
      type: 'VARCHAR',
      doc: 'Last component of the video’s usage key, the same for browsers and apps; the toolkit has the id as logged, which `video_event.video` holds',
    },
    ...Object.fromEntries(counts),
  },
  sql: `
    select
      course_id,
      user_id,
      video_id as video_event_id,
      ${KINDS.map((kind) => `nullif(count(*) filter (kind = '${kind}'), 0) as ${kind}`).join(',\n      ')}
    from video_event
    where kind in (${KINDS.map((kind) => `'${kind}'`).join(', ')})
    group by course_id, user_id, video_id
  `,
} satisfies View
