// How videos were watched, worked out from the viewings that were planned and from the events of players. Positions are
// counted in milliseconds, so that sums and unions are whole numbers.
import { dateOf } from '../../cli/sample/calendar.ts'
import type { What } from '../../cli/sample/intent.ts'
import type { CourseTruth, ViewingFact } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { distinct, grouped, type LearnerMoment, learnerMoments, most, sum } from './moments.ts'

type VideoWhat = Extract<What, { readonly kind: 'video' }>
export type VideoMoment = LearnerMoment & { readonly what: VideoWhat }

const milliseconds = (seconds: number): number => Math.round(seconds * 1000)

export const videoMoments = (course: CourseTruth): readonly VideoMoment[] =>
  learnerMoments(course).flatMap((moment) =>
    moment.what.kind === 'video' ? [{ ...moment, what: moment.what } as const] : [],
  )

const isSeek = ({ event_type }: VideoMoment): boolean => event_type === 'seek_video'

function position(moment: VideoMoment): number | null {
  const { position_s } = moment.what
  return position_s === 'missing' ? null : position_s
}

const eventRow = (moment: VideoMoment): MeantRow => ({
  user_id: moment.user_id,
  video_id: moment.what.video.block_id,
  time: moment.time_us,
  kind: moment.event_type,
  position_s: position(moment),
  old_position_s: isSeek(moment) ? moment.what.old_s : null,
  new_position_s: isSeek(moment) ? moment.what.new_s : null,
  speed: moment.event_type === 'speed_change_video' ? moment.what.new_s : null,
  duration_s: moment.what.duration_s,
  event_source: moment.event_source,
})

function viewings(course: CourseTruth): readonly MeantRow[] {
  const ordered = [...course.viewings].sort((left, right) => left.start_time_us - right.start_time_us)
  return [...grouped(ordered, (fact) => `${fact.user_id} ${fact.video_id}`).values()].flatMap((own) =>
    own.map((fact, index) => ({
      user_id: fact.user_id,
      video_id: fact.video_id,
      viewing_no: index + 1,
      start_time: fact.start_time_us,
      start_position_s: fact.start_position_s,
      end_position_s: fact.end_position_s,
      day: dateOf(fact.start_time_us),
      closed_by: fact.closed_by,
    })),
  )
}

