// Without it nobody could say where a learner is: addresses are not kept, so countries are counted while lines are read.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { SummedTable } from '../../table.ts'

export default {
  name: 'learner_country',
  kind: 'summed',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one learner and country',
  doc: 'From which countries each learner’s events came, where a GeoIP file is configured.',
  needs: ['country'],
  keys: {
    country: { type: 'VARCHAR', doc: 'ISO code of the country of the address' },
  },
  measures: {
    n: { type: 'BIGINT', merge: 'sum', doc: 'Events from there' },
    last_time: { type: 'TIMESTAMP', merge: 'max', doc: 'Time of the last one, UTC' },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      country,
      1 as n,
      time as last_time
    from event
    where country is not null
      and course_id is not null
      and ${HAS_ACTOR}
  `,
} as const satisfies SummedTable
