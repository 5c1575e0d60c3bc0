// Which wrong answers are common is what teachers look for, and it says nothing about any one learner.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'answer_distribution',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one answer to a variant of a part of a problem',
  doc: 'How many learners gave each answer first and last, after the answer distribution of edX Insights: each learner counts once in `first_responses` and once in `last_responses` of a part, with one submission in both. Unlike there, answers to all types of response are listed. Answers are compared as they are logged: `1` and `1.0` are two, as are two orders of the same choices.',
  from: ['problem_answer'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    part_id: { type: 'VARCHAR', doc: 'Answer id as logged' },
    variant: { type: 'BIGINT', doc: 'Variant (seed) of a randomised problem; NULL for any other' },
    answer: { type: 'VARCHAR', doc: 'The answer as in `problem_answer`; NULL when the event has null' },
    correct: {
      type: 'BOOLEAN',
      doc: 'How the latest of these responses that tells it was judged; NULL when none does',
    },
    first_responses: { type: 'BIGINT', doc: 'Learners whose first answer it was' },
    last_responses: { type: 'BIGINT', doc: 'Learners whose last answer it was' },
    question: {
      type: 'VARCHAR',
      doc: 'Text of the question in the latest of these responses that has one; NULL when none does',
    },
  },
  sql: `
    with responded as (
      select
        course_id,
        problem_id,
        part_id,
        first_variant as variant,
        first_answer as answer,
        first_correct as correct,
        first_question as question,
        first_time as time,
        first_hash as hash,
        1 as is_first,
        0 as is_last
      from problem_answer
      union all
      select
        course_id,
        problem_id,
        part_id,
        last_variant as variant,
        last_answer as answer,
        last_correct as correct,
        last_question as question,
        last_time as time,
        last_hash as hash,
        0 as is_first,
        1 as is_last
      from problem_answer
    ),
    counted as (
      select
        course_id,
        problem_id,
        part_id,
        variant,
        answer,
        max({'time': time, 'hash': hash, 'correct': correct}) filter (correct is not null) as judged,
        sum(is_first) as first_responses,
        sum(is_last) as last_responses,
        max({'time': time, 'hash': hash, 'question': question}) filter (question is not null) as asked
      from responded
      group by course_id, problem_id, part_id, variant, answer
    )
    select
      course_id,
      problem_id,
      part_id,
      variant,
      answer,
      judged.correct as correct,
      first_responses,
      last_responses,
      asked.question as question
    from counted
  `,
} as const satisfies DerivedTable
