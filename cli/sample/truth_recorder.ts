// Collects the ground truth while a sample is told, one intent at a time. People are resolved at the end, when every
// name of the site is known, because a log often tells a learner's id only later.
import type { RejectReason } from '../../contracts/ledger.ts'
import { dateOf } from './calendar.ts'
import type { Intent } from './intent.ts'
import type { Moment } from './moment.ts'
import type { FileTruth, SiteTruth } from './truth.ts'
import { closeCourse, idOfName, type Loose, type OpenCourse, openCourse, type Who } from './truth_of_course.ts'
import type { Course } from './world.ts'

type OpenFile = Loose<FileTruth> & { rejected_by_reason: Partial<Record<RejectReason, number>> }

export interface SeenEvent {
  readonly file_date: string
  /** The course as far as the line tells it. */
  readonly course: Course | null
  readonly groups: Moment['groups']
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
  readonly #keep_moments: boolean

  constructor({ moments = false }: { readonly moments?: boolean } = {}) {
    this.#keep_moments = moments
  }

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
    if (this.#keep_moments) {
      const { time_us, source: event_source, type: event_type, what } = intent
      const actor_id = who?.startsWith('id:') === true ? who.slice(3) : null
      const { rescued, groups } = seen
      course.moments.push({ who, actor_id, time_us, event_source, event_type, rescued, groups, what })
    }
  }

  finish(): SiteTruth {
    const resolve = (who: Who): string => {
      if (who.startsWith('id:')) return who.slice(3)
      const ids = [...(this.#names.get(who.slice(5)) ?? [])]
      return ids.length === 0 ? idOfName(who.slice(5)) : String(Math.min(...ids))
    }
    const names = [...this.#names]
    const courses = [...this.#courses].flatMap(([id, course]) =>
      id === null ? [] : [[id, closeCourse(course, resolve)] as const],
    )
    return {
      files: structuredClone(Object.fromEntries(this.#files)),
      missing: [...this.#missing],
      courses: Object.fromEntries(courses),
      no_course: closeCourse(this.#course(null), resolve),
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

function whoOf(intent: Intent): Who | null {
  if (intent.learner === null) return null
  return intent.identity === 'name' ? `name:${intent.learner.name}` : `id:${intent.learner.id}`
}

function addFacts(course: OpenCourse, intent: Intent, who: Who | null): void {
  const { what, time_us, type } = intent
  if (what.kind === 'enrollment') {
    const { subject_id, mode, synthesized } = what
    const action = type.slice('edx.course.enrollment.'.length)
    course.enrollment_events.push({ who: `id:${subject_id}`, time_us, action, mode, actor: who, synthesized })
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
