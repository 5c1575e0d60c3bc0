// Surveys are problems whose title says so. Which titles count is a choice of the config, made when tables are built, so what
// either choice may want is kept.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'survey_part',
  kind: 'kept',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one answer in one submission of a problem that may be a survey',
  doc: 'Answers of server events `problem_check` whose problem has a title with “survey” and “pre” or “post” in it, in any case.',
  columns: {
    survey: { type: 'VARCHAR', doc: '`pre` or `post`, whichever stands first in the title' },
    is_exact: { type: 'BOOLEAN', doc: 'The title is exactly `Pre-course survey` or `Post-survey`' },
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    part_id: { type: 'VARCHAR', doc: 'Answer id as logged' },
    question: { type: 'VARCHAR', doc: '`problem_N_M` by the end of the answer id' },
    time: { type: 'TIMESTAMP', doc: 'Time of the submission, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders submissions of equal time' },
    answer: { type: 'VARCHAR', doc: 'The answer; lists joined by commas, null as empty text' },
  },
  types: ['problem_check'],
  payload: true,
  sql: `
    with titled as (
      select
        course_id,
        actor_id,
        actor_name,
        block_id,
        time,
        hash,
        display_name in ('Pre-course survey', 'Post-survey') as is_exact,
        regexp_extract(lower(display_name), 'pre|post') as survey,
        -- NULL where it is no object
        json_transform(payload::varchar, '{"answers": "MAP(VARCHAR, JSON)"}').answers as answers
      from event
      where event_type = 'problem_check'
        and event_source = 'server'
        and lower(display_name) like '%survey%'
        and block_id is not null
        and not rescued
        and course_id is not null
        and ${HAS_ACTOR}
    ),
    parted as (
      select
        * exclude (answers),
        unnest(map_entries(answers)) as part
      from titled
      where survey <> ''
    ),
    numbered as (
      select
        *,
        part.key as part_id,
        part.value as value,
        regexp_extract(part.key, '_([0-9]+_[0-9]+)$', 1) as numbers
      from parted
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      survey,
      is_exact,
      block_id as problem_id,
      part_id,
      'problem_' || numbers as question,
      time,
      hash,
      case json_type(value)
        when 'ARRAY' then array_to_string(list_transform(value ->> '$[*]', lambda one : coalesce(one, '')), ',')
        else coalesce(value ->> '$', '')
      end as answer
    from numbered
    where numbers <> ''
  `,
} as const satisfies KeptTable
