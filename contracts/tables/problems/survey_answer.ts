// Without it what learners say of themselves before and after a course would lie scattered among graded problems.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'survey_answer',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner, survey and question',
  doc: 'Answers to the surveys before and after a course, by the rule of the ChalmersX toolkit: a survey is a problem whose title is exactly `Pre-course survey` or `Post-survey`; with `survey_titles: loose` in the config’s rules, any title with “survey” and “pre” or “post” in it, in any case (so that an “Express survey” is one before the course). A survey may consist of several problems; questions are named by the two numbers at the end of the answer id, so equal names in two problems are one question. The newest answer counts, by the time of the submission; a question that a later submission leaves out keeps its older answer. Free text is here as learners wrote it.',
  from: ['survey_part'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    survey: { type: 'VARCHAR', doc: '`pre` or `post`: in a loose title whichever stands first' },
    question: { type: 'VARCHAR', doc: '`problem_N_M`, by the end of the answer id' },
    answer: {
      type: 'VARCHAR',
      doc: 'The answer as in `answers` (choices by their names); several joined by commas in the order logged; empty for null. Quotes and line ends stay',
    },
    time: { type: 'TIMESTAMP', doc: 'Time of the submission that the answer is from, UTC' },
    problem_id: { type: 'VARCHAR', doc: 'Last component of the usage key of the problem that the answer was given to' },
  },
  sql: `
    with wanted as (
      select
        *,
        {'time': time, 'hash': hash, 'part_id': part_id, 'answer': answer, 'problem_id': problem_id} as response
      from survey_part
      where is_exact
        or coalesce(getvariable('survey_titles'), 'exact') = 'loose'
    ),
    newest as (
      select
        course_id,
        user_id,
        survey,
        question,
        max(response) as response
      from wanted
      group by course_id, user_id, survey, question
    )
    select
      course_id,
      user_id,
      survey,
      question,
      response.answer as answer,
      response.time as time,
      response.problem_id as problem_id
    from newest
  `,
} as const satisfies DerivedTable
