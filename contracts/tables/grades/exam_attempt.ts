// Without it nobody could tell who sat a proctored, practice or timed exam, and how that ended.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

/** A later event that does not tell a value leaves the one told before. */
const told = (value: string): string =>
  `case when ${value} is not null then {'time': time, 'hash': hash, 'value': ${value}} end`

const TOLD = eventsTold(
  `regexp_matches(event_type, '^edx\\.special_exam\\.(proctored|practice|timed)\\.attempt\\.')
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    attempt_id: ['id', '$.attempt_id'],
    exam_id: ['id', '$.exam_id'],
    exam_name: ['text', '$.exam_name'],
    exam_content_id: ['block', '$.exam_content_id'],
    attempt_status: ['text', '$.attempt_status'],
    attempt_started_at: ['time', '$.attempt_started_at'],
    attempt_completed_at: ['time', '$.attempt_completed_at'],
  },
)

export default {
  name: 'exam_attempt',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one attempt of a learner at a special exam',
  doc: 'Attempts at proctored, practice and timed exams (`edx.special_exam.*.attempt.*`). Rows are of the learner whose attempt it is (`attempt_user_id`), though staff and reviewers cause some of the events. Events that name no attempt, those about exams and allowances, and the page on which a learner chooses (`option-presented`) are left out.',
  types: ['edx.special_exam.*'],
  payload: true,
  keys: {
    attempt_id: { type: 'VARCHAR', doc: 'Id of the attempt on its site (`attempt_id`)' },
  },
  measures: {
    exam_id: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Id of the exam (`exam_id`) in the latest event that tells it; NULL when none does',
    },
    exam_name: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Name of the exam (`exam_name`) in the latest event that tells it; NULL when none does',
    },
    exam_kind: {
      type: 'VARCHAR',
      merge: 'last',
      doc: '`proctored`, `practice` or `timed`, by the name of the latest event',
    },
    block_id: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Last component of the usage key of the exam’s subsection (`exam_content_id`) in the latest event that tells it; NULL when none does',
    },
    status: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Status of the attempt (`attempt_status`) in the latest event that tells it, such as `submitted` or `verified`; NULL when none does',
    },
    last_event: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'What the latest event says happened, by its name: `created`, `started`, `submitted`, `verified`, `deleted`, …',
    },
    started: {
      type: 'TIMESTAMP',
      merge: 'last',
      doc: 'When the attempt was started (`attempt_started_at`) by the latest event that tells it, UTC; NULL when none does',
    },
    completed: {
      type: 'TIMESTAMP',
      merge: 'last',
      doc: 'When the attempt was completed (`attempt_completed_at`) by the latest event that tells it, UTC; NULL when none does',
    },
    first_time: { type: 'TIMESTAMP', merge: 'min', doc: 'Time of the first event of the attempt, UTC' },
    last_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the latest event of the attempt, UTC' },
    events: { type: 'BIGINT', merge: 'sum', doc: 'Events of the attempt' },
  },
  sql: `
    with ${TOLD},
    named as (
      select
        *,
        string_split(event_type, '.') as words
      from told
    )
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      attempt_id,
      ${told('exam_id')} as exam_id,
      ${told('exam_name')} as exam_name,
      {'time': time, 'hash': hash, 'value': words[3]} as exam_kind,
      ${told('exam_content_id')} as block_id,
      ${told('attempt_status')} as status,
      {'time': time, 'hash': hash, 'value': words[5]} as last_event,
      ${told('attempt_started_at')} as started,
      ${told('attempt_completed_at')} as completed,
      time as first_time,
      time as last_time,
      1 as events
    from named
    where attempt_id is not null
  `,
} as const satisfies SummedTable
