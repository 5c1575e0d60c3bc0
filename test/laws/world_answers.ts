// Submissions with their answers, of both eras, to problems and to surveys, and with what strangers log in their place.
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'

const part_id = fc.constantFrom('p_2_1', 'p_3_1', 'q_2_1', 'p_2_1_dynamath')
const value = fc.constantFrom<unknown>('a', 'b', ['a', 'b'], ['b', 'a'], null, '', 1)

const judged = fc.record(
  {
    answer: value,
    correct: fc.constantFrom<unknown>(true, false, '', null),
    variant: fc.constantFrom<unknown>('', 1, '2'),
    response_type: fc.constantFrom('choiceresponse', ''),
    question: fc.constantFrom('Why?', 'How?', ''),
  },
  { requiredKeys: ['answer'] },
)

const fields = fc.record(
  {
    submission: fc.dictionary(part_id, judged, { maxKeys: 2 }),
    answers: fc.dictionary(part_id, value, { maxKeys: 3 }),
    correct_map: fc.dictionary(part_id, fc.record({ correctness: fc.constantFrom('correct', 'incorrect') })),
  },
  { requiredKeys: ['answers'] },
)

const payload = fc.oneof(
  { weight: 9, arbitrary: fields.map((fields) => JSON.stringify(fields)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('[1]', '"input_p_2_1=a"', '{"answers": [1], "submission": "x"}', null),
  },
)

/** A submission whose payload has answers. */
export const answered: fc.Arbitrary<Partial<EventRow>> = fc
  .record({
    payload,
    display_name: fc.constantFrom(null, 'Quiz', 'Pre-course survey', 'Post-survey', 'Express survey'),
    block_id: fc.constantFrom('p', 'p', 'q'),
  })
  .map((told) => ({ ...told, event_type: 'problem_check', family: 'problem', block: told.block_id }))
