// Without it every question about who solved what, and at which try, would start from single submissions.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'problem_learner',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and problem',
  doc: 'Learners who submitted an answer to the problem or asked for its answer or a hint. First and last go by the time of the server’s `problem_check` events.',
  from: ['problem_submission', 'problem_action'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
    submissions: { type: 'BIGINT', doc: 'Submissions in the logs; 0 for somebody who only asked for answer or hint' },
    attempts_max: {
      type: 'BIGINT',
      doc: 'Largest attempt number that edX reported, else the number of submissions; 0 without a submission',
    },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first submission, UTC; NULL without one' },
    first_grade: { type: 'DOUBLE', doc: 'Points of the first submission; NULL without one or when not logged' },
    first_success: {
      type: 'BOOLEAN',
      doc: 'Whether the first submission was correct; NULL without one or when not logged',
    },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the last submission, UTC; NULL without one' },
    last_grade: { type: 'DOUBLE', doc: 'Points of the last submission; NULL without one or when not logged' },
    last_success: {
      type: 'BOOLEAN',
      doc: 'Whether the last submission was correct; NULL without one or when not logged',
    },
    best_share: {
      type: 'DOUBLE',
      doc: 'Largest grade / max_grade of a submission, a grade that was not logged being 0; a share that is not finite is none. NULL when no submission has a share, which takes a max_grade above 0',
    },
    show_answers: { type: 'BIGINT', doc: 'Times the learner asked for the answer (`showanswer`)' },
    hints: { type: 'BIGINT', doc: 'Hints shown on demand (`edx.problem.hint.demandhint_displayed`)' },
    resets: { type: 'BIGINT', doc: 'Resets (server event `reset_problem`)' },
    saves: { type: 'BIGINT', doc: 'Saves (server event `save_problem_success`)' },
    show_answer_first: {
      type: 'BOOLEAN',
      doc: 'The learner asked for the answer before the first submission, or asked and never submitted',
    },
    solved: { type: 'BOOLEAN', doc: 'Some submission was correct' },
  },
  sql: `
    with submitted as (
      select
        course_id,
        user_id,
        problem_id,
        count(*) as submissions,
        coalesce(max(attempt), count(*)) as attempts_max,
        min({'time': time, 'hash': hash}) as first_moment,
        min(time) as first_time,
        any_value(grade) filter (submission_no = 1) as first_grade,
        any_value(success) filter (submission_no = 1) as first_success,
        max(time) as last_time,
        any_value(grade) filter (is_last) as last_grade,
        any_value(success) filter (is_last) as last_success,
        -- 100 of 1e-308 points is infinite, and no share
        max(share) filter (isfinite(share)) as best_share,
        coalesce(bool_or(success), false) as solved
      from (
        select
          *,
          submission_no = count(*) over (partition by course_id, user_id, problem_id) as is_last,
          case when max_grade > 0 then coalesce(grade, 0) / max_grade end as share
        from problem_submission
      )
      group by course_id, user_id, problem_id
    ),
    acted as (
      select
        course_id,
        user_id,
        problem_id,
        count(*) filter (action = 'show_answer') as show_answers,
        count(*) filter (action = 'hint') as hints,
        count(*) filter (action = 'reset') as resets,
        count(*) filter (action = 'save') as saves,
        min({'time': time, 'hash': hash}) filter (action = 'show_answer') as first_show_answer
      from problem_action
      group by course_id, user_id, problem_id
    )
    select
      course_id,
      user_id,
      problem_id,
      coalesce(submissions, 0) as submissions,
      coalesce(attempts_max, 0) as attempts_max,
      first_time,
      first_grade,
      first_success,
      last_time,
      last_grade,
      last_success,
      best_share,
      coalesce(show_answers, 0) as show_answers,
      coalesce(hints, 0) as hints,
      coalesce(resets, 0) as resets,
      coalesce(saves, 0) as saves,
      first_show_answer is not null and (first_moment is null or first_show_answer < first_moment) as show_answer_first,
      coalesce(solved, false) as solved
    from submitted
    full join acted using (course_id, user_id, problem_id)
    where submissions is not null
      or show_answers > 0
      or hints > 0
  `,
} as const satisfies DerivedTable
