// First and last answers go by order over years, so the parts of each submission are kept until all files are there.
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
        json_extract(payload::varchar, ['$.submission', '$.answers', '$.correct_map']) as told
      from event
      where event_type = 'problem_check'
        and event_source = 'server'
        and block_id is not null
        and not rescued
        and course_id is not null
        and (actor_id is not null or actor_name is not null)
    ),
    -- before October 2013 there was no submission in the payload
    listed as (
      select
        *,
        if(json_type(told[1]) = 'OBJECT' and told[1] <> '{}', told[1], told[2]) as parts,
        told[2] as answers,
        told[3] as correct_map
      from submitted
    ),
    -- an answer id is PROBLEM_N_M; beside them stand _dynamath, _comment and other things of the page
    parted as (
      select
        listed.*,
        part.key as part_id,
        '/' || replace(replace(part.key, '~', '~0'), '/', '~1') as pointer,
        -- a part of a submission is an object, an answer is none
        if(json_type(part.value) = 'OBJECT', part.value, null) as part
      from listed, json_each(parts) as part
      where json_type(parts) = 'OBJECT'
        and regexp_matches(part.key, '_[0-9]+_[0-9]+$')
    ),
    read as (
      select
        *,
        json_extract_string(part, ['$.correct', '$.variant', '$.response_type', '$.question']) as fields,
        json_extract_string(correct_map, pointer || '/correctness') as correctness
      from parted
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      block_id as problem_id,
      part_id,
      time,
      hash,
      case
        when json_type(part, '$.answer') is not null then part ->> '$.answer'
        else json_extract_string(answers, pointer)
      end as answer,
      case lower(fields[1])
        when 'true' then true
        when 'false' then false
        else nullif(correctness, '') = 'correct'
      end as correct,
      try_cast(regexp_extract(fields[2], '^\\s*([0-9]{1,18})\\s*$', 1) as bigint) as variant,
      nullif(fields[3], '') as response_type,
      nullif(fields[4], '') as question
    from read
  `,
} as const satisfies KeptTable
