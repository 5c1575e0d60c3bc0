// What happens to learners rather than what they do in a course: enrolment by themselves and by staff, changes of mode,
// leaving. The changes follow each other sensibly per learner, so the final state is known when they are planned.
import { pass, request, tell, type Visit } from './visit.ts'
import type { Learner, SiteWorld } from './world.ts'

/** Enrols the visitor on a first visit, as the dashboard does. */
export function enrollSelf(visit: Visit): void {
  const { learner, course, era, random } = visit
  if (
    learner === null ||
    learner.nameless_id ||
    !era.enrollment_events ||
    course.foreign ||
    learner.enrolled.has(course)
  )
    return
  request(visit, 'api:other', '/change_enrollment', {
    below: 'site',
    post: `{"course_id": ["${course.id}"], "enrollment_action": ["enroll"]}`,
  })
  pass(visit, 0.02, 0.3)
  activate(visit, learner, random.chance(0.8) ? (random.chance(0.7) ? 'audit' : 'honor') : 'verified')
  pass(visit, 1, 10)
}

/** Sometimes changes the visitor's enrolment: upgrades, leaves, comes back. */
export function changeEnrollment(visit: Visit): void {
  const { learner, course, era, random } = visit
  const state = learner === null ? undefined : learner.enrolled.get(course)
  if (learner === null || state === undefined || !era.enrollment_events) return
  if (state.is_active && random.chance(0.1)) {
    // A double click, or a script: enrolled already, so nothing changes, whatever mode it names.
    say(visit, 'edx.course.enrollment.activated', learner, 'audit')
  } else if (!state.is_active) activate(visit, learner, random.chance(0.5) ? state.mode : 'audit')
  else if (random.chance(0.5) && state.mode !== 'verified') {
    state.mode = 'verified'
    say(visit, 'edx.course.enrollment.mode_changed', learner, 'verified')
  } else {
    state.is_active = false
    say(visit, 'edx.course.enrollment.deactivated', learner, state.mode)
  }
  pass(visit, 1, 30)
}

/** Enrols somebody else who has not been seen yet: activity of staff, state of the learner. */
export function enrollOther(visit: Visit, world: SiteWorld): void {
  const { random, course, learner, era } = visit
  const target = world.learners[random.between(Math.floor(world.learners.length / 2), world.learners.length - 1)]
  if (target === undefined || target.nameless_id || learner === null || !era.enrollment_events || target === learner)
    return
  if (target.enrolled.has(course) || target.busy_until_us >= visit.now_us) return
  request(visit, 'api:other', '/instructor/api/students_update_enrollment')
  pass(visit, 0.1, 1)
  activate(visit, target, 'honor')
  target.busy_until_us = visit.now_us
}

function activate(visit: Visit, subject: Learner, mode: string): void {
  subject.enrolled.set(visit.course, { is_active: true, mode })
  say(visit, 'edx.course.enrollment.activated', subject, mode)
}

function say(visit: Visit, type: string, subject: Learner, mode: string): void {
  tell(visit, 'server', type, {
    kind: 'enrollment',
    subject_id: subject.id,
    mode,
    synthesized: visit.random.chance(0.01),
  })
}
