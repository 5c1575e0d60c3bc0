// Special exams: an attempt is told by a string of events, the learner's own and, days later in real life, a reviewer's.
import type { ExamFact } from './fact.ts'
import { tellFact } from './tell_fact.ts'
import { pass, request, type Visit } from './visit.ts'
import { asciiJson, type Learner, type SiteWorld } from './world.ts'

/** The platform's clock, as payloads spell it. */
const isoTime = (time_us: number): string =>
  `${new Date(Math.floor(time_us / 1_000_000) * 1000).toISOString().slice(0, 19)}+00:00`

/** Sits an exam: created, started, usually submitted; some attempts are verified or rejected by staff. */
export function sitExam(visit: Visit, learner: Learner, world: SiteWorld): void {
  const { random, course } = visit
  if (learner.nameless_id) return
  const { exam } = course.tools
  const kind = random.pick(['proctored', 'practice', 'timed'] as const)
  const attempt_id = random.between(1000, 999_999)
  request(visit, 'page:courseware', `/courseware/${course.sections[0]}/`, { page_key: course.sections[0] ?? null })
  let told: Omit<ExamFact, 'attempt_status'> = {
    about: 'exam',
    exam_id: String(exam.id),
    exam_name: exam.name,
    block_id: exam.block_id,
    attempt_id: String(attempt_id),
    started_us: null,
    completed_us: null,
  }
  const say = (step: string, attempt_status: string, by: Visit = visit): void => {
    const at = (time_us: number | null): string => (time_us === null ? 'null' : `"${isoTime(time_us)}"`)
    const payload = `{"exam_id": ${exam.id}, "exam_content_id": "${exam.usage_key}", "exam_name": ${asciiJson(exam.name)}, "exam_is_proctored": ${kind !== 'timed'}, "exam_is_practice_exam": ${kind === 'practice'}, "exam_is_active": true, "exam_default_time_limit_mins": 60, "attempt_id": ${attempt_id}, "attempt_user_id": ${learner.id}, "attempt_status": "${attempt_status}", "attempt_code": "${random.hex(8)}", "attempt_allowed_time_limit_mins": 60, "attempt_started_at": ${at(told.started_us)}, "attempt_completed_at": ${at(told.completed_us)}, "attempt_event_elapsed_time_secs": 12}`
    const fact = { ...told, attempt_status }
    tellFact(by, 'server', `edx.special_exam.${kind}.attempt.${step}`, { payload, fact, subject_id: learner.id })
  }
  pass(visit, 1, 5)
  say('created', 'created')
  pass(visit, 5, 60)
  const now_us = (): number => visit.now_us - (visit.now_us % 1_000_000)
  told = { ...told, started_us: now_us() }
  say('started', 'started')
  pass(visit, 60, 600)
  if (random.chance(0.15)) return
  told = { ...told, completed_us: now_us() }
  say('submitted', 'submitted')
  if (kind !== 'proctored' || random.chance(0.4)) return
  pass(visit, 5, 50)
  const verdict = random.pick(['verified', 'rejected'] as const)
  // A reviewer acts now, on the learner's attempt.
  say(verdict, verdict, { ...visit, learner: random.pick(world.staff) })
}
