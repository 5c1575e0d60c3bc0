// Without it what learners chose in polls and surveys within the course would be lost: they are no problems and have no grade.
import { HAS_ACTOR } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type in ('xblock.poll.submitted', 'xblock.survey.submitted')
    and not rescued
    and course_id is not null
    and ${HAS_ACTOR}`,
  {
    url_name: ['block', '$.url_name'],
    choice: ['id', '$.choice'],
  },
)

export default {
  name: 'poll_answer',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner, poll or survey block, and question',
  doc: 'Latest choices of learners in poll and survey blocks (`xblock.poll.submitted`, `xblock.survey.submitted`). Questions and answers are the ids that the block’s author gave them; their wording stands in the course. Surveys that are made of problems are in `survey_answer`.',
  types: ['xblock.poll.submitted', 'xblock.survey.submitted'],
  payload: true,
  keys: {
    block_id: {
      type: 'VARCHAR',
      doc: 'Last component of the block’s usage key (`url_name`, else the block that the event came from)',
    },
    question: {
      type: 'VARCHAR',
      doc: 'Id of the question in a survey; NULL for a poll, which has one question only',
    },
  },
  measures: {
    answer: {
      type: 'VARCHAR',
      merge: 'last',
      doc: 'Id of the latest answer; NULL when the latest submission has none',
    },
    time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the latest submission, UTC' },
    submissions: { type: 'BIGINT', merge: 'sum', doc: 'Submissions with this question' },
  },
  sql: `
    with ${TOLD},
    submitted as (
      select
        *,
        coalesce(url_name, module_id) as poll_block_id,
        case
          when json_type(payload, '$.choices') = 'OBJECT'
          then map_entries(from_json(payload -> '$.choices', '"MAP(VARCHAR, JSON)"'))
        end as choices
      from told
    ),
    answered as (
      select
        * exclude (choice, choices),
        null::varchar as question,
        choice as answer
      from submitted
      where event_type = 'xblock.poll.submitted'
      union all
      select
        * exclude (choice, choices, asked),
        asked.key as question,
        case when json_type(asked.value) not in ('OBJECT', 'ARRAY') then nullif(asked.value ->> '$', '') end as answer
      from (
        select
          *,
          unnest(choices) as asked
        from submitted
        where event_type = 'xblock.survey.submitted'
      )
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      poll_block_id as block_id,
      question,
      {'time': time, 'hash': hash, 'value': answer} as answer,
      time,
      1 as submissions
    from answered
    where poll_block_id is not null
  `,
} as const satisfies SummedTable
