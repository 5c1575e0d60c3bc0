// Without it nobody could tell whether a learner saw the answer of a problem before the first submission.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'problem_action',
  kind: 'kept',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one request of a learner for an answer or a hint, one reset or one save of a problem',
  doc: 'What learners do with a problem besides submitting.',
  types: ['showanswer', 'edx.problem.hint.demandhint_displayed', 'reset_problem', 'save_problem_success'],
  columns: {
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time' },
    action: { type: 'VARCHAR', doc: '`show_answer`, `hint`, `reset` or `save`' },
  },
  sql: `
    with named as (
      select
        *,
        case
          when event_type = 'showanswer' then 'show_answer'
          when event_type = 'edx.problem.hint.demandhint_displayed' then 'hint'
          when event_type = 'reset_problem' and event_source = 'server' then 'reset'
          when event_type = 'save_problem_success' and event_source = 'server' then 'save'
        end as action
      from event
      where family = 'problem'
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      block_id as problem_id,
      time,
      hash,
      action
    from named
    where action is not null
      and block_id is not null
      and not rescued
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies KeptTable
