// Without it a course grade could not be traced to the subsections that it is made of.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const latest = (value: string): string => `{'time': time, 'hash': hash, 'value': ${value}}`

const TOLD = eventsTold(
  `event_type = 'edx.grades.subsection.grade_calculated'
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    graded_block_id: ['block', '$.block_id'],
    weighted_graded_earned: ['number', '$.weighted_graded_earned'],
    weighted_graded_possible: ['number', '$.weighted_graded_possible'],
    weighted_total_earned: ['number', '$.weighted_total_earned'],
    weighted_total_possible: ['number', '$.weighted_total_possible'],
    first_attempted: ['time', '$.first_attempted'],
  },
)

export default {
  name: 'subsection_grade',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner and subsection with a computed grade',
  doc: 'The latest grade of a subsection that edX computed for a learner (`edx.grades.subsection.grade_calculated`), weighted as the course weighs its problems. Rows are of the learner graded, whoever caused the computation. All values are those of one event: what the latest one does not tell is NULL, even when an earlier one told it. Logged since 2017 only.',
  types: ['edx.grades.subsection.grade_calculated'],
  payload: true,
  keys: {
    block_id: { type: 'VARCHAR', doc: 'Last component of the subsection’s usage key (`block_id`)' },
  },
  measures: {
    earned_graded: {
      type: 'DOUBLE',
      merge: 'last',
      doc: 'Points earned in problems that count for the course grade (`weighted_graded_earned`); NULL when not logged',
    },
    possible_graded: {
      type: 'DOUBLE',
      merge: 'last',
      doc: 'Points that these problems give at most (`weighted_graded_possible`); NULL when not logged',
    },
    earned_total: {
      type: 'DOUBLE',
      merge: 'last',
      doc: 'Points earned in all problems of the subsection (`weighted_total_earned`); NULL when not logged',
    },
    possible_total: {
      type: 'DOUBLE',
      merge: 'last',
      doc: 'Points that all its problems give at most (`weighted_total_possible`); NULL when not logged',
    },
    first_attempted: {
      type: 'TIMESTAMP',
      merge: 'last',
      doc: 'When the learner first attempted a problem of the subsection, as edX knows it (`first_attempted`), UTC; NULL before that or when not logged',
    },
    time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the latest computation, UTC' },
  },
  sql: `
    with ${TOLD}
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      graded_block_id as block_id,
      ${latest('weighted_graded_earned')} as earned_graded,
      ${latest('weighted_graded_possible')} as possible_graded,
      ${latest('weighted_total_earned')} as earned_total,
      ${latest('weighted_total_possible')} as possible_total,
      ${latest('first_attempted')} as first_attempted,
      time
    from told
    where graded_block_id is not null
  `,
} as const satisfies SummedTable
