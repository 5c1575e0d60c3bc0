// Learners who go through a sequence step by step and those who jump about look the same in counts of events by type.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'navigation_day',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, UTC day, sequence and kind of move',
  doc: 'Moves within sequences of units, and clicks in the course outline and on links, by the actor. Where a move went from and to is read from `old` and `new`, in newer events from `current_tab` and `target_tab`. Events without a target tell by their type: `seq_next` goes forward by one, `seq_prev` backward by one. A move of more than one step counts as a jump beside its direction; a move that stays, one of which the log does not tell both ends, and all clicks in outline and links count in `n` alone.',
  keys: {
    day: { type: 'DATE', doc: 'UTC calendar day of the move' },
    block_id: {
      type: 'VARCHAR',
      doc: 'Last component of the usage key of the sequence (`id`); NULL for clicks in outline and links, and where the event names none',
    },
    kind: {
      type: 'VARCHAR',
      doc: 'Canonical event type: `seq_next`, `seq_prev`, `seq_goto`, `edx.ui.lms.outline.selected`, `edx.ui.lms.sequence.outline.selected` (another name of it) or `edx.ui.lms.link_clicked`',
    },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Moves or clicks' },
    forward: { type: 'BIGINT', merge: 'sum', doc: 'Moves to a later unit, by one step or more' },
    backward: { type: 'BIGINT', merge: 'sum', doc: 'Moves to an earlier unit, by one step or more' },
    jump: { type: 'BIGINT', merge: 'sum', doc: 'Moves by more than one step, in either direction' },
  },
  types: ['seq_*', 'edx.ui.lms.sequence.*', 'edx.ui.lms.outline.selected', 'edx.ui.lms.link_clicked'],
  sql: `
    with stepped as (
      select
        *,
        case
          when new_tab - old_tab is not null then new_tab - old_tab
          when event_type = 'seq_next' then 1
          when event_type = 'seq_prev' then -1
        end as steps
      from event
      where (
          family = 'sequence'
          or event_type in ('edx.ui.lms.outline.selected', 'edx.ui.lms.link_clicked')
        )
        and not rescued
        and course_id is not null
        and ${HAS_ACTOR}
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time::date as day,
      block_id,
      event_type as kind,
      1 as n,
      coalesce(steps > 0, false)::bigint as forward,
      coalesce(steps < 0, false)::bigint as backward,
      coalesce(abs(steps) > 1, false)::bigint as jump
    from stepped
  `,
} as const satisfies SummedTable
