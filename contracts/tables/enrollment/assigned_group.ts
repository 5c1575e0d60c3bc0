// Without it content_group would not know by what name a group goes, nor when somebody was put into it.
import { HAS_ACTOR } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { SummedTable } from '../../table.ts'

const latest = (value: string): string => `{'time': time, 'hash': hash, 'value': ${value}}`

const TOLD = eventsTold(
  `event_type = 'xmodule.partitions.assigned_user_to_partition'
    and not rescued
    and course_id is not null
    and ${HAS_ACTOR}`,
  {
    partition_id: ['id', '$.partition_id'],
    partition_name: ['text', '$.partition_name'],
    group_id: ['id', '$.group_id'],
    group_name: ['text', '$.group_name'],
  },
)

export default {
  name: 'assigned_group',
  kind: 'summed',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one learner and partition',
  doc: 'The latest assignment of a learner to a group of a partition.',
  types: ['xmodule.partitions.assigned_user_to_partition'],
  payload: true,
  keys: {
    partition_id: { type: 'VARCHAR', doc: 'Id of the partition (`partition_id`)' },
  },
  measures: {
    partition_name: { type: 'VARCHAR', merge: 'last', doc: 'Name of the partition' },
    group_id: { type: 'VARCHAR', merge: 'last', doc: 'Id of the group' },
    group_name: { type: 'VARCHAR', merge: 'last', doc: 'Name of the group' },
    time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the assignment, UTC' },
    hash: { type: 'UBIGINT', merge: 'last', doc: 'Its hash, which orders events of equal time' },
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
      time,
      ${latest('hash')} as hash
    from told
    where partition_id is not null
  `,
} as const satisfies SummedTable
