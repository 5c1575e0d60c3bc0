// How a video is watched. Every play here is ended by one event that the plan knows, or by none at all, so the viewings
// that Insights' rule must find follow from the plan and need no second implementation of that rule.
import type { Viewing } from './intent.ts'
import { tellFact } from './tell_fact.ts'
import { handlerPath, pass, request, tell, type Visit } from './visit.ts'
import type { Video } from './world.ts'

const milli = (seconds: number): number => Math.round(seconds * 1000) / 1000

interface Given {
  readonly position_s?: number | 'missing' | null
  readonly old_s?: number
  readonly new_s?: number
  readonly viewing?: Viewing | null
}

function say(visit: Visit, type: string, video: Video, given: Given = {}): void {
  const { position_s = 'missing', old_s = 0, new_s = 0, viewing = null } = given
  const duration_s = visit.era.durations ? video.duration_s : null
  const what = { kind: 'video', video, position_s, old_s, new_s, duration_s, viewing } as const
  tell(visit, visit.phone ? 'mobile' : 'browser', type, what)
}

/** Watches a video for at most a quarter of an hour. */
export function watchVideo(visit: Visit): void {
  const { random, course } = visit
  const video = course.videos[random.skewed(course.videos.length)]
  if (video === undefined) return
  if (!visit.phone && visit.era.referer && random.chance(0.06)) showBumper(visit, video)
  say(visit, 'load_video', video)
  if (!visit.phone && visit.era.context && random.chance(0.5)) {
    pass(visit, 0.1, 0.6)
    request(visit, 'xblock:transcript', handlerPath(visit, video.usage_key, 'transcript/translation/en'))
  }
  pass(visit, 0.5, 6)
  if (random.chance(0.15)) say(visit, random.pick(['hide_transcript', 'show_transcript']), video, { position_s: 0 })
  pass(visit, 0.2, 2)
  if (!visit.phone && visit.era.context && random.chance(0.08)) chooseCaptions(visit, video)

  let position_s = random.chance(0.75) ? 0 : milli(random.fraction() * (video.duration_s - 60))
  for (let plays = random.between(1, 4); plays > 0 && position_s < video.duration_s - 10; plays--)
    position_s = playOnce(visit, video, position_s, plays === 1)
}

/** Shows the short film before a video: loaded and played, then over, skipped or dismissed. */
function showBumper(visit: Visit, video: Video): void {
  const { random } = visit
  const payload = `{"host_component_id": "${video.block_id}", "bumper_id": "https://d2f1egay8yehza.cloudfront.net/intro.mp4", "code": "html5", "duration": 8.5, "currentTime": 0}`
  for (const step of ['loaded', 'played', random.pick(['stopped', 'skipped', 'dismissed', 'transcript.menu.shown'])]) {
    tellFact(visit, 'browser', `edx.video.bumper.${step}`, { payload })
    pass(visit, 0.5, 8)
  }
}

/** Opens the menu of languages, or turns captions on. */
function chooseCaptions(visit: Visit, video: Video): void {
  const { random, era } = visit
  const types = [
    'video_show_cc_menu',
    'video_hide_cc_menu',
    ...(era.durations ? ['edx.video.closed_captions.shown'] : []),
  ]
  say(visit, random.pick(types), video, { position_s: 0 })
  pass(visit, 0.5, 3)
}

/** Plays from a position until something ends it, and gives the position to play from next. */
function playOnce(visit: Visit, video: Video, start_s: number, last: boolean): number {
  const { random } = visit
  say(visit, 'play_video', video, { position_s: start_s })
  const start_us = visit.now_us

  if (random.chance(0.01)) {
    // Too short to count: Insights leaves viewings under a quarter of a second out.
    pass(visit, 0.05, 0.1)
    say(visit, 'pause_video', video, { position_s: milli(start_s + 0.1) })
    pass(visit, 1, 20)
    return start_s
  }
  const whole_s = Math.min(video.duration_s - start_s, 220)
  const watched_s = random.chance(0.3) ? whole_s : 1 + random.fraction() * (whole_s - 1)
  pass(visit, watched_s / 2, watched_s / 2)
  if (random.chance(0.05))
    say(visit, 'speed_change_video', video, { position_s: milli(start_s + watched_s / 2), old_s: 1, new_s: 1.25 })
  pass(visit, watched_s / 2, watched_s / 2)
  const end_s = milli(Math.min(start_s + watched_s, video.duration_s))
  const viewing = { start_us, start_position_s: start_s, end_position_s: end_s }

  if (end_s >= video.duration_s - 0.5) {
    // Players report the end twice: a pause and a stop.
    say(visit, 'pause_video', video, { position_s: end_s, viewing })
    pass(visit, 0.01, 0.2)
    say(visit, 'stop_video', video, { position_s: end_s })
    if (visit.era.completion_events && !visit.phone) {
      pass(visit, 0.01, 0.2)
      say(visit, 'complete_video', video, { position_s: end_s })
    }
    return video.duration_s
  }
  if (!last && visit.era.seek_events && random.chance(0.45)) {
    const new_s = milli(random.fraction() * (video.duration_s - 20))
    say(visit, 'seek_video', video, { old_s: end_s, new_s, viewing })
    pass(visit, 0.05, 1)
    return new_s
  }
  const drawn = random.fraction()
  if (last && drawn < 0.12) return video.duration_s // The tab is closed while the video plays: nothing ends the play.
  if (drawn < 0.14) {
    // A pause that knows its position as null ends nothing; the stop after it does.
    say(visit, 'pause_video', video, { position_s: null })
    pass(visit, 0.5, 3)
    say(visit, 'stop_video', video, { position_s: end_s, viewing })
  } else if (drawn < 0.16) {
    // A pause without any position counts as 0, which makes no viewing of a play from further on.
    say(visit, 'pause_video', video)
  } else say(visit, 'pause_video', video, { position_s: end_s, viewing })
  pass(visit, 2, 60)
  return end_s
}
