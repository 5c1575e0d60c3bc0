// A spring day of 2014: there is a context, but some lines lack the account's id; enrolments are logged, by learners and by
// staff. Anna un-enrols and comes back within a second; Bo gets his answers before he tries.
import { goldenDay } from './golden_day.ts'
import { tellStory } from './story.ts'

const date = '2014-03-12'
const course = 'GoldX/G1/2014_T1'
const anna = { id: 11, name: 'anna' }
const bo = { id: 12, name: 'bo' }
const dee = { id: 14, name: 'dee' }
const staff = { id: 90, name: 'teacher' }
const day = tellStory({ date, course, context: true, names: false, offset: '+00:00' })

const enrol = (at: string, who: typeof anna, action: string, payload: object): void =>
  day.server(at, who, `edx.course.enrollment.${action}`, { course_id: course, ...payload }, { without_course: true })

enrol('08:00:00', anna, 'activated', { user_id: 11, mode: 'honor' })
enrol('08:00:05', anna, 'mode_changed', { user_id: 11, mode: 'verified' })
// Out and in again within a second, in another mode: that mode holds, because she was out.
enrol('09:00:00', anna, 'deactivated', { user_id: 11, mode: 'verified' })
enrol('09:00:00.400000', anna, 'activated', { user_id: 11, mode: 'honor' })
// Activated while in: nothing changes, not even the mode.
enrol('09:00:01', anna, 'activated', { user_id: 11, mode: 'audit' })
// Staff's activity, learners' state. Who was never activated has no state at all.
enrol('09:30:00', staff, 'activated', { user_id: 12, mode: 'honor' })
enrol('09:31:00', staff, 'deactivated', { user_id: 12 })
enrol('09:32:00', staff, 'mode_changed', { user_id: 13, mode: 'verified' })

const Q1 = 'i4x://GoldX/G1/problem/Q1'
const part = (number: number): string => `i4x-GoldX-G1-problem-Q1_${number}_1`
const quiz = { display_name: 'Quiz' } as const

function check(at: string, who: typeof anna, given: readonly unknown[], graded: object, unusual: object = {}): void {
  const answers = Object.fromEntries(given.map((answer, index) => [part(index + 2), answer]))
  day.server(at, who, 'problem_check', { problem_id: Q1, answers, ...graded }, { ...quiz, ...unusual })
}

const judged = (...right: readonly boolean[]): object =>
  Object.fromEntries(right.map((one, index) => [part(index + 2), { correctness: one ? 'correct' : 'incorrect' }]))

// Anna's lines carry only her name here. 300 seconds between two events are a gap that counts, and no time on task of five minutes.
const nameless = { without_id: true } as const
const wrong = { success: 'incorrect', max_grade: 2 } as const
check(
  '10:00:00',
  anna,
  ['choice_0', ['a']],
  { ...wrong, attempts: 1, grade: 0, correct_map: judged(false, false) },
  nameless,
)
check(
  '10:05:00',
  anna,
  ['choice_2', ['b', 'a']],
  { ...wrong, attempts: 2, grade: 1, correct_map: judged(true, false) },
  nameless,
)
day.server('10:10:00.000001', anna, 'reset_problem', { problem_id: Q1 }, nameless)
// After a reset the attempts go back.
const right = { success: 'correct', max_grade: 2, grade: 2, attempts: 1, correct_map: judged(true, true) } as const
check('10:11:00', anna, ['choice_2', ['a', 'b']], right, nameless)
day.server('10:12:00', anna, 'showanswer', { problem_id: Q1 }, nameless)

day.server('11:00:00', bo, 'showanswer', { problem_id: Q1 })
// Nothing judged, no points that could be had: no share comes of it.
check('11:01:00', bo, ['choice_1'], { success: 'incorrect', attempts: 1, grade: null, max_grade: null })
// Two submissions at one moment, by two tabs.
const half = { ...wrong, attempts: 2, grade: 1, correct_map: judged(true, false) }
check('11:02:00', bo, ['choice_2', ['x']], half)
check('11:02:00', bo, ['choice_2', ['y']], half)

day.page('12:00:00', null, '/about')
// Dee looks at the front door only, and at an answer without trying.
day.page('13:00:00', dee, '/')
day.page('13:01:00', dee, '/about')
day.page('13:02:00', dee, '/info')
day.server('13:03:00', dee, 'showanswer', { problem_id: Q1 })
// After midnight; the course is in the URL alone.
day.page('2014-03-13T00:30:00', bo, '/info/', { without_course: true })

