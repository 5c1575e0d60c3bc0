// A spring day of 2019: players tell durations, grades and certificates are logged by programs that nobody is logged into, the
// forum logs what is edited and deleted. Anna watches to the end and beyond; Bo is graded, grouped and assessed.
import { goldenDay } from './golden_day.ts'
import { tellStory } from './story.ts'

const date = '2019-03-04'
const course = 'course-v1:GoldX+G3+2019'
const anna = { id: 31, name: 'anna' }
const bo = { id: 32, name: 'bo' }
const staff = { id: 90, name: 'teacher' }
const day = tellStory({ date, course, context: true, names: true, offset: '+00:00' })
const key = (type: string, name: string): string => `block-v1:GoldX+G3+2019+type@${type}+block@${name}`

const video = (at: string, type: string, payload: object): void =>
  day.browser(at, anna, type, { id: 'v1', code: 'hls', duration: 60, ...payload })
// One second beyond the end is still a viewing, more is none.
video('09:00:00', 'play_video', { currentTime: 0 })
video('09:01:01', 'pause_video', { currentTime: 61 })
video('09:02:00', 'play_video', { currentTime: 0 })
video('09:03:01.500000', 'pause_video', { currentTime: 61.5 })
// A fifth of a second is too short, a quarter is not.
video('09:04:00', 'play_video', { currentTime: 10 })
video('09:04:00.200000', 'stop_video', { currentTime: 10.2 })
video('09:05:00', 'play_video', { currentTime: 10 })
video('09:05:00.250000', 'pause_video', { currentTime: 10.25 })
video('09:06:00', 'complete_video', { currentTime: 60 })
// An end and a start at one moment: Aspects puts the end first, so each play has its own.
const other = (at: string, type: string, currentTime: number): void =>
  day.browser(at, bo, type, { id: 'v2', code: 'hls', currentTime })
other('09:00:00', 'play_video', 0)
other('09:00:20', 'play_video', 40)
other('09:00:20', 'pause_video', 20)
other('09:00:50', 'stop_video', 70.001)

const told = { course_id: course, user_id: 32 } as const
const graded = (at: string, percent_grade: number, letter_grade: string): void =>
  day.server(at, null, 'edx.grades.course.grade_calculated', { ...told, percent_grade, letter_grade })
graded('10:00:00', 0.3, '')
graded('10:10:00', 0.7, 'Pass')
day.server('10:10:00.100000', null, 'edx.course.grade.passed.first_time', told)
day.server('10:10:00.200000', null, 'edx.course.grade.now_passed', told)
graded('10:19:59', 0.5, '')
day.server('10:20:00', null, 'edx.course.grade.now_failed', told)
const subsection = (at: string, earned: number, first_attempted: string | null): void =>
  day.server(at, null, 'edx.grades.subsection.grade_calculated', {
    ...told,
    block_id: key('sequential', 's1'),
    weighted_graded_earned: earned,
    weighted_graded_possible: 4,
    weighted_total_earned: earned + 0.5,
    weighted_total_possible: 6,
    first_attempted,
  })
subsection('10:00:01', 1, null)
subsection('10:19:58', 2, '2019-03-04 10:09:00+00:00')
const certificate = { ...told, certificate_id: 'c1', certificate_url: 'https://courses.edx.org/certificates/c1' }
// A certificate made anew: the latest one counts.
const former = { ...certificate, certificate_id: 'c0', enrollment_mode: 'honor' }
day.server('10:30:00', staff, 'edx.certificate.created', former)
day.server('11:00:00', staff, 'edx.certificate.created', { ...certificate, enrollment_mode: 'verified' })
day.browser('11:01:00', bo, 'edx.certificate.shared', { ...certificate, social_network: 'LinkedIn' })
// A stranger's look at the certificate counts for its owner.
day.server('11:02:00', anna, 'edx.certificate.evidence_visited', { ...certificate, social_network: 'LinkedIn' })
const completed = (at: string, completion: number): void =>
  day.server(at, bo, 'edx.completion.block_completion.changed', { ...told, block_id: key('video', 'v1'), completion })
completed('12:00:00', 1)
completed('12:01:00', 0)

const T1 = 'a'.repeat(24)
const thread = (at: string, who: typeof anna, what: string, payload: object = {}): void =>
  day.server(at, who, `edx.forum.thread.${what}`, { id: T1, commentable_id: 'general', ...payload })
