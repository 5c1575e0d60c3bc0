// How problems are solved: the click in the browser and the graded truth of the server are two events with one name,
// and attempts, hints and answers asked for follow one another as they do in real courses.
import { nextAttempt } from './answering.ts'
import { gradeSubmission } from './grading.ts'
import type { Answer, Submission } from './intent.ts'
import { handlerPath, pass, request, tell, type Visit } from './visit.ts'
import type { Learner, PartKind, Problem } from './world.ts'

/** Works on a problem: one to four submissions, sometimes after a hint, sometimes giving up for the answer. */
export function solveProblem(visit: Visit): void {
  const { random, course, learner, era } = visit
  const problem = course.problems[random.skewed(course.problems.length)]
  if (problem === undefined || learner === null) return
  request(visit, 'xblock:problem_get', handlerPath(visit, problem.usage_key, 'problem_get'))
  pass(visit, 5, 60)
  for (let tries = random.between(1, 4); tries > 0; tries--) {
    if (era.referer && random.chance(0.06)) {
      const what = { kind: 'problem_other', problem, hint_index: random.below(3) } as const
      tell(visit, 'server', 'edx.problem.hint.demandhint_displayed', what)
      pass(visit, 3, 30)
    }
    const correct = submit(visit, learner, problem)
    if (correct) return
    pass(visit, 8, 90)
  }
  if (random.chance(0.5)) showAnswer(visit, problem)
  else if (random.chance(0.1)) tell(visit, 'server', 'reset_problem', { kind: 'problem_other', problem, hint_index: 0 })
}

function submit(visit: Visit, learner: Learner, problem: Problem): boolean {
  const { random, era } = visit
  const answers = problem.part_kinds.map((kind) => answerTo(visit, kind))
  if (era.context && random.chance(0.05)) save(visit, problem, answers)
  const submission = grade(visit, learner, problem, answers)
  tell(visit, 'browser', 'problem_check', { kind: 'problem_click', problem, answers, listed: false })
  pass(visit, 0.02, 0.2)
  const post = `{${answers.map((answer, part) => `"input_${problem.answer_stem}_${part + 2}_1": ${JSON.stringify([answer].flat())}`).join(', ')}}`
  request(visit, 'xblock:problem_check', handlerPath(visit, problem.usage_key, 'problem_check'), { post })
  pass(visit, 0.005, 0.1)
  tell(visit, 'server', 'problem_check', { kind: 'submission', problem, submission, bulky: random.chance(0.005) })
  if (!visit.phone && random.chance(0.5)) {
    pass(visit, 0.1, 0.8)
    tell(visit, 'browser', 'problem_graded', { kind: 'problem_click', problem, answers, listed: true })
  }
  if (era.grade_events && !learner.nameless_id && submission.parts_correct > 0)
    gradeSubmission(visit, learner, problem, submission)
  return submission.parts_correct === submission.parts
}

function answerTo({ random }: Visit, kind: PartKind): Answer {
  switch (kind) {
    case 'choice':
      return `choice_${random.below(4)}`
    case 'choices':
      return ['choice_0', 'choice_1', 'choice_2'].filter(() => random.chance(0.6))
    case 'text':
      return String(random.below(8) / 2)
  }
}

function save(visit: Visit, problem: Problem, answers: readonly Answer[]): void {
  tell(visit, 'browser', 'problem_save', { kind: 'problem_click', problem, answers, listed: false })
  pass(visit, 0.02, 0.3)
  tell(visit, 'server', 'save_problem_success', { kind: 'problem_other', problem, hint_index: 0 })
  pass(visit, 3, 30)
}

function grade(visit: Visit, learner: Learner, problem: Problem, answers: readonly Answer[]): Submission {
  const { random } = visit
  const parts = problem.part_kinds.length
  const parts_correct = random.chance(0.45) ? parts : random.below(parts)
  const attempt = nextAttempt(visit, learner, problem)
  const variant = problem.randomized ? learner.id % 3 : null
  const detailed = random.chance(0.9)
  return { attempt, grade: parts_correct, max_grade: parts, parts, parts_correct, answers, detailed, variant }
}

function showAnswer(visit: Visit, problem: Problem): void {
  tell(visit, 'browser', 'problem_show', { kind: 'problem_other', problem, hint_index: 0 })
  pass(visit, 0.02, 0.3)
  request(visit, 'xblock:problem_show', handlerPath(visit, problem.usage_key, 'problem_show'))
  pass(visit, 0.005, 0.05)
  tell(visit, 'server', 'showanswer', { kind: 'problem_other', problem, hint_index: 0 })
}
