// Open response assessments: a learner hands in an essay and is assessed by peers, by staff and by oneself. The assessed one
// is named by the submission alone.
import { REMEMBERED_MAX } from './discussing.ts'
import type { AssessmentFact } from './fact.ts'
import { tellFact } from './tell_fact.ts'
import { handlerPath, pass, request, type Visit } from './visit.ts'
import { asciiJson, type Learner } from './world.ts'

export function writeEssay(visit: Visit, learner: Learner): void {
  const { random, course } = visit
  const { essay, essays } = course.tools
  request(visit, 'xblock:render_submission', handlerPath(visit, essay.usage_key, 'render_submission'))
  pass(visit, 20, 200)
  const text = 'Graphene is "thin".\nAnd strong. '.repeat(random.between(2, 8))
  const answer = `{"parts": [{"text": ${asciiJson(text)}}]}`
  const nothing: Omit<AssessmentFact, 'submission_uuid'> = { about: 'assessment', block_id: essay.block_id, points: {} }
  const others = essays.filter((other) => other.author !== learner.id)
  if (others.length > 0 && random.chance(0.5)) {
    const { uuid } = random.pick(others)
    const payload = `{"item_id": "${essay.usage_key}", "requesting_student_id": "${random.hex(32)}", "submission_returned_uuid": "${uuid}"}`
    const fact = { ...nothing, submission_uuid: uuid }
    tellFact(visit, 'server', 'openassessmentblock.get_peer_submission', { payload, fact, block: essay })
    pass(visit, 30, 200)
    assess(visit, uuid, 'PE')
    return
  }
  const uuid = `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`
  if (random.chance(0.5)) {
    tellFact(visit, 'server', 'openassessmentblock.save_submission', {
      payload: `{"saved_response": ${answer}}`,
      block: essay,
    })
    pass(visit, 20, 100)
  }
  essays.push({ uuid, author: learner.id })
  if (essays.length > REMEMBERED_MAX) essays.shift()
  const payload = `{"submission_uuid": "${uuid}", "attempt_number": 1, "created_at": "2019-01-01T00:00:00+00:00", "submitted_at": "2019-01-01T00:00:00+00:00", "answer": ${answer}}`
  const fact = { ...nothing, submission_uuid: uuid }
  tellFact(visit, 'server', 'openassessmentblock.create_submission', { payload, fact, block: essay })
  pass(visit, 10, 60)
  if (random.chance(0.6)) assess(visit, uuid, random.chance(0.7) ? 'SE' : 'ST')
  if (random.chance(0.3)) {
    pass(visit, 5, 50)
    const feedback = `{"submission_uuid": "${uuid}", "feedback_text": "Fair, I think", "options": ["These assessments were useful."]}`
    const said = { ...nothing, submission_uuid: uuid }
    const type = 'openassessmentblock.submit_feedback_on_assessments'
    tellFact(visit, 'server', type, { payload: feedback, fact: said, block: essay })
  }
}

const STEP = { PE: 'peer_assess', SE: 'self_assess', ST: 'staff_assess' } as const

function assess(visit: Visit, submission_uuid: string, score_type: 'PE' | 'SE' | 'ST'): void {
  const { random, course } = visit
  const { essay } = course.tools
  const given = ['Ideas', 'Content'].map((name) => ({ name, points: random.below(6) }))
  const parts = given.map(
    ({ name, points }) =>
      `{"criterion": {"name": "${name}", "points_possible": 5}, "option": {"name": "Level ${points}", "points": ${points}}, "feedback": ""}`,
  )
  const payload = `{"submission_uuid": "${submission_uuid}", "score_type": "${score_type}", "scorer_id": "${random.hex(32)}", "scored_at": "2019-01-01T00:00:00+00:00", "feedback": "Well \\"done\\"", "rubric": {"content_hash": "${random.hex(40)}"}, "parts": [${parts.join(', ')}]}`
  const points = Object.fromEntries(given.map((part) => [part.name, part.points]))
  const fact = { about: 'assessment', block_id: essay.block_id, submission_uuid, points } as const
  tellFact(visit, 'server', `openassessmentblock.${STEP[score_type]}`, { payload, fact, block: essay })
}
