// Without it nobody could tell which learners were in which cohort, and when.
import { HAS_SUBJECT } from '../../learner_sql.ts'
import { eventsTold } from '../../payload_sql.ts'
import type { KeptTable } from '../../table.ts'

const TOLD = eventsTold(
  `event_type like 'edx.cohort.%'
    and not rescued
    and course_id is not null
    and ${HAS_SUBJECT}`,
  {
    cohort_id: ['id', '$.cohort_id'],
    cohort_name: ['text', '$.cohort_name'],
    previous_cohort_id: ['id', '$.previous_cohort_id'],
    previous_cohort_name: ['text', '$.previous_cohort_name'],
  },
)

export default {
  name: 'cohort_event',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one cohort event',
  doc: 'Events `edx.cohort.*`: learners who came into a cohort or left it, under the learner, and cohorts that were made (`created`, `creation_requested`), under whoever made them. A learner is in one cohort at a time; the latest `user_added` or `user_removed` tells which. When staff move a learner, a `user_add_requested` stands beside the `user_added`.',
  types: ['edx.cohort.*'],
  payload: true,
  columns: {
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time', hidden: true },
    action: {
      type: 'VARCHAR',
      doc: '`user_added`, `user_removed`, `user_add_requested`, `created` or `creation_requested`',
    },
    cohort_id: { type: 'VARCHAR', doc: 'Id of the cohort; NULL when not logged' },
    cohort_name: { type: 'VARCHAR', doc: 'Name of the cohort at that time; NULL when not logged' },
    previous_cohort_id: {
      type: 'VARCHAR',
      doc: 'Id of the cohort that a learner is moved from (`user_add_requested`); NULL when there is none',
    },
    previous_cohort_name: { type: 'VARCHAR', doc: 'Name of that cohort; NULL when there is none' },
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
      replace(event_type, 'edx.cohort.', '') as action,
      cohort_id,
      cohort_name,
      previous_cohort_id,
      previous_cohort_name,
      actor_id as actor_user_id
    from told
  `,
} as const satisfies KeptTable
