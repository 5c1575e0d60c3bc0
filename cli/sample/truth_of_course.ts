// Turns what was collected about a course into facts about people: ids for names, numbers in order of time, states after
// the last change. It runs once, at the end, because a log often tells a learner's id only later.
import { createHash } from 'node:crypto'
import { byTime, type Moment } from './moment.ts'
import type {
  CourseTruth,
  EnrollmentFact,
  EnrollmentState,
  EventCount,
  ProblemAid,
  SubmissionFact,
  ViewingFact,
} from './truth.ts'

/** A learner as one event tells it: `id:17`, or `name:anna` when there is no id. */
export type Who = string

export type Loose<T> = { -readonly [Key in keyof T]: T[Key] }
type Unresolved<T> = Omit<T, 'user_id'> & { readonly who: Who }

export interface OpenCourse {
  readonly events: Map<string, Loose<Omit<EventCount, 'user_id'>> & { readonly who: Who | null }>
  readonly submissions: Omit<Unresolved<SubmissionFact>, 'submission_no'>[]
  readonly aids: Unresolved<ProblemAid>[]
  readonly viewings: Unresolved<ViewingFact>[]
  readonly enrollment_events: (Unresolved<Omit<EnrollmentFact, 'actor_user_id'>> & { readonly actor: Who | null })[]
  video_events: number
  readonly moments: (Omit<Moment, 'user_id'> & { readonly who: Who | null })[]
}

export const openCourse = (): OpenCourse => ({
  events: new Map(),
  submissions: [],
  aids: [],
  viewings: [],
  enrollment_events: [],
  video_events: 0,
  moments: [],
})

/** Makes the id of a name without an account: rules, People. */
export function idOfName(name: string): string {
  const head = createHash('sha256').update(name, 'utf8').digest().readBigUInt64BE(0)
  return String(-(1n + (head >> 2n)))
}

/** Closes a course; `resolve` gives the id of whoever an event told by id or name. */
export function closeCourse(course: OpenCourse, resolve: (who: Who) => string): CourseTruth {
  const enrollment_events = course.enrollment_events
    .map(({ who, actor, ...fact }) => ({
      user_id: resolve(who),
      ...fact,
      actor_user_id: actor?.startsWith('id:') === true ? resolve(actor) : null,
    }))
    .sort((left, right) => left.time_us - right.time_us)
  return {
    events: mergedCounts([...course.events.values()], resolve),
    submissions: numbered(course.submissions.map(({ who, ...fact }) => ({ user_id: resolve(who), ...fact }))),
    problem_aids: mergedAids(course.aids.map(({ who, ...fact }) => ({ user_id: resolve(who), ...fact }))),
    viewings: course.viewings.map(({ who, ...fact }) => ({ user_id: resolve(who), ...fact })),
    enrollment_events,
    enrollments: statesOf(enrollment_events),
    video_events: course.video_events,
    ...(course.moments.length === 0 ? {} : { moments: resolvedMoments(course, resolve) }),
  }
}

function resolvedMoments(course: OpenCourse, resolve: (who: Who) => string): Moment[] {
  return course.moments
    .map(({ who, ...moment }) => ({ user_id: who === null ? null : resolve(who), ...moment }))
    .sort(byTime)
}

function mergedCounts(
  counts: readonly (Omit<EventCount, 'user_id'> & { readonly who: Who | null })[],
  resolve: (who: Who) => string,
): EventCount[] {
  const merged = new Map<string, EventCount>()
  for (const { who, ...count } of counts) {
    const user_id = who === null ? null : resolve(who)
    const key = `${user_id}|${count.day}|${count.event_source}|${count.event_type}`
    const known = merged.get(key)
    const first_time_us = Math.min(known?.first_time_us ?? count.first_time_us, count.first_time_us)
    const last_time_us = Math.max(known?.last_time_us ?? count.last_time_us, count.last_time_us)
    merged.set(key, { user_id, ...count, n: count.n + (known?.n ?? 0), first_time_us, last_time_us })
  }
  return [...merged.values()]
}

function numbered(facts: readonly Omit<SubmissionFact, 'submission_no'>[]): SubmissionFact[] {
  const next = new Map<string, number>()
  return [...facts]
    .sort((left, right) => left.time_us - right.time_us)
    .map((fact) => {
      const key = `${fact.user_id} ${fact.problem_id}`
      const submission_no = (next.get(key) ?? 0) + 1
      next.set(key, submission_no)
      return { ...fact, submission_no }
    })
}

function mergedAids(aids: readonly ProblemAid[]): ProblemAid[] {
  const merged = new Map<string, ProblemAid>()
  for (const aid of aids) {
    const key = `${aid.user_id} ${aid.problem_id}`
    const known = merged.get(key) ?? { ...aid, show_answers: 0, hints: 0, resets: 0 }
    const show_answers = known.show_answers + aid.show_answers
    merged.set(key, { ...known, show_answers, hints: known.hints + aid.hints, resets: known.resets + aid.resets })
  }
  return [...merged.values()]
}

/** Follows each learner's changes: who is activated while enrolled stays as before, and nobody leaves twice. */
function statesOf(facts: readonly EnrollmentFact[]): EnrollmentState[] {
  const states = new Map<string, EnrollmentState>()
  for (const { user_id, action, mode, time_us } of facts) {
    const known = states.get(user_id)
    if (action === 'activated' && known?.is_active === true) continue
    const left = action === 'deactivated'
    states.set(user_id, {
      user_id,
      is_active: !left,
      mode,
      first_mode: known?.first_mode ?? mode,
      first_time_us: known?.first_time_us ?? time_us,
      last_unenrolled_us: left ? time_us : (known?.last_unenrolled_us ?? null),
      first_verified_us: known?.first_verified_us ?? (mode === 'verified' && !left ? time_us : null),
      changes: (known?.changes ?? 0) + 1,
    })
  }
  return [...states.values()]
}