thread('13:00:00', anna, 'created', { body: 'Hello' })
day.page('13:01:00', bo, `/discussion/forum/general/threads/${T1}`)
thread('13:01:00.100000', bo, 'viewed')
thread('13:02:00', anna, 'edited', { body: 'Hello again' })
thread('13:03:00', anna, 'deleted')
day.page('13:05:00', bo, `/discussion/forum/general/threads/${T1}`)

const cohort = { cohort_id: 5, cohort_name: 'Campus' }
day.server('14:00:00', staff, 'edx.cohort.user_added', { ...cohort, user_id: 32 })
const joined = { team_id: 'team-1', user_id: 31, add_method: 'joined_from_team_view' }
day.server('14:01:00', anna, 'edx.team.learner_added', joined)
const half = (at: string, group_id: number, group_name: string): void =>
  day.server(at, anna, 'xmodule.partitions.assigned_user_to_partition', {
    partition_id: 7,
    partition_name: 'Two ways',
    group_id,
    group_name,
  })
half('14:02:00', 0, 'Video first')
half('14:03:00', 1, 'Text first')

// Bo hands in, Anna assesses as a peer, a teacher assesses last.
const essay = { module: key('openassessment', 'e1') } as const
const judged = (points: number): object => ({
  submission_uuid: 'u1',
  parts: [{ criterion: { name: 'Ideas', points_possible: 5 }, option: { name: 'x', points } }],
})
// Which halves they are in by now stands in the context: Anna was moved since, Bo assigned before the logs begin.
const halves = { groups: { 7: 1, 8: '2' } } as const
day.server('15:00:00', bo, 'openassessmentblock.create_submission', { submission_uuid: 'u1' }, { ...essay, ...halves })
day.server('15:10:00', anna, 'openassessmentblock.peer_assess', judged(3), essay)
day.server('15:20:00', staff, 'openassessmentblock.staff_assess', judged(4), essay)
const vote = (at: string, choice: string): void =>
  day.server(
    at,
    anna,
    'xblock.poll.submitted',
    { url_name: 'p1', choice },
    { module: key('poll', 'p1'), groups: { 7: '0' } },
  )
vote('15:30:00', 'red')
vote('15:31:00', 'blue')
day.server('15:32:00', anna, 'edx.bookmark.added', { bookmark_id: 'b', component_usage_id: key('vertical', 'x') })
day.browser('15:33:00', anna, 'edx.course.search.initiated', { search_term: 'graphene' })
day.browser('15:33:01', anna, 'edx.course.search.results_displayed', { search_term: 'graphene', results_count: 2 })

const exam = {
  exam_id: 3,
  exam_name: 'Final',
  exam_content_id: key('sequential', 'x1'),
  attempt_id: 77,
  attempt_user_id: 32,
}
const attempt = (at: string, who: typeof anna, step: string, payload: object): void =>
  day.server(at, who, `edx.special_exam.proctored.attempt.${step}`, { ...exam, attempt_status: step, ...payload })
attempt('16:00:00', bo, 'created', { attempt_started_at: null })
attempt('16:00:10', bo, 'started', { attempt_started_at: '2019-03-04T16:00:10+00:00' })
attempt('16:30:00', bo, 'submitted', { attempt_completed_at: '2019-03-04T16:30:00+00:00' })
attempt('17:00:00', staff, 'rejected', {})

