// Questions without a right answer: the surveys before and after a course, which are problems by another title, and polls.
import type { Answer, Submission } from './intent.ts'
import { tellFact } from './tell_fact.ts'
import { handlerPath, pass, request, tell, type Visit } from './visit.ts'
import type { Learner, Problem } from './world.ts'

/** Answers a survey, sometimes twice, with other answers and without some of them. */
export function answerSurvey(visit: Visit, learner: Learner): void {
  const { random, course } = visit
  const problem = random.pick(course.tools.surveys)
  for (let times = random.chance(0.3) ? 2 : 1; times > 0; times--) {
    request(visit, 'xblock:problem_get', handlerPath(visit, problem.usage_key, 'problem_get'))
    pass(visit, 20, 120)
    const answers = problem.part_kinds.map((kind) => opinion(visit, kind))
    const attempt = nextAttempt(visit, learner, problem)
    const parts = problem.part_kinds.length
    const submission: Submission = {
      attempt,
      grade: parts,
      max_grade: parts,
      parts,
      parts_correct: parts,
      answers,
      detailed: random.chance(0.9),
      variant: null,
    }
    tell(visit, 'server', 'problem_check', { kind: 'submission', problem, submission, bulky: false })
    pass(visit, 5, 60)
  }
}

const TEXTS = ['Because it\'s "free"', 'a, b\r\nand c', 'För att lära mig mer', '', '?']

function opinion({ random }: Visit, kind: 'choice' | 'choices' | 'text'): Answer {
  switch (kind) {
    case 'choice':
      return `choice_${random.below(5)}`
    case 'choices':
      return random.chance(0.1) ? [] : ['choice_0', 'choice_1', 'choice_2', 'choice_3'].filter(() => random.chance(0.5))
    case 'text':
      return random.chance(0.1) ? null : random.pick(TEXTS)
  }
}

/** Counts a learner's attempts at a problem. */
export function nextAttempt(visit: Visit, learner: Learner, problem: Problem): number {
  const key = `${visit.course.id} ${problem.block_id}`
  const attempt = (learner.attempts.get(key) ?? 0) + 1
  learner.attempts.set(key, attempt)
  return attempt
}

/** Votes in a poll or fills in a small survey, and looks at the results. */
export function answerPoll(visit: Visit): void {
  const { random, course } = visit
  const [poll, survey] = course.tools.polls
  if (poll === undefined || survey === undefined) return
  const chosen = { enjoy: random.pick(['yes', 'no']), recommend: random.pick(['yes', 'no', 'maybe']) }
  const choice = random.pick(['blue', 'red', 'other'])
  const is_poll = random.chance(0.5)
  const block = is_poll ? poll : survey
  const kind = is_poll ? 'poll' : 'survey'
  const answer = is_poll
    ? `"choice": "${choice}"`
    : `"choices": {"enjoy": "${chosen.enjoy}", "recommend": "${chosen.recommend}"}`
  const answers: Readonly<Record<string, string>> = is_poll ? { '': choice } : chosen
  const fact = { about: 'poll', poll_id: block.block_id, answers } as const
  const payload = `{"url_name": "${block.block_id}", ${answer}}`
  tellFact(visit, 'server', `xblock.${kind}.submitted`, { payload, fact, block })
  pass(visit, 1, 5)
  if (random.chance(0.4))
    tellFact(visit, 'server', `xblock.${kind}.view_results`, { payload: `{"url_name": "${block.block_id}"}`, block })
}
