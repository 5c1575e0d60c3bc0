// Without it a learner whose assignment is not in the logs, or was changed by hand, would be in no group or in the wrong one.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'tagged_group',
  kind: 'summed',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one learner and partition that the tags of the learner’s events name',
  doc: 'In which group of a partition the latest event says its learner to be.',
  needs: ['user_tags'],
  keys: {
    partition_id: { type: 'VARCHAR', doc: 'Id of the partition' },
  },
  measures: {
    group_id: { type: 'VARCHAR', merge: 'last', doc: 'Id of the group' },
    last_tagged: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the latest event that names the partition, UTC' },
    hash: { type: 'UBIGINT', merge: 'last', doc: 'Its hash, which orders events of equal time' },
  },
  // Tags stand on every event of a course and hardly ever change: only the latest event of each text of them is taken apart.
  // The column is an enumeration where events lie, of which JSON would be made: the cast says that its text is JSON.
  sql: `
    with latest as (
      select
        course_id,
        actor_id,
        actor_name,
        user_tags,
        max({'time': time, 'hash': hash}) as told
      from event
      where user_tags is not null
        and course_id is not null
        and ${HAS_ACTOR}
      group by all
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      tag.key as partition_id,
      {'time': told.time, 'hash': told.hash, 'value': tag.value} as group_id,
      told.time as last_tagged,
      {'time': told.time, 'hash': told.hash, 'value': told.hash} as hash
    from (
      select *, unnest(map_entries(from_json(user_tags, '"MAP(VARCHAR, VARCHAR)"'))) as tag
      from latest
    )
  `,
} as const satisfies SummedTable
