// Without it nobody could tell who worked with whom, since teams are known by these events alone.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { KeptTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type like 'edx.team.%'
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    team_id: ['id', '$.team_id'],
    topic_id: ['id', '$.topic_id'],
    add_method: ['text', '$.add_method'],
    remove_method: ['text', '$.remove_method'],
    page_name: ['text', '$.page_name'],
    field: ['text', '$.field'],
  },
)

export default {
  name: 'team_event',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one team event',
  doc: 'Events `edx.team.*`. `learner_added` and `learner_removed` are under the learner, whoever caused them; the other events name no learner and are under whoever caused them. What learners wrote (a team’s description, a search) is left out.',
  types: ['edx.team.*'],
  payload: true,
  columns: {
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time', hidden: true },
    action: {
      type: 'VARCHAR',
      doc: '`learner_added`, `learner_removed`, `created`, `changed`, `deleted`, `activity_updated`, `page_viewed` or `searched`',
    },
    team_id: { type: 'VARCHAR', doc: 'Id of the team; NULL when the event is about none' },
    topic_id: { type: 'VARCHAR', doc: 'Id of the topic that is looked at or searched; NULL for other events' },
    method: {
      type: 'VARCHAR',
      doc: 'How a learner was added (`add_method`) or removed (`remove_method`), such as `joined_from_team_view` or `team_deleted`; NULL for other events',
    },
    page_name: { type: 'VARCHAR', doc: 'Page that was looked at, such as `single-team`; NULL for other events' },
    field: { type: 'VARCHAR', doc: 'What was changed of the team, such as `name`; NULL for other events' },
    actor_user_id: {
      type: 'BIGINT',
      doc: 'Account id of whoever caused the event: the learner, or staff; NULL when the event carries no id',
    },
  },
  sql: `
    with ${TOLD}
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      time,
      hash,
      replace(event_type, 'edx.team.', '') as action,
      team_id,
      topic_id,
      coalesce(add_method, remove_method) as method,
      page_name,
      field,
      actor_id as actor_user_id
    from told
  `,
} as const satisfies KeptTable