goldenDay({
  title: 'a spring day of 2014',
  date,
  course,
  files: { [date]: day.lines },
  people: { anna: 11 },
  expected: {
    enrollment_event: `
      user_id | time                | action       | mode     | actor_user_id | synthesized
      11      | 08:00:00            | activated    | honor    | 11            | false
      11      | 08:00:05            | mode_changed | verified | 11            | false
      11      | 09:00:00            | deactivated  | verified | 11            | false
      11      | 09:00:00.4          | activated    | honor    | 11            | false
      11      | 09:00:01            | activated    | audit    | 11            | false
      12      | 09:30:00            | activated    | honor    | 90            | false
      12      | 09:31:00            | deactivated  | honor    | 90            | false
      13      | 09:32:00            | mode_changed | verified | 90            | false`,
    enrollment: `
      user_id | is_active | mode  | first_mode | first_time | last_unenrolled | first_verified | changes
      11      | true      | honor | honor      | 08:00:00   | 09:00:00        | 08:00:05       | 4
      12      | false     | honor | honor      | 09:30:00   | 09:31:00        | -              | 2`,
    enrollment_day: `
      day        | mode  | at_end | change | joined | lapsed | ever
      2014-03-12 | honor | 1      | 1      | 1      | 0      | 1
      2014-03-13 | honor | 1      | 0      | 0      | 0      | 1`,
    'insights.enrollment_day': `
      day        | mode     | count | change | cumulative_count
      2014-03-12 | honor    | 1     | 1      | 2
      2014-03-12 | unknown  | 0     | 0      | 1
      2014-03-13 | honor    | 1     | 0      | 2
      2014-03-13 | unknown  | 0     | 0      | 1`,
    problem_submission: `
      user_id | problem_id | submission_no | time     | attempt | grade | max_grade | success | parts | parts_correct | display_name
      11      | Q1         | 1             | 10:00:00 | 1       | 0     | 2         | false   | 2     | 0             | Quiz
      11      | Q1         | 2             | 10:05:00 | 2       | 1     | 2         | false   | 2     | 1             | Quiz
      11      | Q1         | 3             | 10:11:00 | 1       | 2     | 2         | true    | 2     | 2             | Quiz
      12      | Q1         | 1             | 11:01:00 | 1       | -     | -         | false   | -     | -             | Quiz
      12      | Q1         | 2             | 11:02:00 | 2       | 1     | 2         | false   | 2     | 1             | Quiz
      12      | Q1         | 3             | 11:02:00 | 2       | 1     | 2         | false   | 2     | 1             | Quiz`,
    problem_learner: `
      user_id | problem_id | submissions | attempts_max | first_time | first_grade | first_success | last_time | last_grade | last_success | best_share | show_answers | hints | resets | saves | show_answer_first | solved
      11      | Q1         | 3           | 2            | 10:00:00   | 0           | false         | 10:11:00  | 2          | true         | 1          | 1            | 0     | 1      | 0     | false             | true
      12      | Q1         | 3           | 2            | 11:01:00   | -           | false         | 11:02:00  | 1          | false        | 0.5        | 1            | 0     | 0      | 0     | true              | false
      14      | Q1         | 0           | 0            | -          | -           | -             | -         | -          | -            | -          | 1            | 0     | 0      | 0     | true              | false`,
    problem: `
      problem_id | display_name | learners | submissions | attempts_min | attempts_mean | attempts_max | correct_first_try | correct_ever | mean_share | show_answer_learners
      Q1         | Quiz         | 2        | 6           | 2            | 2             | 2            | 0                 | 1            | 0.75       | 3`,
    'problem_answer where user_id = 11': `
      user_id | problem_id | part_id                      | first_answer | first_correct | first_variant | first_time | last_answer | last_correct | last_time | submissions
      11      | Q1         | i4x-GoldX-G1-problem-Q1_2_1  | choice_0     | false         | -             | 10:00:00   | choice_2    | true         | 10:11:00  | 3
      11      | Q1         | i4x-GoldX-G1-problem-Q1_3_1  | ["a"]        | false         | -             | 10:00:00   | ["a","b"]   | true         | 10:11:00  | 3`,
    "answer_distribution where part_id like '%_2_1'": `
      problem_id | part_id                     | variant | answer   | correct | first_responses | last_responses
      Q1         | i4x-GoldX-G1-problem-Q1_2_1 | -       | choice_0 | false   | 1               | 0
      Q1         | i4x-GoldX-G1-problem-Q1_2_1 | -       | choice_1 | -       | 1               | 0
      Q1         | i4x-GoldX-G1-problem-Q1_2_1 | -       | choice_2 | true    | 0               | 2`,
    'person_course_day where user_id in (11, 90)': `
      user_id | day        | events | problem_checks | show_answers | problems_attempted | first_time | last_time | gaps | gap_sum_s  | gap_max_s
      11      | 2014-03-12 | 10     | 3              | 1            | 1                  | 08:00:00   | 10:12:00  | 6    | 425.999999 | 300
      90      | 2014-03-12 | 3      | 0              | 0            | 0                  | 09:30:00   | 09:32:00  | 2    | 120        | 60`,
    'time_on_task_day where user_id = 11': `
      user_id | day        | total_5_s  | total_30_s | problem_5_s | problem_30_s | video_30_s
      11      | 2014-03-12 | 125.999999 | 726        | 119.999999  | 720          | 0`,
    course_activity: `
      period | period_start | active | attempted_problem | played_video | posted_forum
      day    | 2014-03-12   | 3      | 2                 | 0            | 0
      day    | 2014-03-13   | 1      | 0                 | 0            | 0
      week   | 2014-03-10   | 3      | 2                 | 0            | 0
      month  | 2014-03-01   | 3      | 2                 | 0            | 0`,
    course_day: `
      day        | events | learners | new_learners | enrolled_at_end | plays | problem_checks | forum_posts | page_views | mobile_learners
      2014-03-12 | 22     | 4        | 4            | 1               | 0     | 6              | 0           | 4          | 0
      2014-03-13 | 1      | 1        | 0            | 1               | 0     | 0              | 0           | 1          | 0`,
    'person_course where user_id <> 90': `
      user_id | events | days_active | gaps | gap_sum_s  | enrollment_mode | enrollment_state | grade | problems_attempted | problems_correct
      11      | 10     | 1           | 6    | 425.999999 | honor           | enrolled         | -     | 1                  | 1
      12      | 5      | 2           | 3    | 120        | honor           | unenrolled       | -     | 1                  | 0
      14      | 4      | 1           | 3    | 180        | -               | -                | -     | 0                  | 0`,
    last_visit: `
      user_id | last_page_time      | last_page_key | last_event_time     | went_past_home
      11      | -                   | -             | 10:12:00            | false
      12      | 2014-03-13 00:30:00 | -             | 2014-03-13 00:30:00 | false
      14      | 13:02:00            | -             | 13:03:00            | false
      90      | -                   | -             | 09:32:00            | false`,
  },
})
