// What the rules call families, classes and moments of a learner, told once more for the comparisons: in their own words and
// without the product's code.
import { dateOf } from '../../cli/sample/calendar.ts'
import type { Moment } from '../../cli/sample/moment.ts'
import type { CourseTruth } from '../../cli/sample/truth.ts'

/** A moment whose actor is known. */
export type LearnerMoment = Moment & { readonly user_id: string }

/** Gives a course's events in order of time, anonymous ones included. */
export const momentsOf = (course: CourseTruth): readonly Moment[] => course.moments ?? []

/** Gives the events of learners, in order of time. */
export const learnerMoments = (course: CourseTruth): readonly LearnerMoment[] =>
  momentsOf(course).flatMap((moment) => (moment.user_id === null ? [] : [{ ...moment, user_id: moment.user_id }]))

export const dayOf = (moment: { readonly time_us: number }): string => dateOf(moment.time_us)

/** Groups in order of first occurrence. */
export function grouped<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
export const least = (numbers: readonly number[]): number => numbers.reduce((one, other) => Math.min(one, other))
export const most = (numbers: readonly number[]): number => numbers.reduce((one, other) => Math.max(one, other))
export const distinct = (values: readonly string[]): number => new Set(values).size

const VIDEO =
  /^(load|play|pause|stop|seek|complete|speed_change)_video$|^(show|hide)_transcript$|^video_(show|hide)_cc_menu$/
const PROBLEM =
  /^problem_(check|check_fail|graded|rescore|rescore_fail|reset|save|show)$|^reset_problem(_fail)?$|^save_problem_(success|fail)$|^showanswer$|^edx\.problem\./

/** Activity families, which are also the classes of time on task. */
export function activityOf(type: string): 'video' | 'problem' | 'forum' | 'text' | 'sequence' | null {
  if (VIDEO.test(type) || (type.startsWith('edx.video.') && !type.startsWith('edx.video.bumper.'))) return 'video'
  if (PROBLEM.test(type)) return 'problem'
  if (type.startsWith('edx.forum.') || type === 'page:forum') return 'forum'
  if (type === 'book' || type.startsWith('textbook.') || type === 'page:wiki' || type === 'page:pdfbook') return 'text'
  return type.startsWith('seq_') || type.startsWith('edx.ui.lms.sequence.') ? 'sequence' : null
}

/** Calls of block handlers, which gaps and time on task leave out. */
export const isBlockCall = (moment: Moment): boolean => moment.event_type.startsWith('xblock:')

export const isPost = (moment: Moment): boolean =>
  /^edx\.forum\.(thread|response|comment)\.created$/.test(moment.event_type)

export const isSubmission = (moment: Moment): boolean =>
  moment.event_type === 'problem_check' && moment.event_source === 'server'
