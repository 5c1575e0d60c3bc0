// Who was enrolled when and how, worked out from the changes that were planned, by Insights' rule: an activation of somebody
// who is enrolled changes nothing, and the mode changes only while enrolled.
import { DAY_US, dateOf, startOf } from '../../cli/sample/calendar.ts'
import type { CourseTruth, EnrollmentFact } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { dayOf, distinct, grouped, momentsOf } from './moments.ts'

interface State {
  readonly time_us: number
  readonly is_active: boolean
  readonly mode: string
}

/** Gives the states of one learner after each change. */
export function statesOf(facts: readonly EnrollmentFact[]): readonly State[] {
  const states: State[] = []
  let is_active = false
  let mode = 'unknown'
  for (const fact of facts) {
    if (fact.action === 'activated' && !is_active) mode = fact.mode
    if (fact.action === 'mode_changed' && is_active) mode = fact.mode
    if (fact.action !== 'mode_changed') is_active = fact.action === 'activated'
    states.push({ time_us: fact.time_us, is_active, mode })
  }
  return states
}

const byLearner = (course: CourseTruth): ReadonlyMap<string, readonly EnrollmentFact[]> =>
  grouped(course.enrollment_events, ({ user_id }) => user_id)

function daysOf(course: CourseTruth): readonly string[] {
  const [first] = course.enrollment_events
  const last = momentsOf(course).at(-1)
  if (first === undefined || last === undefined) return []
  const days: string[] = []
  for (let day_us = startOf(dateOf(first.time_us)); day_us <= last.time_us; day_us += DAY_US) days.push(dateOf(day_us))
  return days
}

/** Gives the mode in which somebody is enrolled at the end of a day; null for nobody's. */
function modeAtEnd(states: readonly State[], day: string): string | null {
  const end_us = startOf(day) + DAY_US
  const last = states.findLast(({ time_us }) => time_us < end_us)
  return last?.is_active === true ? last.mode : null
}

function enrollmentDays(course: CourseTruth): readonly MeantRow[] {
  const learners = [...byLearner(course).values()].map(statesOf)
  const days = daysOf(course)
  const held = days.flatMap((day) => learners.flatMap((states) => modeAtEnd(states, day) ?? []))
  return [...new Set(held)].flatMap((mode) => {
    const ever = new Set<number>()
    let before = new Set<number>()
    return days.map((day) => {
      const now = new Set(learners.flatMap((states, index) => (modeAtEnd(states, day) === mode ? [index] : [])))
      for (const index of now) ever.add(index)
      const joined = [...now].filter((index) => !before.has(index)).length
      const lapsed = [...before].filter((index) => !now.has(index)).length
      const row = { day, mode, at_end: now.size, change: now.size - before.size, joined, lapsed, ever: ever.size }
      before = now
      return row
    })
  })
}

/** Insights' count: everybody stays under the mode of the day's end, enrolled or not. */
function insightsDays(course: CourseTruth): readonly MeantRow[] {
  const learners = [...byLearner(course).values()].map(statesOf)
  return daysOf(course).flatMap((day) => {
    const stateBefore = (states: readonly State[], end_us: number): State | undefined =>
      states.findLast(({ time_us }) => time_us < end_us)
    const known = learners.flatMap((states) => {
      const now = stateBefore(states, startOf(day) + DAY_US)
      const before = stateBefore(states, startOf(day))
      return now === undefined ? [] : [{ ...now, change: Number(now.is_active) - Number(before?.is_active === true) }]
    })
    return [...grouped(known, ({ mode }) => mode)].map(([mode, own]) => ({
      day,
      mode,
      count: own.filter(({ is_active }) => is_active).length,
      change: own.reduce((total, { change }) => total + change, 0),
      cumulative_count: own.length,
    }))
  })
}

/** Counts who is enrolled at the end of a day, in whatever mode. */
export function enrolledAtEnd(course: CourseTruth): (day: string) => number {
  const learners = [...byLearner(course).values()].map(statesOf)
  return (day) => learners.filter((states) => modeAtEnd(states, day) !== null).length
}

/** A course's days as a whole: what everybody did, and how many were enrolled in the end. */
function courseDays(course: CourseTruth): readonly MeantRow[] {
  const enrolled = enrolledAtEnd(course)
  const seen = new Set<string>()
  return [...grouped(momentsOf(course), dayOf)].map(([day, events]) => {
    const learners = events.flatMap(({ user_id }) => (user_id === null ? [] : [user_id]))
    const newcomers = new Set(learners.filter((user_id) => !seen.has(user_id)))
    for (const user_id of newcomers) seen.add(user_id)
    const count = (test: (event: (typeof events)[number]) => boolean): number => events.filter(test).length
    return {
      day,
      events: events.length,
      learners: distinct(learners),
      new_learners: newcomers.size,
      enrolled_at_end: enrolled(day),
      plays: count(({ event_type }) => event_type === 'play_video'),
      problem_checks: count((event) => event.event_type === 'problem_check' && event.event_source === 'server'),
      forum_posts: count(({ event_type }) => /^edx\.forum\.\w+\.created$/.test(event_type)),
      page_views: count((event) => event.event_source === 'server' && event.event_type.startsWith('page:')),
      mobile_learners: distinct(
        events.flatMap((event) => (event.event_source === 'mobile' && event.user_id !== null ? [event.user_id] : [])),
      ),
    }
  })
}

export const ENROLLMENT: readonly Comparison[] = [
  {
    table: 'enrollment_event',
    absent_before: '2014',
    meant: (course) => course.enrollment_events.map(({ time_us, ...fact }) => ({ ...fact, time: time_us })),
  },
  {
    table: 'enrollment',
    absent_before: '2014',
    meant: (course) =>
      course.enrollments.map(({ first_time_us, last_unenrolled_us, first_verified_us, ...state }) => ({
        ...state,
        first_time: first_time_us,
        last_unenrolled: last_unenrolled_us,
        first_verified: first_verified_us,
      })),
  },
  { table: 'enrollment_day', absent_before: '2014', meant: enrollmentDays },
  { table: 'insights.enrollment_day', absent_before: '2014', meant: insightsDays },
  { table: 'course_day', meant: courseDays },
]
