// First and last answers go by order over years, so the parts of each submission are kept until all files are there.
import { HAS_ACTOR } from '../../learner_sql.ts'
import type { KeptTable } from '../../table.ts'

export default {
  name: 'problem_part',
  kind: 'kept',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one part of one graded submission',
  doc: 'What learners answered to each part of a problem, and how it was judged.',
  columns: {
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    part_id: { type: 'VARCHAR', doc: 'Answer id as logged' },
    time: { type: 'TIMESTAMP', doc: 'Time of the submission, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders submissions of equal time' },
    answer: { type: 'VARCHAR', doc: 'The answer; lists and objects as JSON; NULL for null' },
    correct: { type: 'BOOLEAN', doc: 'Judged correct; NULL when not logged' },
    variant: { type: 'BIGINT', doc: 'Number of the variant of a randomised problem; NULL without one' },
    response_type: { type: 'VARCHAR', doc: 'Kind of response; NULL when not logged' },
    question: { type: 'VARCHAR', doc: 'Text of the question; NULL when not logged' },
  },
  types: ['problem_check'],
  payload: true,
  sql: `
    with submitted as (
      select
        course_id,
        actor_id,
        actor_name,
        block_id,
        time,
        hash,
        -- what has another shape than these becomes NULL; lists and objects become JSON where text is asked for
        json_transform(
          payload::varchar,
          '{
            "submission": "MAP(VARCHAR, STRUCT(answer VARCHAR, correct VARCHAR, variant VARCHAR, response_type VARCHAR, question VARCHAR))",
            "answers": "MAP(VARCHAR, VARCHAR)",
            "correct_map": "MAP(VARCHAR, STRUCT(correctness VARCHAR))"
          }'
        ) as told
      from event
      where event_type = 'problem_check'
        and event_source = 'server'
        and block_id is not null
        and not rescued
        and course_id is not null
        and ${HAS_ACTOR}
    ),
    parted as (
      select
        *,
        -- before October 2013 there was no submission in the payload
        unnest(
          if(cardinality(told.submission) > 0, map_keys(told.submission), map_keys(told.answers))
        ) as part_id
      from submitted
    ),
    -- an answer id is PROBLEM_N_M; beside them stand _dynamath, _comment and other things of the page
    known as (
      select
        * exclude (told),
        told.submission[part_id] as part,
        told.answers[part_id] as plain_answer,
        nullif(told.correct_map[part_id].correctness, '') = 'correct' as mapped_correct
      from parted
      where regexp_matches(part_id, '_[0-9]+_[0-9]+$')
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      block_id as problem_id,
      part_id,
      time,
      hash,
      coalesce(part.answer, plain_answer) as answer,
      case lower(part.correct)
        when 'true' then true
        when 'false' then false
        else mapped_correct
      end as correct,
      try_cast(regexp_extract(part.variant, '^\\s*([0-9]{1,18})\\s*$', 1) as bigint) as variant,
      nullif(part.response_type, '') as response_type,
      nullif(part.question, '') as question
    from known
  `,
} as const satisfies KeptTable
