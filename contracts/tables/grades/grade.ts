// Without it nobody could tell who passed, when, or with what grade.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type in (
      'edx.grades.course.grade_calculated',
      'edx.course.grade.passed.first_time',
      'edx.course.grade.now_passed',
      'edx.course.grade.now_failed'
    )
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    percent_grade: ['number', '$.percent_grade'],
    letter_grade: ['text', '$.letter_grade'],
  },
)

export default {
  name: 'grade',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner with a course grade',
  doc: 'The latest grade of the course that edX computed for a learner (`edx.grades.course.grade_calculated`), and whether and when the learner passed (`edx.course.grade.*`). Rows are of the learner graded, whoever caused it. edX logs grades since 2017 only, and computes one whenever something changes: a learner without a row may still have a grade, and the latest grade in the log is not the final one while the course runs.',
  types: [
    'edx.grades.course.grade_calculated',
    'edx.course.grade.passed.first_time',
    'edx.course.grade.now_passed',
    'edx.course.grade.now_failed',
  ],
  payload: true,
  keys: {},
  measures: {
    percent: {
      type: 'DOUBLE',
      merge: 'last',
      doc: 'Grade of the latest computation as logged (`percent_grade`), a share from 0 to 1; NULL when no computation is logged or the latest one has no number',
    },
    letter: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Letter of the latest computation (`letter_grade`), such as `Pass` or `B`; NULL when it has none, as for a learner who has not passed',
    },
    time: {
      type: 'TIMESTAMP',
      merge: 'max',
      doc: 'Time of the latest computation, UTC; NULL when none is logged',
    },
    passed_first: {
      type: 'TIMESTAMP',
      merge: 'min',
      doc: 'Time of the first event that says the learner passed (`passed.first_time` or `now_passed`), UTC; NULL without one',
    },
    state: {
      type: 'VARCHAR',
      merge: 'last',
      doc: '`passed` or `failed`, by the latest of `passed.first_time`, `now_passed` and `now_failed`; NULL without one',
    },
    state_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of that event, UTC; NULL without one' },
  },
  sql: `
    with ${TOLD},
    judged as (
      select
        *,
        event_type = 'edx.grades.course.grade_calculated' as is_grade,
        case
          when event_type in ('edx.course.grade.passed.first_time', 'edx.course.grade.now_passed') then 'passed'
          when event_type = 'edx.course.grade.now_failed' then 'failed'
        end as state_told
      from told
    )
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      -- a computation without a value counts too: the older value is no longer the grade
      case when is_grade then {'time': time, 'hash': hash, 'value': percent_grade} end as percent,
      case when is_grade then {'time': time, 'hash': hash, 'value': letter_grade} end as letter,
      case when is_grade then time end as time,
      case when state_told = 'passed' then time end as passed_first,
      case when state_told is not null then {'time': time, 'hash': hash, 'value': state_told} end as state,
      case when state_told is not null then time end as state_time
    from judged
  `,
} as const satisfies SummedTable
