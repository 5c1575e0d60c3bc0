// Without it nobody could tell who worked with whom, since teams are known by these events alone.
import { idIn, textIn } from '../../payload_sql.ts'
import type { KeptTable } from '../../table.ts'

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
    select
      course_id,
      subject_id as user_id,
      subject_name as user_name,
      time,
      hash,
      replace(event_type, 'edx.team.', '') as action,
      ${idIn('$.team_id')} as team_id,
      ${idIn('$.topic_id')} as topic_id,
      coalesce(${textIn('$.add_method')}, ${textIn('$.remove_method')}) as method,
      ${textIn('$.page_name')} as page_name,
      ${textIn('$.field')} as field,
      actor_id as actor_user_id
    from event
    where event_type like 'edx.team.%'
      and not rescued
      and course_id is not null
      and (subject_id is not null or subject_name is not null)
  `,
} as const satisfies KeptTable
