// How problems are solved: the click in the browser and the graded truth of the server are two events with one name,
// and attempts, hints and answers asked for follow one another as they do in real courses.
import type { Submission } from './intent.ts'
import { handlerPath, pass, request, tell, type Visit } from './visit.ts'
import type { Learner, Problem } from './world.ts'

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
  const answers = Array.from({ length: problem.parts }, () => `choice_${random.below(4)}`)
  const submission = grade(visit, learner, problem, answers)
  tell(visit, 'browser', 'problem_check', { kind: 'problem_click', problem, answers, listed: false })
  pass(visit, 0.02, 0.2)
  const post = `{${answers.map((answer, part) => `"input_${problem.answer_stem}_${part + 2}_1": ["${answer}"]`).join(', ')}}`
  request(visit, 'xblock:problem_check', handlerPath(visit, problem.usage_key, 'problem_check'), { post })
  pass(visit, 0.005, 0.1)
  tell(visit, 'server', 'problem_check', { kind: 'submission', problem, submission, bulky: random.chance(0.005) })
  if (!visit.phone && random.chance(0.5)) {
    pass(visit, 0.1, 0.8)
    tell(visit, 'browser', 'problem_graded', { kind: 'problem_click', problem, answers, listed: true })
  }
  if (era.grade_events && !learner.nameless_id && submission.parts_correct > 0) {
    pass(visit, 0.2, 2)
    const what = {
      kind: 'grade',
      subject_id: learner.id,
      problem,
      earned: submission.grade,
      possible: submission.max_grade,
    } as const
    tell(visit, 'server', 'edx.grades.problem.submitted', what)
    pass(visit, 0.05, 0.5)
    tell(visit, 'server', 'edx.grades.subsection.grade_calculated', what)
    pass(visit, 0.05, 0.5)
    tell(visit, 'server', 'edx.grades.course.grade_calculated', what)
  }
  return submission.parts_correct === submission.parts
}

function grade(visit: Visit, learner: Learner, problem: Problem, answers: readonly string[]): Submission {
  const parts = problem.parts
  const parts_correct = visit.random.chance(0.45) ? parts : visit.random.below(parts)
  const key = `${visit.course.id} ${problem.block_id}`
  const attempt = (learner.attempts.get(key) ?? 0) + 1
  learner.attempts.set(key, attempt)
  return { attempt, grade: parts_correct, max_grade: parts, parts, parts_correct, answers }
}

function showAnswer(visit: Visit, problem: Problem): void {
  tell(visit, 'browser', 'problem_show', { kind: 'problem_other', problem, hint_index: 0 })
  pass(visit, 0.02, 0.3)
  request(visit, 'xblock:problem_show', handlerPath(visit, problem.usage_key, 'problem_show'))
  pass(visit, 0.005, 0.05)
  tell(visit, 'server', 'showanswer', { kind: 'problem_other', problem, hint_index: 0 })
}
