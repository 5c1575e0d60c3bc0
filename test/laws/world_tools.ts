// Events of open response assessments, polls, notes and searches: few submissions that many assess, before and after they are
// created, and payloads that say nothing.
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'

const part = fc.record({
  criterion: fc.constantFrom<unknown>({ name: 'Ideas' }, { name: 'Form' }, 'Ideas', null),
  option: fc.constantFrom<unknown>({ points: 0 }, { points: 3 }, { points: '2' }, { points: null }, []),
})

const payload = fc
  .record(
    {
      submission_uuid: fc.constantFrom<unknown>('s1', 's1', 's2', null),
      parts: fc.oneof(fc.array(part, { maxLength: 3 }), fc.constantFrom<unknown>('Ideas', { Ideas: 1 }, null)),
      url_name: fc.constantFrom<unknown>('p1', 'p2', null),
      choice: fc.constantFrom<unknown>('R', 'G', 2, null, []),
      choices: fc.constantFrom<unknown>({ q1: 'Y', q2: 'N' }, { q1: 'N' }, { q1: null, '': 'x' }, {}, ['q1'], null),
    },
    { requiredKeys: [] },
  )
  .map((fields) => JSON.stringify(fields))

/** An event of a tool that belongs to the actor. */
export const tool: fc.Arbitrary<Partial<EventRow>> = fc.record({
  event_type: fc.constantFrom(
    'openassessmentblock.create_submission',
    'openassessmentblock.peer_assess',
    'openassessmentblock.peer_assess',
    'openassessmentblock.self_assess',
    'openassessmentblock.staff_assess',
    'openassessmentblock.submit_feedback_on_assessments',
    'xblock.poll.submitted',
    'xblock.survey.submitted',
    'edx.bookmark.added',
    'edx.course.student_notes.added',
    'edx.course.search.initiated',
  ),
  module_id: fc.constantFrom('essay', 'essay', null),
  payload: fc.oneof(
    { weight: 9, arbitrary: payload },
    { weight: 1, arbitrary: fc.constantFrom('[1, 2]', '"choice=R"', null) },
  ),
})
