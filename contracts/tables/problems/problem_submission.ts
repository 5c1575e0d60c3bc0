// Without it attempts, first tries and best results, which depend on order, could not be computed over all files.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'problem_submission',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one graded submission of a learner to a problem',
  doc: 'Server events `problem_check`: the graded truth. Clicks on the button (browser events of the same name) are counted in `person_course_day.problem_clicks`. Anonymous events and lines cut before their payload are left out.',
  types: ['problem_check'],
  columns: {
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    submission_no: {
      type: 'BIGINT',
      doc: 'Running number of the learner’s submissions to this problem in the logs, from 1',
      computed: 'row_number() over (partition by course_id, user_id, problem_id order by time, hash)',
    },
    problem: { type: 'VARCHAR', doc: 'The problem’s key as logged' },
    time: { type: 'TIMESTAMP', doc: 'Time of the submission, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time', hidden: true },
    attempt: {
      type: 'BIGINT',
      doc: 'Number of the attempt as edX counted it (`attempts`); may go back after a reset; NULL when not logged',
    },
    grade: { type: 'DOUBLE', doc: 'Points given; NULL when not logged' },
    max_grade: { type: 'DOUBLE', doc: 'Points that could be had; NULL when not logged' },
    success: { type: 'BOOLEAN', doc: 'Whether edX called the whole answer correct; NULL when not logged' },
    parts: { type: 'BIGINT', doc: 'Parts of the problem that were judged (`correct_map`); NULL when not logged' },
    parts_correct: { type: 'BIGINT', doc: 'Parts judged correct; NULL when not logged' },
    display_name: { type: 'VARCHAR', doc: 'The problem’s title at that time; NULL when not logged' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      block_id as problem_id,
      block as problem,
      time,
      hash,
      attempt,
      grade,
      max_grade,
      success,
      parts,
      parts_correct,
      -- a block may be without a title, and then has an empty one
      nullif(display_name, '') as display_name
    from event
    where event_type = 'problem_check'
      and event_source = 'server'
      and block_id is not null
      and not rescued
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies KeptTable
