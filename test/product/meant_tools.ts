// What learners did with the rarer tools of a course: bookmarks, notes, searches, polls and essays.
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { factsAbout, type StateMoment, statesIn } from './meant_states.ts'
import { dayOf, grouped, learnerMoments } from './moments.ts'

/** Counts events of some types by learner, day and type. */
export const countsOf =
  (types: RegExp) =>
  (course: CourseTruth): readonly MeantRow[] => {
    const told = learnerMoments(course).filter(({ event_type }) => types.test(event_type))
    return [...grouped(told, (one) => `${one.user_id} ${dayOf(one)} ${one.event_type}`)].map(([key, own]) => {
      const [user_id = '', day = '', event_type = ''] = key.split(' ')
      return { user_id, day, event_type, n: own.length }
    })
  }

function pollAnswers(course: CourseTruth): readonly MeantRow[] {
  const told = factsAbout(statesIn(course, /^xblock\.(poll|survey)\.submitted$/), 'poll')
  const answers = told.flatMap(({ owner, time_us, told }) =>
    Object.entries(told.answers).map(([question, answer]) => ({
      user_id: owner,
      block_id: told.poll_id,
      question: question === '' ? null : question,
      answer,
      time: time_us,
    })),
  )
  return [...grouped(answers, (one) => `${one.user_id} ${one.block_id} ${one.question}`).values()].flatMap((own) => {
    const last = own.at(-1)
    return last === undefined ? [] : [{ ...last, submissions: own.length }]
  })
}

interface Credit {
  readonly user_id: string
  readonly block_id: string
  readonly step: 'submissions' | 'peer_given' | 'peer_received' | 'self' | 'staff' | 'feedback'
  readonly time_us: number
  /** Points by criterion, for the one assessed. */
  readonly points: Readonly<Record<string, number>>
}

const STEPS: Readonly<Record<string, Credit['step']>> = {
  create_submission: 'submissions',
  peer_assess: 'peer_given',
  self_assess: 'self',
  submit_feedback_on_assessments: 'feedback',
}
const RECEIVED: Readonly<Record<string, Credit['step']>> = { peer_assess: 'peer_received', staff_assess: 'staff' }

/** Gives each step in an assessment to whom it belongs: to the one who took it, to whoever handed in the essay, or to both. */
function creditsOf(course: CourseTruth): readonly Credit[] {
  const told = factsAbout(statesIn(course, /^openassessmentblock\./), 'assessment')
  const verb = ({ event_type }: StateMoment): string => event_type.replace('openassessmentblock.', '')
  const authors = new Map(
    told.filter((one) => verb(one) === 'create_submission').map(({ owner, told }) => [told.submission_uuid, owner]),
  )
  return told.flatMap((one) => {
    const { block_id, points, submission_uuid } = one.told
    const common = { block_id, time_us: one.time_us }
    const done = STEPS[verb(one)]
    const got = RECEIVED[verb(one)]
    const author = authors.get(submission_uuid)
    const by_self = verb(one) === 'self_assess'
    return [
      ...(done === undefined ? [] : [{ user_id: one.owner, step: done, points: by_self ? points : {}, ...common }]),
      ...(got === undefined || author === undefined ? [] : [{ user_id: author, step: got, points, ...common }]),
    ]
  })
}

function essays(course: CourseTruth): readonly MeantRow[] {
  return [...grouped(creditsOf(course), ({ user_id, block_id }) => `${user_id} ${block_id}`)].map(([key, own]) => {
    const [user_id = '', block_id = ''] = key.split(' ')
    const count = (step: Credit['step']): number => own.filter((credit) => credit.step === step).length
    const points = Object.assign({}, ...own.map((credit) => credit.points))
    const names = Object.keys(points).sort()
    return {
      user_id,
      block_id,
      submissions: count('submissions'),
      peer_given: count('peer_given'),
      peer_received: count('peer_received'),
      self: count('self'),
      staff: count('staff'),
      feedback: count('feedback'),
      points: names.length === 0 ? null : JSON.stringify(points, names),
      first_time: own[0]?.time_us ?? null,
      last_time: own.at(-1)?.time_us ?? null,
    }
  })
}

export const TOOLS: readonly Comparison[] = [
  {
    table: 'bookmark_note_day',
    absent_before: '2015',
    meant: countsOf(/^edx\.(bookmark|course\.student_notes)\./),
  },
  { table: 'search_day', absent_before: '2015', meant: countsOf(/^edx\.course\.search\./) },
  { table: 'pre_roll_day', absent_before: '2015', meant: countsOf(/^edx\.video\.bumper\./) },
  { table: 'poll_answer', absent_before: '2014', meant: pollAnswers },
  { table: 'ora_learner', absent_before: '2015', meant: essays },
]
