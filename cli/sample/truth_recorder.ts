// Collects the ground truth while a sample is told, one intent at a time. People are resolved at the end, when every
// name of the site is known, because a log often tells a learner's id only later.
import { createHash } from 'node:crypto'
import type { RejectReason } from '../../contracts/ledger.ts'
import { dateOf } from './calendar.ts'
import type { Intent } from './intent.ts'
import type {
  CourseTruth,
  EnrollmentFact,
  EnrollmentState,
  EventCount,
  FileTruth,
  ProblemAid,
  SiteTruth,
  SubmissionFact,
  ViewingFact,
} from './truth.ts'
import type { Course } from './world.ts'

/** A learner as one event tells it: `id:17`, or `name:anna` when there is no id. */
type Who = string

type Loose<T> = { -readonly [Key in keyof T]: T[Key] }
type Unresolved<T> = Omit<T, 'user_id'> & { readonly who: Who }

interface OpenCourse {
  readonly events: Map<string, Loose<Omit<EventCount, 'user_id'>> & { readonly who: Who | null }>
  readonly submissions: Omit<Unresolved<SubmissionFact>, 'submission_no'>[]
  readonly aids: Unresolved<ProblemAid>[]
  readonly viewings: Unresolved<ViewingFact>[]
  readonly enrollment_events: (Unresolved<Omit<EnrollmentFact, 'actor_user_id'>> & { readonly actor: Who | null })[]
  video_events: number
}

type OpenFile = Loose<FileTruth> & { rejected_by_reason: Partial<Record<RejectReason, number>> }

export interface SeenEvent {
  readonly file_date: string
  /** The course as far as the line tells it. */
  readonly course: Course | null
  readonly rescued: boolean
  readonly prefixed: boolean
  readonly truncated_payload: boolean
}

export class TruthRecorder {
  readonly #files = new Map<string, OpenFile>()
  readonly #missing: string[] = []
  readonly #courses = new Map<string | null, OpenCourse>([[null, openCourse()]])
  /** Name -> ids seen with it. */
  readonly #names = new Map<string, Set<number>>()

  addFile(date: string, wrapping: FileTruth['wrapping']): void {
    this.#files.set(date, { wrapping, ...NO_LINES, rejected_by_reason: {} })
  }

  addMissing(date: string): void {
    this.#missing.push(date)
  }

  addLine(date: string, line: 'blank' | 'duplicates' | RejectReason): void {
    const file = this.#file(date)
    file.lines++
    if (line === 'blank' || line === 'duplicates') file[line]++
    else {
      file.rejected++
      file.rejected_by_reason[line] = (file.rejected_by_reason[line] ?? 0) + 1
    }
  }

