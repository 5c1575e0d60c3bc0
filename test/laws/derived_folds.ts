// Sessions, time on task, watched seconds and enrolments by day once more: the slow way, moment by moment and second by second,
// from the rules and not from the SQL, so that a mistake would have to be made twice.
import type { EventRow } from '../../contracts/event.ts'
import { foldEnrolment, type Viewing } from './folds.ts'

const us = (event: EventRow): number => event.time_us

/** Cuts a learner's ordered events into sessions. */
export function foldSessions(events: readonly EventRow[]): readonly (readonly EventRow[])[] {
  const sessions: EventRow[][] = []
  for (const event of events) {
    const open = sessions.at(-1)
    const last = open?.at(-1)
    if (open !== undefined && last !== undefined && us(event) - us(last) <= 1_800_000_000) open.push(event)
    else sessions.push([event])
  }
  return sessions
}

export const KINDS = ['total', 'video', 'problem', 'forum', 'text'] as const

/** Adds up a learner's time on task by day: microseconds by kind and minutes, such as `video_5`. */
export function foldTimeOnTask(events: readonly EventRow[]): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const days = new Map<string, Record<string, number>>()
  for (const kind of KINDS) {
    const own = events.filter(
      ({ event_type, family }) => !event_type.startsWith('xblock:') && (kind === 'total' || family === kind),
    )
    own.forEach((event, at) => {
      const before = own[at - 1]
      if (before === undefined) return
      const gap_us = us(event) - us(before)
      const day = new Date(us(event) / 1000).toISOString().slice(0, 10)
      for (const minutes of [5, 30]) {
        if (gap_us >= minutes * 60_000_000) continue
        const sums = days.get(day) ?? {}
        days.set(day, sums)
        sums[`${kind}_${minutes}`] = (sums[`${kind}_${minutes}`] ?? 0) + gap_us
      }
    })
  }
  return days
}

/** Cuts at two decimals of the number as it is written, then rounds up (docs/rules.md, Video). */
function secondOf(position: number | null): number {
  if (position === null || Math.abs(position) >= 1e7) return 0
  const [whole = '0', decimals = ''] = position.toFixed(12).split('.')
  return Math.ceil(Number(`${whole}.${decimals.slice(0, 2)}`))
}

/** Counts how often a learner watched each second of a video, by the rule of Aspects. */
export function foldSeconds(events: readonly EventRow[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  const ended = [...events].sort(
    (one, other) =>
      us(one) - us(other) ||
      Number(one.event_type === 'play_video') - Number(other.event_type === 'play_video') ||
      (one.hash < other.hash ? -1 : 1),
  )
  let start: number | null = null
  let end: number | null = null
  const close = (): void => {
    if (start === null || end === null || end <= start) return
    for (let second = Math.max(start, 1); second <= end; second += 1) counts.set(second, (counts.get(second) ?? 0) + 1)
  }
  for (const event of ended) {
    if (event.event_type === 'play_video') {
      close()
      start = secondOf(event.position_s)
      end = null
    } else if (event.event_type === 'seek_video') end = secondOf(event.old_position_s)
    else if (event.event_type === 'complete_video') end = secondOf(event.duration_s)
    else if (event.event_type === 'pause_video' || event.event_type === 'stop_video') end = secondOf(event.position_s)
  }
  close()
  return counts
}

/** Adds up viewings to milliseconds: those of the video that were seen, and those of all viewings. */
export function foldWatched(viewings: readonly Viewing[]): { readonly watched: number; readonly viewed: number } {
  const ranges = viewings
    .map(({ start, end }) => ({ from: Math.round(start * 1000), to: Math.round(end * 1000) }))
    .sort((one, other) => one.from - other.from)
  let watched = 0
  let reached = 0
  for (const { from, to } of ranges) {
    watched += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return { watched, viewed: ranges.reduce((sum, { from, to }) => sum + to - from, 0) }
}

export interface EnrolledDay {
  readonly at_end: number
  readonly joined: number
  readonly lapsed: number
  readonly ever: number
}

/** Counts a course's learners by day and mode, given each learner's ordered changes; `days` are their last moments. */
export function foldEnrolledDays(
  learners: readonly (readonly EventRow[])[],
  days: readonly number[],
): ReadonlyMap<string, readonly EnrolledDay[]> {
  const modesAt = days.map((end_us) =>
    learners.map((changes) => {
      const state = foldEnrolment(changes.filter((change) => us(change) <= end_us))
      return state?.is_active === true ? state.mode : null
    }),
  )
  const modes = new Set(modesAt.flat().filter((mode) => mode !== null))
  const counted = [...modes].map((mode) => {
    const ever = new Set<number>()
    const rows = modesAt.map((now, at): EnrolledDay => {
      const before = modesAt[at - 1] ?? []
      now.forEach((one, learner) => {
        if (one === mode) ever.add(learner)
      })
      const count = (is: boolean, was: boolean): number =>
        now.filter((one, learner) => (one === mode) === is && (before[learner] === mode) === was).length
      return {
        at_end: now.filter((one) => one === mode).length,
        joined: count(true, false),
        lapsed: count(false, true),
        ever: ever.size,
      }
    })
    return [mode, rows] as const
  })
  return new Map(counted)
}