goldenDay({
  title: 'a spring day of 2019',
  date,
  course,
  files: { [date]: day.lines },
  people: {},
  expected: {
    'video_viewing where user_id = 31': `
      user_id | viewing_no | start_time | start_position_s | end_position_s | closed_by
      31      | 1          | 09:00:00   | 0                | 61             | pause
      31      | 2          | 09:05:00   | 10               | 10.25          | pause`,
    video_segment: `
      user_id | video_id | first_second | last_second | watch_count
      31      | v1       | 1            | 9           | 2
      31      | v1       | 10           | 11          | 4
      31      | v1       | 12           | 60          | 3
      31      | v1       | 61           | 61          | 2
      31      | v1       | 62           | 62          | 1
      32      | v2       | 1            | 20          | 1
      32      | v2       | 40           | 70          | 1`,
    'video_second where second in (20, 40, 62)': `
      user_id | video_id | second | watch_count
      31      | v1       | 20     | 3
      31      | v1       | 40     | 3
      31      | v1       | 62     | 1
      32      | v2       | 20     | 1
      32      | v2       | 40     | 1
      32      | v2       | 62     | 1`,
    'video_learner where user_id = 31': `
      user_id | plays | pauses | stops | completed | max_position_s | watched_s | rewatched_s
      31      | 4     | 3      | 1     | true      | 61.5           | 61        | 0.25`,
    "video where video_id = 'v1'": `
      video_id | duration_s | learners | plays | learners_at_start | learners_at_end | viewed_s | dropoff_segment
      v1       | 60         | 1        | 4     | 1                 | 1               | 61.25    | 12`,
    grade: `
      user_id | percent | letter | time     | passed_first | state  | state_time
      32      | 0.5     | -      | 10:19:59 | 10:10:00.1   | failed | 10:20:00`,
    subsection_grade: `
      user_id | block_id | earned_graded | possible_graded | earned_total | possible_total | first_attempted | time
      32      | s1       | 2             | 4               | 2.5          | 6              | 10:09:00        | 10:19:58`,
    certificate: `
      user_id | created  | revoked | mode     | certificate_id | shares | evidence_visits
      32      | 11:00:00 | -       | verified | c1             | 1      | 1`,
    completion: `
      user_id | block_id | completion | first_time | last_time
      32      | v1       | 0          | 12:00:00   | 12:01:00`,
    forum_day: `
      user_id | day        | action         | n
      31      | 2019-03-04 | created_thread | 1
      31      | 2019-03-04 | edited_thread  | 1
      31      | 2019-03-04 | deleted_thread | 1
      32      | 2019-03-04 | viewed_thread  | 2`,
    forum_post: `
      post_id | kind   | user_id | thread_id | parent_id | created  | edits | deleted  | votes_up | votes_down | body_length
      ${T1}   | thread | 31      | ${T1}     | -         | 13:00:00 | 1     | 13:03:00 | 0        | 0          | 11`,
    cohort_event: `
      user_id | time     | action     | cohort_id | cohort_name | previous_cohort_id | actor_user_id
      32      | 14:00:00 | user_added | 5         | Campus      | -                  | 90`,
    team_event: `
      user_id | time     | action        | team_id | method                | actor_user_id
      31      | 14:01:00 | learner_added | team-1  | joined_from_team_view | 31`,
    content_group: `
      user_id | partition_id | partition_name | group_id | group_name | time     | last_tagged
      31      | 7            | Two ways       | 0        | Text first | 14:03:00 | 15:31:00
      32      | 7            | -              | 1        | -          | -        | 15:00:00
      32      | 8            | -              | 2        | -          | -        | 15:00:00`,
    ora_learner: `
      user_id | block_id | submissions | peer_given | peer_received | self | staff | feedback | points      | first_time | last_time
      31      | e1       | 0           | 1          | 0             | 0    | 0     | 0        | -           | 15:10:00   | 15:10:00
      32      | e1       | 1           | 0          | 1             | 0    | 1     | 0        | {"Ideas":4} | 15:00:00   | 15:20:00`,
    poll_answer: `
      user_id | block_id | question | answer | time     | submissions
      31      | p1       | -        | blue   | 15:31:00 | 2`,
    bookmark_note_day: `
      user_id | day        | event_type         | n
      31      | 2019-03-04 | edx.bookmark.added | 1`,
    search_day: `
      user_id | day        | event_type                          | n
      31      | 2019-03-04 | edx.course.search.initiated         | 1
      31      | 2019-03-04 | edx.course.search.results_displayed | 1`,
    exam_attempt: `
      user_id | attempt_id | exam_id | exam_name | exam_kind | block_id | status   | last_event | started  | completed | first_time | last_time | events
      32      | 77         | 3       | Final     | proctored | x1       | rejected | rejected   | 16:00:10 | 16:30:00  | 16:00:00   | 17:00:00  | 4`,
    person_course: `
      user_id | days_active | grade | passed_time | certificate_time | videos_watched | forum_posts
      31      | 1           | -     | -           | -                | 1              | 1
      32      | 1           | 0.5   | 10:10:00.1  | 11:00:00         | 0              | 0
      90      | 1           | -     | -           | -                | 0              | 0`,
    'person_course where user_id = 31': `
      user_id | watched_s | videos_played | problems_attempted | enrollment_state
      31      | 61        | 1             | 0                  | -`,
    course_day: `
      day        | events | learners | plays | forum_posts | page_views
      2019-03-04 | 49     | 3        | 6     | 1           | 2`,
  },
})
