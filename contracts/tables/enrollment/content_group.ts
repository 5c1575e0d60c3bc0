// Without it nobody could compare the groups of an experiment, because nobody could tell who was in which.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'content_group',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and partition of the learners into groups',
  doc: 'Groups of content experiments. Learners are assigned when they first reach the experiment (`xmodule.partitions.assigned_user_to_partition`, before 2015 without its prefix); from March 2014 on, events of a course with experiments say in their context which groups their learner is in (`context.course_user_tags`). The latest of either tells the group. Who never reached the experiment has no row.',
  from: ['assigned_group', 'tagged_group'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    partition_id: {
      type: 'VARCHAR',
      doc: 'Id of the partition: `partition_id` of assignments, the number at the end of a tag `xblock.partition_service.partition_…`',
    },
    partition_name: {
      type: 'VARCHAR',
      doc: 'Name of the partition by the latest assignment; NULL when that logs none, or no assignment is in the logs',
    },
    group_id: {
      type: 'VARCHAR',
      doc: 'Id of the learner’s group by the latest assignment or tag (`group_id`, value of the tag); NULL when a latest assignment logs none',
    },
    group_name: {
      type: 'VARCHAR',
      doc: 'Name of the group by the latest assignment, which a later tag may contradict; NULL when that logs none, or no assignment is in the logs',
    },
    time: { type: 'TIMESTAMP', doc: 'Time of the latest assignment, UTC; NULL when none is in the logs' },
    last_tagged: {
      type: 'TIMESTAMP',
      doc: 'Time of the learner’s latest event whose tags name the partition, UTC; NULL without one',
    },
  },
  // An assignment’s own tags are those of before it, so of one event it is the later word.
  sql: `
    select
      course_id,
      user_id,
      partition_id,
      assigned.partition_name,
      case
        when assigned.time is null
          or tagged.last_tagged > assigned.time
          or (tagged.last_tagged = assigned.time and tagged.hash > assigned.hash)
        then tagged.group_id
        else assigned.group_id
      end as group_id,
      assigned.group_name,
      assigned.time,
      tagged.last_tagged
    from assigned_group as assigned
    full join tagged_group as tagged using (course_id, user_id, partition_id)
  `,
} as const satisfies DerivedTable