  addEvent(intent: Intent, seen: SeenEvent): void {
    this.#count(intent, seen)
    const who = whoOf(intent)
    if (who?.startsWith('id:') === true && intent.identity === 'both' && intent.learner !== null) {
      const ids = this.#names.get(intent.learner.name)
      if (ids === undefined) this.#names.set(intent.learner.name, new Set([intent.learner.id]))
      else ids.add(intent.learner.id)
    } else if (intent.learner !== null && who?.startsWith('name:') === true && !this.#names.has(intent.learner.name))
      this.#names.set(intent.learner.name, new Set())

    const course = this.#course(seen.course)
    const day = dateOf(intent.time_us)
    const key = `${who ?? ''}|${day}|${intent.source}|${intent.type}`
    const known = course.events.get(key)
    if (known === undefined)
      course.events.set(key, {
        who,
        day,
        event_source: intent.source,
        event_type: intent.type,
        n: 1,
        first_time_us: intent.time_us,
        last_time_us: intent.time_us,
      })
    else {
      known.n++
      known.first_time_us = Math.min(known.first_time_us, intent.time_us)
      known.last_time_us = Math.max(known.last_time_us, intent.time_us)
    }
    if (!seen.rescued) addFacts(course, intent, who)
  }

  finish(): SiteTruth {
    const resolve = (who: Who): string => {
      if (who.startsWith('id:')) return who.slice(3)
      const ids = [...(this.#names.get(who.slice(5)) ?? [])]
      return ids.length === 0 ? idOfName(who.slice(5)) : String(Math.min(...ids))
    }
    const names = [...this.#names]
    const courses = [...this.#courses].flatMap(([id, course]) =>
      id === null ? [] : [[id, closed(course, resolve)] as const],
    )
    return {
      files: structuredClone(Object.fromEntries(this.#files)),
      missing: [...this.#missing],
      courses: Object.fromEntries(courses),
      no_course: closed(this.#course(null), resolve),
      names: {
        known: Object.fromEntries(
          names.filter(([, ids]) => ids.size > 0).map(([name]) => [name, resolve(`name:${name}`)]),
        ),
        unresolved: Object.fromEntries(
          names.filter(([, ids]) => ids.size === 0).map(([name]) => [name, idOfName(name)]),
        ),
      },
    }
  }

  #file(date: string): OpenFile {
    const file = this.#files.get(date)
    if (file === undefined) throw new Error(`The sample has no file of ${date}`)
    return file
  }

  #course(course: Course | null): OpenCourse {
    const id = course?.id ?? null
    const known = this.#courses.get(id)
    if (known !== undefined) return known
    const made = openCourse()
    this.#courses.set(id, made)
    return made
  }

  #count(intent: Intent, seen: SeenEvent): void {
    const file = this.#file(seen.file_date)
    file.lines++
    file.events++
    if (seen.rescued) file.rescued++
    if (seen.prefixed) file.prefixed++
    if (seen.truncated_payload) file.truncated_payload++
    if (seen.course === null) file.no_course++
    else if (seen.course.foreign) file.foreign_org++
    file.min_time_us = Math.min(file.min_time_us ?? intent.time_us, intent.time_us)
    file.max_time_us = Math.max(file.max_time_us ?? intent.time_us, intent.time_us)
  }
}

const NO_LINES = {
  lines: 0,
  events: 0,
  blank: 0,
  duplicates: 0,
  rejected: 0,
  rescued: 0,
  prefixed: 0,
  truncated_payload: 0,
  no_course: 0,
  foreign_org: 0,
  min_time_us: null,
  max_time_us: null,
}

const openCourse = (): OpenCourse => ({
  events: new Map(),
  submissions: [],
  aids: [],
  viewings: [],
  enrollment_events: [],
  video_events: 0,
})

function whoOf(intent: Intent): Who | null {
  if (intent.learner === null) return null
  return intent.identity === 'name' ? `name:${intent.learner.name}` : `id:${intent.learner.id}`
}

function addFacts(course: OpenCourse, intent: Intent, who: Who | null): void {
  const { what, time_us, type } = intent
  if (what.kind === 'enrollment') {
    const { subject, mode, synthesized } = what
    const action = type.slice('edx.course.enrollment.'.length)
    course.enrollment_events.push({ who: `id:${subject.id}`, time_us, action, mode, actor: who, synthesized })
  }
  if (who === null) return
  switch (what.kind) {
    case 'video': {
      course.video_events++
      if (what.viewing === null) return
      const { start_us, start_position_s, end_position_s } = what.viewing
      course.viewings.push({
        who,
        video_id: what.video.block_id,
        start_time_us: start_us,
        start_position_s,
        end_position_s,
        closed_by: type.replace('_video', ''),
      })
      return
    }
    case 'submission': {
      const { attempt, grade, max_grade, parts, parts_correct } = what.submission
      const { block_id, display_name } = what.problem
      const success = parts === parts_correct
      course.submissions.push({
        who,
        problem_id: block_id,
        time_us,
        attempt,
        grade,
        max_grade,
        success,
        parts,
        parts_correct,
        display_name,
      })
      return
    }
    case 'problem_other': {
      const show_answers = type === 'showanswer' ? 1 : 0
      const hints = type.endsWith('demandhint_displayed') ? 1 : 0
      const resets = type === 'reset_problem' ? 1 : 0
      if (show_answers + hints + resets > 0)
        course.aids.push({ who, problem_id: what.problem.block_id, show_answers, hints, resets })
    }
  }
}

/** Makes the id of a name without an account: rules, People. */
export function idOfName(name: string): string {
  const head = createHash('sha256').update(name, 'utf8').digest().readBigUInt64BE(0)
  return String(-(1n + (head >> 2n)))
}

function closed(course: OpenCourse, resolve: (who: Who) => string): CourseTruth {
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
  }
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

/** Follows each learner's changes, which the plan made sensible: nobody is activated twice or leaves twice. */
function statesOf(facts: readonly EnrollmentFact[]): EnrollmentState[] {
  const states = new Map<string, EnrollmentState>()
  for (const { user_id, action, mode, time_us } of facts) {
    const known = states.get(user_id)
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
