// What became of learners: grades, certificates, completion, exams and groups. Such events belong to the one they speak of,
// whoever caused them, and the latest one counts.
import type { Fact } from '../../cli/sample/fact.ts'
import type { Moment } from '../../cli/sample/moment.ts'
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { grouped, momentsOf } from './moments.ts'

/** An event under the learner whom it concerns. */
export interface StateMoment extends Moment {
  readonly owner: string
  readonly fact: Fact | null
}

/** Gives the events of some types, each under the one it speaks of; what speaks of nobody is left out. */
export function statesIn(course: CourseTruth, types: RegExp): readonly StateMoment[] {
  return momentsOf(course).flatMap((moment) => {
    if (moment.what.kind !== 'fact' || !types.test(moment.event_type)) return []
    const { subject_id, fact } = moment.what
    const owner = subject_id === null ? moment.user_id : String(subject_id)
    return owner === null ? [] : [{ ...moment, owner, fact }]
  })
}

/** Keeps the facts of one kind. */
export function factsAbout<About extends Fact['about']>(
  moments: readonly StateMoment[],
  about: About,
): readonly (StateMoment & { readonly told: Extract<Fact, { readonly about: About }> })[] {
  return moments.flatMap((moment) => {
    // Safe: `about` tells the members of the union apart.
    const told = moment.fact?.about === about ? (moment.fact as Extract<Fact, { readonly about: About }>) : null
    return told === null ? [] : [{ ...moment, told }]
  })
}

const typed = (moments: readonly StateMoment[], ending: RegExp): readonly StateMoment[] =>
  moments.filter(({ event_type }) => ending.test(event_type))

export function grades(course: CourseTruth): readonly MeantRow[] {
  const moments = statesIn(course, /^edx\.grades\.course\.grade_calculated$|^edx\.course\.grade\./)
  return [...grouped(moments, ({ owner }) => owner)].map(([user_id, own]) => {
    const computed = factsAbout(own, 'course_grade').at(-1)
    const state = typed(own, /^edx\.course\.grade\./).at(-1)
    return {
      user_id,
      percent: computed?.told.percent ?? null,
      letter: computed?.told.letter ?? null,
      time: computed?.time_us ?? null,
      passed_first: typed(own, /passed/)[0]?.time_us ?? null,
      state: state === undefined ? null : state.event_type.endsWith('now_failed') ? 'failed' : 'passed',
      state_time: state?.time_us ?? null,
    }
  })
}

function subsectionGrades(course: CourseTruth): readonly MeantRow[] {
  const told = factsAbout(statesIn(course, /^edx\.grades\.subsection\./), 'subsection_grade')
  return [...grouped(told, ({ owner, told }) => `${owner} ${told.block_id}`).values()].flatMap((own) => {
    const last = own.at(-1)
    if (last === undefined) return []
    const { about: _about, first_attempted_us, ...points } = last.told
    return [{ user_id: last.owner, ...points, first_attempted: first_attempted_us, time: last.time_us }]
  })
}

export function certificates(course: CourseTruth): readonly MeantRow[] {
  return [...grouped(statesIn(course, /^edx\.certificate\./), ({ owner }) => owner)].map(([user_id, own]) => {
    const issued = factsAbout(own, 'certificate').at(-1)
    return {
      user_id,
      created: typed(own, /created$/).at(-1)?.time_us ?? null,
      revoked: typed(own, /revoked$/).at(-1)?.time_us ?? null,
      mode: issued?.told.mode ?? null,
      certificate_id: issued?.told.certificate_id ?? null,
      shares: typed(own, /shared$/).length,
      evidence_visits: typed(own, /evidence_visited$/).length,
    }
  })
}

function completions(course: CourseTruth): readonly MeantRow[] {
  const told = factsAbout(statesIn(course, /^edx\.completion\./), 'completion')
  return [...grouped(told, ({ owner, told }) => `${owner} ${told.block_id}`).values()].flatMap((own) => {
    const [first] = own
    const last = own.at(-1)
    if (first === undefined || last === undefined) return []
    const { block_id, completion } = last.told
    return [{ user_id: last.owner, block_id, completion, first_time: first.time_us, last_time: last.time_us }]
  })
}

function exams(course: CourseTruth): readonly MeantRow[] {
  const told = factsAbout(statesIn(course, /^edx\.special_exam\./), 'exam')
  return [...grouped(told, ({ owner, told }) => `${owner} ${told.attempt_id}`).values()].flatMap((own) => {
    const [first] = own
    const last = own.at(-1)
    if (first === undefined || last === undefined) return []
    const words = last.event_type.split('.')
    const { attempt_id, exam_id, exam_name, block_id, attempt_status, started_us, completed_us } = last.told
    const kind = { exam_kind: words[2] ?? '', status: attempt_status, last_event: words[4] ?? '' }
    const times = { started: started_us, completed: completed_us, first_time: first.time_us, last_time: last.time_us }
    return [{ user_id: last.owner, attempt_id, exam_id, exam_name, block_id, ...kind, ...times, events: own.length }]
  })
}

/** Who acted, as far as the event has an id. */
export const STATES: readonly Comparison[] = [
  { table: 'grade', absent_before: '2017-11', meant: grades },
  { table: 'subsection_grade', absent_before: '2017-11', meant: subsectionGrades },
  { table: 'certificate', absent_before: '2017-11', meant: certificates },
  { table: 'completion', absent_before: '2019', meant: completions },
  { table: 'exam_attempt', absent_before: '2015', meant: exams },
]
