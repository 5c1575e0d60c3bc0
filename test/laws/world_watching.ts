// Events of somebody at work in a course: all that video players log, with positions on every edge that the peers' rules have,
// beside what else keeps a session going.
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'

const position = fc.constantFrom(
  null,
  -7,
  -0.5,
  0,
  0.0004,
  0.9996,
  1,
  2.009,
  2.01,
  4.999,
  5,
  9.5,
  13,
  25,
  3600,
  36_000.5,
  1e300,
)

const player = fc.record({
  event_type: fc.constantFrom(
    'play_video',
    'play_video',
    'pause_video',
    'stop_video',
    'seek_video',
    'complete_video',
    'speed_change_video',
    'show_transcript',
    'hide_transcript',
  ),
  family: fc.constant('video' as const),
  event_source: fc.constantFrom('browser', 'mobile'),
  position_s: position,
  position_missing: fc.boolean(),
  old_position_s: position,
  new_position_s: position,
  duration_s: fc.constantFrom(null, null, null, 0, -1, 5, 25.5, 3600),
})

const beside = fc.constantFrom<Partial<EventRow>>(
  { event_type: 'edx.video.bumper.played', event_source: 'browser' },
  { event_type: 'edx.video.bumper.skipped', event_source: 'mobile' },
  { event_type: 'page_close', event_source: 'browser' },
  { event_type: 'page:courseware' },
  { event_type: 'xblock:problem_get' },
  { event_type: 'showanswer', family: 'problem' },
  { event_type: 'page:forum', family: 'forum' },
  { event_type: 'book', event_source: 'browser', family: 'text' },
)

/** What an event of somebody at work says, beside who and when. */
export const watching = fc.oneof({ weight: 4, arbitrary: player }, { weight: 1, arbitrary: beside })
