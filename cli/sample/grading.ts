// What the platform makes of submissions since 2017: grades of problem, subsection and course, passing, and certificates.
// Grading works in the background, so such events are often nobody's and name the learner in the payload alone.
import type { Submission } from './intent.ts'
import { tellFact } from './tell_fact.ts'
import { pass, request, type Visit } from './visit.ts'
import type { Learner, Problem } from './world.ts'

const blockOf = (usage_key: string): string =>
  usage_key.slice(Math.max(usage_key.lastIndexOf('/'), usage_key.lastIndexOf('@')) + 1)

/** Spells the time of a first attempt, as the platform does. */
const isoTime = (time_us: number): string =>
  `${new Date(Math.floor(time_us / 1000)).toISOString().slice(0, 19)}.${String(time_us % 1_000_000).padStart(6, '0')}+00:00`

/** Computes the grades that follow from a submission. */
export function gradeSubmission(visit: Visit, learner: Learner, problem: Problem, submission: Submission): void {
  const { random, course } = visit
  const { grade: earned, max_grade: possible } = submission
  const transaction = `"event_transaction_id": "${random.hex(8)}-0000-4000-8000-${random.hex(12)}", "event_transaction_type": "edx.grades.problem.submitted"`
  const head = `"course_id": "${course.id}", "user_id": ${learner.id}, ${transaction}`
  const subject = { subject_id: learner.id, background: true } as const
  pass(visit, 0.2, 2)
  const scored = `{${head}, "problem_id": "${problem.usage_key}", "weighted_earned": ${earned}, "weighted_possible": ${possible}}`
  tellFact(visit, 'server', 'edx.grades.problem.submitted', { payload: scored, ...subject })

  pass(visit, 0.05, 0.5)
  const place = random.below(3)
  const sequence = course.sequences[place] ?? ''
  const first_attempted_us = random.chance(0.9) ? visit.now_us - random.between(1, 9_000_000) : null
  const attempted = first_attempted_us === null ? 'null' : `"${isoTime(first_attempted_us)}"`
  const total = possible + place
  const points = `"weighted_graded_earned": ${earned}, "weighted_graded_possible": ${possible}.0, "weighted_total_earned": ${earned + 0.5}, "weighted_total_possible": ${total}`
  tellFact(visit, 'server', 'edx.grades.subsection.grade_calculated', {
    payload: `{${head}, "block_id": "${sequence}", "course_version": "", "first_attempted": ${attempted}, ${points}}`,
    fact: {
      about: 'subsection_grade',
      block_id: blockOf(sequence),
      earned_graded: earned,
      possible_graded: possible,
      earned_total: earned + 0.5,
      possible_total: total,
      first_attempted_us,
    },
    ...subject,
  })

  pass(visit, 0.05, 0.5)
  gradeCourse(visit, learner, head)
}

const PASS_FROM = 0.6

function gradeCourse(visit: Visit, learner: Learner, head: string): void {
  const { random, course } = visit
  const subject = { subject_id: learner.id, background: true } as const
  const percent = random.below(101) / 100
  const letter = percent >= PASS_FROM ? 'Pass' : null
  const payload = `{${head}, "percent_grade": ${percent}, "letter_grade": ${letter === null ? '""' : `"${letter}"`}, "grading_policy_hash": "ChVp0lHGQGCevD0t4njna/C44zQ=", "course_version": "", "course_edited_timestamp": "2019-01-01 00:00:00+00:00"}`
  const fact = { about: 'course_grade', percent, letter } as const
  tellFact(visit, 'server', 'edx.grades.course.grade_calculated', { payload, fact, ...subject })
  const known = learner.passed.get(course)
  const passes = percent >= PASS_FROM
  if (known === passes || (known === undefined && !passes)) return
  learner.passed.set(course, passes)
  pass(visit, 0.01, 0.1)
  if (known === undefined) {
    tellFact(visit, 'server', 'edx.course.grade.passed.first_time', { payload: `{${head}}`, ...subject })
    pass(visit, 0.01, 0.1)
    if (random.chance(0.5)) visitCertificate(visit, learner)
    pass(visit, 0.01, 0.1)
  }
  tellFact(visit, 'server', passes ? 'edx.course.grade.now_passed' : 'edx.course.grade.now_failed', {
    payload: `{${head}}`,
    ...subject,
  })
}

/** Gives a learner who passed a certificate, or does with it what one does with certificates. */
export function visitCertificate(visit: Visit, learner: Learner): void {
  const { random, course } = visit
  if (learner.passed.get(course) !== true || learner.nameless_id) return
  const mode = learner.enrolled.get(course)?.mode ?? 'honor'
  const had = learner.certificates.get(course)
  const certificate_id = had === undefined || random.chance(0.3) ? random.hex(32) : had
  const url = `https://courses.edx.org/certificates/${certificate_id}`
  const common = `"course_id": "${course.id}", "user_id": ${learner.id}, "certificate_id": "${certificate_id}", "certificate_url": "${url}"`
  const subject = { subject_id: learner.id } as const
  request(visit, 'page:progress', '/progress')
  pass(visit, 2, 20)
  if (certificate_id !== had) {
    learner.certificates.set(course, certificate_id)
    const payload = `{${common}, "enrollment_mode": "${mode}", "generation_mode": "self"}`
    const fact = { about: 'certificate', certificate_id, mode } as const
    tellFact(visit, 'server', 'edx.certificate.created', { payload, fact, ...subject })
    return
  }
  const drawn = random.fraction()
  if (drawn < 0.2) {
    const payload = `{${common}, "enrollment_mode": "${mode}", "source": "certificate_regeneration"}`
    const fact = { about: 'certificate', certificate_id, mode } as const
    tellFact(visit, 'server', 'edx.certificate.revoked', { payload, fact, ...subject })
  } else if (drawn < 0.7)
    tellFact(visit, 'browser', 'edx.certificate.shared', {
      payload: `{${common}, "social_network": "${random.pick(['Facebook', 'Twitter', 'LinkedIn'])}"}`,
      ...subject,
    })
  else
    tellFact(visit, 'server', 'edx.certificate.evidence_visited', {
      payload: `{${common}, "social_network": "LinkedIn", "source_url": "https://backpack.example.org"}`,
      ...subject,
    })
}
