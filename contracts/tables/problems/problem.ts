// Without it nobody could see at a glance which problems of a course are hard, or solved only after looking at the answer.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'problem',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one problem that a learner submitted, or asked for the answer or a hint of',
  doc: 'Each problem in sum over its rows of `problem_learner`. Learners who only asked for the answer or a hint count in `show_answer_learners` alone. The first try is the first submission that the logs hold, whatever number edX gave it.',
  from: ['problem_learner', 'problem_submission'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    display_name: {
      type: 'VARCHAR',
      doc: 'The problem’s title in the latest submission that tells one; NULL when none does',
    },
    learners: { type: 'BIGINT', doc: 'Learners who submitted' },
    submissions: { type: 'BIGINT', doc: 'Submissions of all learners' },
    attempts_min: { type: 'BIGINT', doc: 'Smallest `attempts_max` of a learner who submitted; NULL without one' },
    attempts_mean: { type: 'DOUBLE', doc: 'Mean of `attempts_max` over learners who submitted; NULL without one' },
    attempts_max: { type: 'BIGINT', doc: 'Largest `attempts_max` of a learner who submitted; NULL without one' },
    correct_first_try: { type: 'BIGINT', doc: 'Learners whose first submission was correct' },
    correct_ever: { type: 'BIGINT', doc: 'Learners with a correct submission' },
    mean_share: {
      type: 'DOUBLE',
      doc: 'Mean of `best_share` over the learners who have one; NULL when nobody has one, or when the mean is not finite',
    },
    show_answer_learners: { type: 'BIGINT', doc: 'Learners who asked for the answer, whether they submitted or not' },
  },
  sql: `
    with titled as (
      select
        course_id,
        problem_id,
        max({'time': time, 'hash': hash, 'value': display_name})."value" as display_name
      from problem_submission
      where display_name is not null
      group by course_id, problem_id
    ),
    counted as (
      select
        course_id,
        problem_id,
        count(*) filter (submissions > 0) as learners,
        sum(submissions) as submissions,
        min(attempts_max) filter (submissions > 0) as attempts_min,
        avg(attempts_max) filter (submissions > 0) as attempts_mean,
        max(attempts_max) filter (submissions > 0) as attempts_max,
        count(*) filter (first_success) as correct_first_try,
        count(*) filter (solved) as correct_ever,
        -- floating point numbers are added in their order, so that no order of learners can change a bit
        avg(best_share order by best_share) as mean_share,
        count(*) filter (show_answers > 0) as show_answer_learners
      from problem_learner
      group by course_id, problem_id
    )
    select
      counted.* replace (case when isfinite(mean_share) then mean_share end as mean_share),
      display_name
    from counted
    left join titled using (course_id, problem_id)
  `,
} as const satisfies DerivedTable