/** Insights' segments of five seconds that a viewing touches. */
function segmentsOf(viewing: ViewingFact): readonly number[] {
  const first = Math.trunc(viewing.start_position_s / 5)
  const last = Math.trunc(viewing.end_position_s / 5)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function timeline(course: CourseTruth): readonly MeantRow[] {
  const seen = course.viewings.flatMap((viewing) => segmentsOf(viewing).map((segment) => ({ viewing, segment })))
  return [...grouped(seen, ({ viewing, segment }) => `${viewing.video_id} ${segment}`)].map(([key, views]) => {
    const [video_id = '', segment = ''] = key.split(' ')
    const learners = distinct(views.map(({ viewing }) => viewing.user_id))
    return { video_id, segment, learners, views: views.length }
  })
}

export interface Watched {
  /** Milliseconds of the video that were seen at least once. */
  readonly union_ms: number
  readonly total_ms: number
}

/** Adds up viewings of one learner and video, once with and once without repetition. */
export function watchedIn(viewings: readonly ViewingFact[]): Watched {
  const ranges = viewings
    .map((viewing) => [milliseconds(viewing.start_position_s), milliseconds(viewing.end_position_s)] as const)
    .sort((left, right) => left[0] - right[0])
  let union_ms = 0
  let total_ms = 0
  let seen_until = Number.NEGATIVE_INFINITY
  for (const [start, end] of ranges) {
    total_ms += end - start
    union_ms += Math.max(0, end - Math.max(start, seen_until))
    seen_until = Math.max(seen_until, end)
  }
  return { union_ms, total_ms }
}

/** Largest length that the course's players logged for each video. */
export const durationsOf = (course: CourseTruth): ReadonlyMap<string, number> =>
  new Map(
    [...grouped(videoMoments(course), ({ what }) => what.video.block_id)].flatMap(([video_id, events]) => {
      const told = events.flatMap(({ what }) => (what.duration_s === null ? [] : [what.duration_s]))
      return told.length === 0 ? [] : [[video_id, most(told)] as const]
    }),
  )

const POSITIONED = new Set(['play_video', 'pause_video', 'stop_video'])

function learners(course: CourseTruth): readonly MeantRow[] {
  const viewings = grouped(course.viewings, (fact) => `${fact.user_id} ${fact.video_id}`)
  const durations = durationsOf(course)
  return [...grouped(videoMoments(course), (event) => `${event.user_id} ${event.what.video.block_id}`)].map(
    ([key, events]) => {
      const [user_id = '', video_id = ''] = key.split(' ')
      const count = (type: string): number => events.filter((event) => event.event_type === type).length
      const seeks = events.filter(isSeek).map(({ what }) => Math.sign(what.new_s - what.old_s))
      const { union_ms, total_ms } = watchedIn(viewings.get(key) ?? [])
      const duration_s = durations.get(video_id)
      const enough = duration_s !== undefined && union_ms / 1000 >= 0.95 * duration_s
      const positions = events.flatMap((event) => {
        if (isSeek(event)) return [event.what.old_s, event.what.new_s]
        return POSITIONED.has(event.event_type) ? [position(event)] : []
      })
      const known = positions.filter((one) => one !== null)
      return {
        user_id,
        video_id,
        loads: count('load_video'),
        plays: count('play_video'),
        pauses: count('pause_video'),
        seeks_forward: seeks.filter((sign) => sign > 0).length,
        seeks_back: seeks.filter((sign) => sign < 0).length,
        stops: count('stop_video'),
        speed_changes: count('speed_change_video'),
        transcript_shows: count('show_transcript'),
        transcript_hides: count('hide_transcript'),
        completed: count('complete_video') > 0 || enough,
        max_position_s: known.length === 0 ? null : most(known),
        watched_s: union_ms / 1000,
        rewatched_s: (total_ms - union_ms) / 1000,
        first_time: events[0]?.time_us ?? null,
        last_time: events.at(-1)?.time_us ?? null,
      }
    },
  )
}

/** What Aspects takes for playing: a start, and what may end it. */
const PLAYED = new Set(['play_video', 'pause_video', 'stop_video', 'seek_video', 'complete_video'])

/** Aspects counts whole seconds: two decimals are kept, then any part of a second counts. */
function secondOf(moment: VideoMoment): number {
  const { what, event_type } = moment
  const at = event_type === 'complete_video' ? what.duration_s : isSeek(moment) ? what.old_s : position(moment)
  return Math.ceil(Math.floor(milliseconds(at ?? 0) / 10) / 100)
}

interface Second {
  readonly user_id: string
  readonly video_id: string
  readonly second: number
  readonly watch_count: number
}

function seconds(course: CourseTruth): readonly Second[] {
  const told = videoMoments(course).filter(({ event_type }) => PLAYED.has(event_type))
  return [...grouped(told, (event) => `${event.user_id} ${event.what.video.block_id}`)].flatMap(([key, events]) => {
    const [user_id = '', video_id = ''] = key.split(' ')
    const counts = new Map<number, number>()
    events.forEach((event, index) => {
      if (event.event_type !== 'play_video') return
      const after = events.slice(index + 1)
      const next = after.findIndex((other) => other.event_type === 'play_video')
      const end = (next === -1 ? after : after.slice(0, next)).at(-1)
      if (end === undefined) return
      const [from, to] = [secondOf(event), secondOf(end)]
      if (to > from)
        for (let second = Math.max(from, 1); second <= to; second++) counts.set(second, (counts.get(second) ?? 0) + 1)
    })
    return [...counts].map(([second, watch_count]) => ({ user_id, video_id, second, watch_count }))
  })
}

/** Neighbouring seconds that were watched equally often are one range. */
function ranges(course: CourseTruth): readonly MeantRow[] {
  const told = seconds(course)
  return [...grouped(told, (row) => `${row.user_id} ${row.video_id}`)].flatMap(([key, own]) => {
    const [user_id = '', video_id = ''] = key.split(' ')
    const found: { first_second: number; last_second: number; watch_count: number }[] = []
    for (const { second, watch_count } of [...own].sort((left, right) => left.second - right.second)) {
      const last = found.at(-1)
      if (last?.last_second === second - 1 && last.watch_count === watch_count) last.last_second = second
      else found.push({ first_second: second, last_second: second, watch_count })
    }
    return found.map((range) => ({ user_id, video_id, ...range }))
  })
}

/** Insights: the last segment after which at most a twentieth of its learners go on. */
function dropoffOf(counts: ReadonlyMap<number, number>): number | null {
  const segments = [...counts.keys()].sort((left, right) => right - left)
  const found = segments.findIndex((segment, place) => {
    const after = segments[place - 1]
    return after !== undefined && (counts.get(after) ?? 0) <= (counts.get(segment) ?? 0) * 0.05
  })
  return segments[Math.max(found, 0)] ?? null
}

function videos(course: CourseTruth): readonly MeantRow[] {
  const durations = durationsOf(course)
  const viewed = grouped(course.viewings, ({ video_id }) => video_id)
  const segments = grouped(timeline(course), (row) => String(row.video_id))
  return [...grouped(videoMoments(course), ({ what }) => what.video.block_id)].map(([video_id, events]) => {
    const views = viewed.get(video_id) ?? []
    const counts = new Map((segments.get(video_id) ?? []).map((row) => [Number(row.segment), Number(row.learners)]))
    const duration_s = durations.get(video_id) ?? null
    const people = distinct(events.map(({ user_id }) => user_id))
    const own = [...grouped(views, ({ user_id }) => user_id).values()].map(watchedIn)
    const last = dropoffOf(counts)
    const end_s = duration_s ?? (last === null ? null : (last + 1) * 5 - 1)
    const end = end_s === null ? null : Math.floor(Math.max(end_s - 30, end_s * 0.95) / 5)
    return {
      video_id,
      duration_s,
      learners: people,
      plays: events.filter(({ event_type }) => event_type === 'play_video').length,
      learners_at_start: counts.get(0) ?? 0,
      learners_at_end: end === null ? 0 : (counts.get(end) ?? 0),
      viewed_s: sum(own.map(({ total_ms }) => total_ms)) / 1000,
      mean_watched_share:
        duration_s === null ? null : sum(own.map(({ union_ms }) => union_ms)) / 1000 / duration_s / people,
      dropoff_segment: last,
    }
  })
}

export const VIDEO: readonly Comparison[] = [
  { table: 'video_event', leave_out: ['video'], meant: (course) => videoMoments(course).map(eventRow) },
  { table: 'video_viewing', meant: viewings },
  { table: 'video_timeline', meant: timeline },
  { table: 'video_learner', meant: learners },
  { table: 'video_segment', meant: ranges },
  { table: 'video_second', meant: (course) => seconds(course).map((row) => ({ ...row })) },
  { table: 'video', meant: videos },
]
