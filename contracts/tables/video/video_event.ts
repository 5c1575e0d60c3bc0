// Without it viewings, which pair events over midnights and files, could not be computed over the whole history.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'video_event',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one interaction of a learner with a video',
  doc: 'Every event of the video player that names a video, as logged: positions are not repaired. Pre-roll videos, anonymous visitors and lines cut before their payload are left out. Legacy and newer spellings of an event have one name.',
  types: [
    'load_video',
    'play_video',
    'pause_video',
    'stop_video',
    'seek_video',
    'speed_change_video',
    'complete_video',
    'show_transcript',
    'hide_transcript',
    'video_show_cc_menu',
    'video_hide_cc_menu',
    'edx.video.*',
  ],
  columns: {
    video_id: { type: 'VARCHAR', doc: 'Last component of the video’s usage key' },
    video: { type: 'VARCHAR', doc: 'The video’s key as logged' },
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time', hidden: true },
    kind: { type: 'VARCHAR', doc: 'Canonical event type: `play_video`, `pause_video`, `seek_video`, `load_video` …' },
    position_s: {
      type: 'DOUBLE',
      doc: 'Position in the video, seconds (`currentTime`, on mobile `current_time`); NULL when the event carries none or no number',
    },
    position_missing: {
      type: 'BOOLEAN',
      doc: 'The payload has no position, not even an empty one: Insights takes that for 0 in a pause',
      hidden: true,
    },
    old_position_s: { type: 'DOUBLE', doc: 'Position before a seek (`old_time`), seconds; NULL for other events' },
    new_position_s: { type: 'DOUBLE', doc: 'Position after a seek (`new_time`), seconds; NULL for other events' },
    speed: {
      type: 'DOUBLE',
      doc: 'Playback speed; of a speed change the new one; NULL when the event carries none',
    },
    duration_s: {
      type: 'DOUBLE',
      doc: 'Length of the video as this event says, seconds; NULL when it does not say',
    },
    event_source: { type: 'VARCHAR', doc: '`browser` or `mobile`, or what the line says' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      block_id as video_id,
      block as video,
      time,
      hash,
      event_type as kind,
      position_s,
      position_missing,
      old_position_s,
      new_position_s,
      speed,
      duration_s,
      event_source
    from event
    where family = 'video'
      and block_id is not null
      and not rescued
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies KeptTable
