// Without it nobody could tell which blocks of a course a learner has done with, as the check marks in the course show it.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type = 'edx.completion.block_completion.changed'
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    completed_block_id: ['block', '$.block_id'],
    completion: ['number', '$.completion'],
  },
)

export default {
  name: 'completion',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner and block whose completion changed',
  doc: 'What edX holds for completed (`edx.completion.block_completion.changed`): a video that was watched to its end, a problem that was submitted, a text that was on the screen. Rows are of the learner whose completion it is. Logged since about 2019 only; a block without a row was not completed, or completed before that.',
  types: ['edx.completion.block_completion.changed'],
  payload: true,
  keys: {
    block_id: { type: 'VARCHAR', doc: 'Last component of the block’s usage key (`block_id`)' },
  },
  measures: {
    completion: {
      type: 'DOUBLE',
      merge: 'last',
      doc: 'Completion in the latest event, a share from 0 to 1; may go back to 0; NULL when that event has no number',
    },
    first_time: { type: 'TIMESTAMP', merge: 'min', doc: 'Time of the first change, UTC' },
    last_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the latest change, UTC' },
  },
  sql: `
    with ${TOLD}
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      completed_block_id as block_id,
      {'time': time, 'hash': hash, 'value': completion} as completion,
      time as first_time,
      time as last_time
    from told
    where completed_block_id is not null
  `,
} as const satisfies SummedTable
