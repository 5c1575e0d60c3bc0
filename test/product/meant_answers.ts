// What learners answered to each part of a problem, and in surveys: first and last answers, and how often each was given.
import type { Answer } from '../../cli/sample/intent.ts'
import { QUESTION, responseType } from '../../cli/sample/render_submission.ts'
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { type SubmissionMoment, submissionMoments } from './meant_problems.ts'
import { grouped } from './moments.ts'

interface PartAnswer {
  readonly user_id: string
  readonly problem_id: string
  readonly part: number
  readonly part_id: string
  readonly time_us: number
  readonly answer: Answer
  readonly correct: boolean
  readonly variant: string | null
  readonly response_type: string | null
  readonly question: string | null
}

const partsOf = (moment: SubmissionMoment): readonly PartAnswer[] => {
  const { problem, submission } = moment.what
  return submission.answers.map((answer, part) => ({
    user_id: moment.user_id,
    problem_id: problem.block_id,
    part,
    part_id: `${problem.answer_stem}_${part + 2}_1`,
    time_us: moment.time_us,
    answer,
    correct: part < submission.parts_correct,
    variant: submission.detailed && submission.variant !== null ? String(submission.variant) : null,
    response_type: submission.detailed ? responseType(problem, part) : null,
    question: submission.detailed ? QUESTION : null,
  }))
}

function problemAnswers(course: CourseTruth): readonly MeantRow[] {
  const parts = submissionMoments(course).flatMap(partsOf)
  return [...grouped(parts, (one) => `${one.user_id} ${one.problem_id} ${one.part_id}`).values()].flatMap((own) => {
    const [first] = own
    const last = own.at(-1)
    if (first === undefined || last === undefined) return []
    const named = (prefix: string, one: PartAnswer) => ({
      [`${prefix}_answer`]: answerText(one.answer),
      [`${prefix}_correct`]: one.correct,
      [`${prefix}_variant`]: one.variant,
      [`${prefix}_response_type`]: one.response_type,
      [`${prefix}_question`]: one.question,
      [`${prefix}_time`]: one.time_us,
    })
    const { user_id, problem_id, part_id } = first
    return [{ user_id, problem_id, part_id, ...named('first', first), ...named('last', last), submissions: own.length }]
  })
}

/** An answer as one text: several choices stay a list. */
const answerText = (answer: Answer): string | null =>
  answer === null || typeof answer === 'string' ? answer : JSON.stringify(answer)

const SURVEYS: Readonly<Record<string, string>> = { 'Pre-course survey': 'pre', 'Post-survey': 'post' }

function surveyAnswers(course: CourseTruth): readonly MeantRow[] {
  const given = submissionMoments(course).flatMap((moment) => {
    const survey = SURVEYS[moment.what.problem.display_name]
    return survey === undefined ? [] : partsOf(moment).map((part) => ({ survey, ...part }))
  })
  return [...grouped(given, (one) => `${one.survey} ${one.user_id} ${one.part}`).values()].flatMap((own) => {
    const last = own.at(-1)
    if (last === undefined) return []
    const { survey, user_id, part, problem_id, answer, time_us } = last
    const text = answer === null ? '' : [answer].flat().join(',')
    return [{ survey, user_id, question: `problem_${part + 2}_1`, problem_id, answer: text, time: time_us }]
  })
}

/** Insights' distribution: each learner's first and last answer to a part, by what was answered to which variant. */
function distribution(course: CourseTruth): readonly MeantRow[] {
  const parts = submissionMoments(course).flatMap(partsOf)
  const chosen = [...grouped(parts, (one) => `${one.user_id} ${one.part_id}`).values()].flatMap((own) => {
    const [first] = own
    const last = own.at(-1)
    return first === undefined || last === undefined
      ? []
      : [
          { ...first, is_first: true },
          { ...last, is_first: false },
        ]
  })
  const groups = grouped(chosen, (one) => JSON.stringify([one.part_id, one.variant, answerText(one.answer)]))
  return [...groups.values()].flatMap((own) => {
    const newest = [...own].sort((left, right) => left.time_us - right.time_us)
    const last = newest.at(-1)
    if (last === undefined) return []
    return [
      {
        problem_id: last.problem_id,
        part_id: last.part_id,
        variant: last.variant,
        answer: answerText(last.answer),
        correct: last.correct,
        first_responses: own.filter((one) => one.is_first).length,
        last_responses: own.filter((one) => !one.is_first).length,
        question: newest.findLast((one) => one.question !== null)?.question ?? null,
      },
    ]
  })
}

export const ANSWERS: readonly Comparison[] = [
  { table: 'problem_answer', absent_before: '2014', meant: problemAnswers },
  { table: 'answer_distribution', absent_before: '2014', meant: distribution },
  { table: 'survey_answer', absent_before: '2014', meant: surveyAnswers },
]
