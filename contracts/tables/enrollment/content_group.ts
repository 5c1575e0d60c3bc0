// Without it nobody could compare the groups of an experiment, because nobody could tell who was in which.
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const latest = (value: string): string => `{'time': time, 'hash': hash, 'value': ${value}}`

const TOLD = eventsTold(
  `event_type = 'xmodule.partitions.assigned_user_to_partition'
    and not rescued
    and course_id is not null
    and (actor_id is not null or actor_name is not null)`,
  {
    partition_id: ['id', '$.partition_id'],
    partition_name: ['text', '$.partition_name'],
    group_id: ['id', '$.group_id'],
    group_name: ['text', '$.group_name'],
  },
)

export default {
  name: 'content_group',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one learner and partition of the learners into groups',
  doc: 'Groups of content experiments, by the latest assignment of the learner in each partition (`xmodule.partitions.assigned_user_to_partition`, before 2015 without its prefix). Learners are assigned when they first reach the experiment: who never did has no row. All values are those of the latest assignment.',
  types: ['xmodule.partitions.assigned_user_to_partition'],
  payload: true,
  keys: {
    partition_id: { type: 'VARCHAR', doc: 'Id of the partition (`partition_id`)' },
  },
  measures: {
    partition_name: { type: 'VARCHAR', merge: 'last', doc: 'Name of the partition; NULL when not logged' },
    group_id: { type: 'VARCHAR', merge: 'last', doc: 'Id of the learner’s group (`group_id`); NULL when not logged' },
    group_name: { type: 'VARCHAR', merge: 'last', doc: 'Name of the learner’s group; NULL when not logged' },
    time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the latest assignment, UTC' },
  },
  sql: `
    with ${TOLD}
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      partition_id,
      ${latest('partition_name')} as partition_name,
      ${latest('group_id')} as group_id,
      ${latest('group_name')} as group_name,
      time
    from told
    where partition_id is not null
  `,
} as const satisfies SummedTable
