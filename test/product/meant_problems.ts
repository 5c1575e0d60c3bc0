// What became of problems, worked out from single submissions and from the help that learners asked for.
import type { What } from '../../cli/sample/intent.ts'
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { grouped, isSubmission, type LearnerMoment, learnerMoments, least, most, sum } from './moments.ts'

type ProblemWhat = Extract<What, { readonly kind: 'submission' | 'problem_other' }>
type ProblemMoment = LearnerMoment & { readonly what: ProblemWhat }
export type SubmissionMoment = LearnerMoment & { readonly what: Extract<What, { readonly kind: 'submission' }> }

/** Gives submissions and help, both of which name a problem. */
const problemMoments = (course: CourseTruth): readonly ProblemMoment[] =>
  learnerMoments(course).flatMap((moment) =>
    moment.what.kind === 'submission' || moment.what.kind === 'problem_other'
      ? [{ ...moment, what: moment.what } as const]
      : [],
  )

export const submissionMoments = (course: CourseTruth): readonly SubmissionMoment[] =>
  learnerMoments(course).flatMap((moment) =>
    moment.what.kind === 'submission' && isSubmission(moment) ? [{ ...moment, what: moment.what } as const] : [],
  )

const success = ({ what }: SubmissionMoment): boolean => what.submission.parts === what.submission.parts_correct
const share = ({ what }: SubmissionMoment): number => what.submission.grade / what.submission.max_grade

function submissions(course: CourseTruth): readonly MeantRow[] {
  const own = grouped(submissionMoments(course), (one) => `${one.user_id} ${one.what.problem.block_id}`)
  return [...own.values()].flatMap((events) =>
    events.map((event, index) => {
      const { attempt, grade, max_grade, parts, parts_correct } = event.what.submission
      return {
        user_id: event.user_id,
        problem_id: event.what.problem.block_id,
        submission_no: index + 1,
        problem: event.what.problem.usage_key,
        time: event.time_us,
        attempt,
        grade,
        max_grade,
        success: success(event),
        parts,
        parts_correct,
        display_name: event.what.problem.display_name,
      }
    }),
  )
}

interface OfLearner {
  readonly user_id: string
  readonly problem_id: string
  readonly submitted: readonly SubmissionMoment[]
  readonly show_answers: readonly ProblemMoment[]
  readonly hints: number
  readonly resets: number
  readonly saves: number
}

/** Gives each learner's doings with each problem that was answered, or whose answer or hint was asked for. */
function learnersOf(course: CourseTruth): readonly OfLearner[] {
  const submitted = grouped(submissionMoments(course), (one) => `${one.user_id} ${one.what.problem.block_id}`)
  return [...grouped(problemMoments(course), (one) => `${one.user_id} ${one.what.problem.block_id}`)]
    .map(([key, events]) => {
      const [user_id = '', problem_id = ''] = key.split(' ')
      const count = (type: string): number => events.filter((event) => event.event_type === type).length
      return {
        user_id,
        problem_id,
        submitted: submitted.get(key) ?? [],
        show_answers: events.filter((event) => event.event_type === 'showanswer'),
        hints: count('edx.problem.hint.demandhint_displayed'),
        resets: count('reset_problem'),
        saves: count('save_problem_success'),
      }
    })
    .filter((own) => own.submitted.length + own.show_answers.length + own.hints > 0)
}

const attemptsMax = ({ submitted }: OfLearner): number =>
  submitted.length === 0 ? 0 : most(submitted.map(({ what }) => what.submission.attempt))

function problemLearners(course: CourseTruth): readonly MeantRow[] {
  return learnersOf(course).map((own) => {
    const [first] = own.submitted
    const last = own.submitted.at(-1)
    const asked_us = own.show_answers[0]?.time_us
    return {
      user_id: own.user_id,
      problem_id: own.problem_id,
      submissions: own.submitted.length,
      attempts_max: attemptsMax(own),
      first_time: first?.time_us ?? null,
      first_grade: first?.what.submission.grade ?? null,
      first_success: first === undefined ? null : success(first),
      last_time: last?.time_us ?? null,
      last_grade: last?.what.submission.grade ?? null,
      last_success: last === undefined ? null : success(last),
      best_share: own.submitted.length === 0 ? null : most(own.submitted.map(share)),
      show_answers: own.show_answers.length,
      hints: own.hints,
      resets: own.resets,
      saves: own.saves,
      show_answer_first: asked_us !== undefined && asked_us < (first?.time_us ?? Number.POSITIVE_INFINITY),
      solved: own.submitted.some(success),
    }
  })
}

function problems(course: CourseTruth): readonly MeantRow[] {
  return [...grouped(learnersOf(course), ({ problem_id }) => problem_id)].map(([problem_id, learners]) => {
    const submitted = learners.filter((own) => own.submitted.length > 0)
    const attempts = submitted.map(attemptsMax)
    const best = submitted.map((own) => most(own.submitted.map(share)))
    const none = submitted.length === 0
    return {
      problem_id,
      display_name: submitted[0]?.submitted[0]?.what.problem.display_name ?? null,
      learners: submitted.length,
      submissions: sum(submitted.map((own) => own.submitted.length)),
      attempts_min: none ? null : least(attempts),
      attempts_mean: none ? null : sum(attempts) / submitted.length,
      attempts_max: none ? null : most(attempts),
      correct_first_try: submitted.filter(({ submitted: [first] }) => first !== undefined && success(first)).length,
      correct_ever: submitted.filter((own) => own.submitted.some(success)).length,
      mean_share: none ? null : sum(best) / submitted.length,
      show_answer_learners: learners.filter((own) => own.show_answers.length > 0).length,
    }
  })
}

export const PROBLEMS: readonly Comparison[] = [
  { table: 'problem_submission', absent_before: '2014', meant: submissions },
  { table: 'problem_learner', absent_before: '2014', meant: problemLearners },
  { table: 'problem', absent_before: '2014', meant: problems },
]
