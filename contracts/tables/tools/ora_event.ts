// Without it nobody could tell whom a peer assessed: an assessment names a submission, and only the event of that submission,
// perhaps weeks before and in another file, tells whose it is.
import { HAS_ACTOR } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { KeptTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type like 'openassessmentblock.%'
    and not rescued
    and course_id is not null
    and ${HAS_ACTOR}`,
  {
    submission_uuid: ['id', '$.submission_uuid'],
  },
)

export default {
  name: 'ora_event',
  kind: 'kept',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one submission, assessment or feedback in an open response assessment',
  doc: 'What actors did in open response assessments, without what they wrote.',
  types: [
    'openassessmentblock.create_submission',
    'openassessmentblock.peer_assess',
    'openassessmentblock.self_assess',
    'openassessmentblock.staff_assess',
    'openassessmentblock.submit_feedback_on_assessments',
  ],
  payload: true,
  columns: {
    block_id: { type: 'VARCHAR', doc: 'Last component of the block’s usage key; NULL when the event does not tell it' },
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time' },
    action: { type: 'VARCHAR', doc: '`submission`, `peer`, `self`, `staff` or `feedback`' },
    submission_id: {
      type: 'VARCHAR',
      doc: 'The submission it is or is about (`submission_uuid`); NULL when not logged',
    },
    criteria: { type: 'VARCHAR', doc: 'JSON list of names of criteria; NULL when it assesses none' },
    points: { type: 'VARCHAR', doc: 'JSON list of the points given, in the order of the criteria' },
  },
  sql: `
    with ${TOLD},
    named as (
      select
        *,
        case event_type
          when 'openassessmentblock.create_submission' then 'submission'
          when 'openassessmentblock.peer_assess' then 'peer'
          when 'openassessmentblock.self_assess' then 'self'
          when 'openassessmentblock.staff_assess' then 'staff'
          when 'openassessmentblock.submit_feedback_on_assessments' then 'feedback'
        end as action,
        case
          when event_type like '%\\_assess' escape '\\' and json_type(payload, '$.parts') = 'ARRAY'
          then from_json(payload -> '$.parts', '["JSON"]')
        end as judged
      from told
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      module_id as block_id,
      time,
      hash,
      action,
      submission_uuid as submission_id,
      to_json(list_transform(judged, lambda part: part ->> '$.criterion.name'))::varchar as criteria,
      to_json(list_transform(judged, lambda part: part ->> '$.option.points'))::varchar as points
    from named
    where action is not null
  `,
} as const satisfies KeptTable
