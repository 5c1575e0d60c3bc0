// What learners answered is asked for more than anything else, and before it every study had to read payloads itself.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'problem_answer',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and part of a problem',
  doc: 'What learners answered in their first and in their last graded submission (server event `problem_check`) that had the part, in order of time. Answers come from `submission`, which holds them as the learner saw them; events of before October 2013 have only `answers` and `correct_map`, with the names of choices instead of their texts and without variant, type and question. Free text is here as learners wrote it, and it may hold names.',
  from: ['problem_part'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    part_id: { type: 'VARCHAR', doc: 'Answer id as logged: the problem’s id and two numbers, such as `…_2_1`' },
    first_answer: {
      type: 'VARCHAR',
      doc: 'First answer: text as logged, several choices as a JSON list in the order logged; empty when it was left empty, NULL when the event has null',
    },
    first_correct: { type: 'BOOLEAN', doc: 'Whether it was judged correct; NULL when not logged' },
    first_variant: { type: 'BIGINT', doc: 'Variant (seed) of a randomised problem; NULL for any other' },
    first_response_type: {
      type: 'VARCHAR',
      doc: 'Such as `choiceresponse` or `numericalresponse`; NULL when not logged',
    },
    first_question: { type: 'VARCHAR', doc: 'Text of the question; NULL when not logged' },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first submission of the part, UTC' },
    first_hash: { type: 'UBIGINT', doc: 'Orders submissions of equal time', hidden: true },
    last_answer: { type: 'VARCHAR', doc: 'Last answer, as `first_answer`' },
    last_correct: { type: 'BOOLEAN', doc: 'Whether it was judged correct; NULL when not logged' },
    last_variant: { type: 'BIGINT', doc: 'Variant (seed) of a randomised problem; NULL for any other' },
    last_response_type: { type: 'VARCHAR', doc: 'Kind of response; NULL when not logged' },
    last_question: { type: 'VARCHAR', doc: 'Text of the question; NULL when not logged' },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the last submission of the part, UTC' },
    last_hash: { type: 'UBIGINT', doc: 'Orders submissions of equal time', hidden: true },
    submissions: { type: 'BIGINT', doc: 'Submissions that had the part' },
  },
  sql: `
    with submitted as (
      select
        course_id,
        user_id,
        problem_id,
        part_id,
        {
          'time': time,
          'hash': hash,
          'answer': answer,
          'correct': correct,
          'variant': variant,
          'response_type': response_type,
          'question': question
        } as response
      from problem_part
    ),
    chosen as (
      select
        course_id,
        user_id,
        problem_id,
        part_id,
        min(response) as first,
        max(response) as last,
        count(*) as submissions
      from submitted
      group by course_id, user_id, problem_id, part_id
    )
    select
      course_id,
      user_id,
      problem_id,
      part_id,
      first.answer as first_answer,
      first.correct as first_correct,
      first.variant as first_variant,
      first.response_type as first_response_type,
      first.question as first_question,
      first.time as first_time,
      first.hash as first_hash,
      last.answer as last_answer,
      last.correct as last_correct,
      last.variant as last_variant,
      last.response_type as last_response_type,
      last.question as last_question,
      last.time as last_time,
      last.hash as last_hash,
      submissions
    from chosen
  `,
} as const satisfies DerivedTable
