// Events that speak of the state of a learner, often of somebody else than the actor, with payloads of every shape: sound
// ones, ones that say less than the one before, and what strangers log.
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'

const subject = fc.constantFrom<Pick<EventRow, 'subject_id' | 'subject_name'>>(
  { subject_id: 1n, subject_name: null },
  { subject_id: null, subject_name: 'anna' },
  { subject_id: null, subject_name: 'nemo' },
  { subject_id: null, subject_name: null },
)

/** What no payload should hold, and some do. */
const ODD = ['[1, {"block_id": "b1"}]', '"user_id=1"', '"{\\"cut\\": "', '{"block_id": {}, "percent_grade": [1]}', null]

const share = fc.constantFrom<unknown>(0, 0.25, 1, '0.5', null, 'x')
const name = fc.constantFrom<unknown>('A', 'B', '', null, 7)
const block_id = fc.constantFrom<unknown>('i4x://ChalmersX/A1/sequential/b1', 'b1', 'b2', null)

const payload = fc
  .record(
    {
      percent_grade: share,
      letter_grade: name,
      weighted_graded_earned: share,
      weighted_total_possible: share,
      first_attempted: fc.constantFrom('2020-03-01 10:00:00+02:00', null),
      completion: share,
      block_id,
      enrollment_mode: name,
      certificate_id: name,
      attempt_id: fc.constantFrom<unknown>(1, '1', 2, null),
      exam_name: name,
      attempt_status: name,
      attempt_started_at: fc.constantFrom('2020-03-01T10:00:00Z', null),
      cohort_id: name,
      cohort_name: name,
      team_id: name,
      add_method: name,
      partition_id: fc.constantFrom<unknown>(10, '10', 11, null),
      group_id: name,
    },
    { requiredKeys: [] },
  )
  .map((fields) => JSON.stringify(fields))

const kind = fc.constantFrom<Pick<EventRow, 'event_type' | 'family'>>(
  { event_type: 'edx.grades.course.grade_calculated', family: 'grade' },
  { event_type: 'edx.course.grade.passed.first_time', family: 'grade' },
  { event_type: 'edx.course.grade.now_passed', family: 'grade' },
  { event_type: 'edx.course.grade.now_failed', family: 'grade' },
  { event_type: 'edx.grades.subsection.grade_calculated', family: 'grade' },
  { event_type: 'edx.completion.block_completion.changed', family: 'completion' },
  { event_type: 'edx.certificate.created', family: 'certificate' },
  { event_type: 'edx.certificate.revoked', family: 'certificate' },
  { event_type: 'edx.certificate.evidence_visited', family: 'certificate' },
  { event_type: 'edx.special_exam.timed.attempt.started', family: 'exam' },
  { event_type: 'edx.special_exam.proctored.attempt.submitted', family: 'exam' },
  { event_type: 'edx.cohort.user_added', family: 'cohort' },
  { event_type: 'edx.team.learner_added', family: 'team' },
  { event_type: 'xmodule.partitions.assigned_user_to_partition', family: null },
)

/** An event of any family that speaks of somebody's state, enrolment left out. */
export const state: fc.Arbitrary<Partial<EventRow>> = fc
  .record({
    kind,
    subject,
    user_tags: fc.constantFrom(null, null, '{"10":"0"}', '{"10":"1","11":"x"}'),
    payload: fc.oneof({ weight: 9, arbitrary: payload }, { weight: 1, arbitrary: fc.constantFrom(...ODD) }),
  })
  .map(({ kind, subject, user_tags, payload }) => ({
    ...kind,
    ...subject,
    event_source: 'server',
    block: null,
    block_id: null,
    user_tags,
    payload,
  }))
