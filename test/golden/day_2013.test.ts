// New Year 2013: no context, no ids, times without an offset, a forum that is requests alone. Anna watches a video over
// midnight in every odd way; Bo reads; Cy clicks once.
import { goldenDay } from './golden_day.ts'
import { tellStory } from './story.ts'

const date = '2013-01-01'
const course = 'GoldX/G1/2012_Fall'
const anna = { id: 0, name: 'anna' }
const bo = { id: 0, name: 'bo' }
const cy = { id: 0, name: 'cy' }
const day = tellStory({ date, course, context: false, names: false, offset: '' })

const id = 'i4x-GoldX-G1-video-v1'
const video = (at: string, type: string, payload: object): void =>
  day.browser(at, anna, type, { code: 'y', ...payload })

// Over midnight: the viewing belongs to the day it began.
video('2012-12-31T23:59:50', 'play_video', { id, currentTime: 0 })
video('00:00:20', 'pause_video', { id, currentTime: 30 })
// A pause without a position counts as 0, before the start: no viewing, and the stop after it finds nothing to end.
video('00:00:30', 'play_video', { id, currentTime: 30 })
video('00:00:40', 'pause_video', { id })
video('00:00:41', 'stop_video', { id, currentTime: 38 })
// A seek to where it is goes neither forward nor back, and still ends the viewing.
video('00:00:50', 'play_video', { id, currentTime: 40 })
video('00:01:00', 'seek_video', { id, old_time: 50, new_time: 50, type: 'onSlideSeek' })
video('00:01:05', 'play_video', { id, currentTime: 50 })
video('00:01:15', 'pause_video', { id, currentTime: 60 })
// The play after a seek starts at the seek's new position, half an hour later too.
video('00:02:00', 'play_video', { id, currentTime: 60 })
video('00:02:10', 'seek_video', { id, old_time: 70, new_time: 100, type: 'onSlideSeek' })
video('00:30:00', 'play_video', { id, currentTime: 70.5 })
video('00:30:20', 'pause_video', { id, currentTime: 120 })
// Of two plays the second counts.
video('00:31:00', 'play_video', { id, currentTime: 120 })
video('00:31:10', 'play_video', { id, currentTime: 130 })
video('00:31:15', 'stop_video', { id, currentTime: 135 })
// A pause that knows its position as null ends nothing.
video('00:32:00', 'play_video', { id, currentTime: 135 })
video('00:32:05', 'pause_video', { id, currentTime: null })
video('00:32:10', 'pause_video', { id, currentTime: 145 })
// An empty id and none at all: activity, but of no video.
video('00:33:00', 'play_video', { id: '', currentTime: 0 })
video('00:33:05', 'pause_video', { currentTime: 10 })
// Nobody is ten hours into a video: such a pause ends nothing.
video('00:34:00', 'play_video', { id, currentTime: 145 })
video('00:34:05', 'pause_video', { id, currentTime: 36_000.5 })
video('00:34:10', 'pause_video', { id, currentTime: 150 })
video('00:35:00', 'play_video', { id, currentTime: 10 })
video('00:35:05', 'pause_video', { id, currentTime: 15 })

day.page('10:00:00', bo, '/info')
day.page('10:00:10', bo, '/info/')
day.page('10:00:20', bo, '/courseware')
day.page('10:00:30', bo, '/courseware/w1/')
day.page('10:00:40', bo, '/courseware/w1/l1/')
day.page('10:00:50', bo, '/courseware/w1/l1')
day.page('10:01:00', bo, '/courseware/w1/l1/?x=1')
day.page('10:02:00', bo, '/progress/')
day.page('10:03:10', bo, '/course_wiki')
const thread = 'aaaaaaaaaaaaaaaaaaaaaaaa'
const response = 'bbbbbbbbbbbbbbbbbbbbbbbb'
day.page('10:05:00', bo, '/discussion/forum')
day.page('10:05:10', bo, `/discussion/forum/general/threads/${thread}`)
day.page('10:05:20', bo, `/discussion/threads/${thread}/reply`)
day.page('10:05:30', bo, `/discussion/threads/${thread}/upvote`)
day.page('10:05:40', bo, `/discussion/threads/${thread}/unvote`)
day.page('10:05:50', bo, '/discussion/general/threads/create')
day.page('10:06:00', bo, `/discussion/comments/${response}/update`)
day.page('10:06:10', bo, `/discussion/comments/${response}/delete`)
day.page('10:06:20', bo, `/discussion/comments/${response}/reply`)
day.browser('10:10:00', bo, 'book', { type: 'gotopage', old: 1, new: 5 })
day.browser('10:10:10', bo, 'book', { type: 'nextpage', old: 5, new: 6, chapter: '/static/ch2' })
day.browser('10:11:00', bo, 'page_close', '')
// Half an hour to the microsecond goes on; one microsecond more begins a session.
day.page('10:41:00', bo, '/info')
day.page('11:11:00.000001', bo, '/info')

day.browser('12:00:00', cy, 'problem_check', 'input_i4x-GoldX-G1-problem-Q1_2_1=choice_1')
// The server's side of it tells no course before there was a context.
day.server('12:00:01', cy, 'problem_check', {
  problem_id: 'i4x://GoldX/G1/problem/Q1',
  attempts: 1,
  success: 'correct',
})

goldenDay({
  title: 'New Year 2013',
  date,
  course,
  files: { [date]: day.lines },
  people: { anna: -11, bo: -22, cy: -33 },
  expected: {
    video_viewing: `
      user_id | video_id | viewing_no | start_time          | start_position_s | end_position_s | day        | closed_by
      -11     | v1       | 1          | 2012-12-31 23:59:50 | 0                | 30             | 2012-12-31 | pause
      -11     | v1       | 2          | 00:00:50            | 40               | 50             | 2013-01-01 | seek
      -11     | v1       | 3          | 00:01:05            | 50               | 60             | 2013-01-01 | pause
      -11     | v1       | 4          | 00:02:00            | 60               | 70             | 2013-01-01 | seek
      -11     | v1       | 5          | 00:30:00            | 100              | 120            | 2013-01-01 | pause
      -11     | v1       | 6          | 00:31:10            | 130              | 135            | 2013-01-01 | stop
      -11     | v1       | 7          | 00:32:00            | 135              | 145            | 2013-01-01 | pause
      -11     | v1       | 8          | 00:34:00            | 145              | 150            | 2013-01-01 | pause
      -11     | v1       | 9          | 00:35:00            | 10               | 15             | 2013-01-01 | pause`,
    video_learner: `
      user_id | video_id | loads | plays | pauses | seeks_forward | seeks_back | stops | completed | max_position_s | watched_s | rewatched_s | first_time          | last_time
      -11     | v1       | 0     | 11    | 9      | 1             | 0          | 2     | false     | 36000.5        | 100       | 5           | 2012-12-31 23:59:50 | 00:35:05`,
    'video_timeline where segment in (0, 2, 3, 7, 10, 11, 24, 25, 27, 29, 30, 31)': `
      video_id | segment | learners | views
      v1       | 0       | 1        | 1
      v1       | 2       | 1        | 2
      v1       | 3       | 1        | 2
      v1       | 10      | 1        | 2
      v1       | 11      | 1        | 1
      v1       | 24      | 1        | 1
      v1       | 27      | 1        | 2
      v1       | 29      | 1        | 2
      v1       | 30      | 1        | 1`,
    video: `
      video_id | duration_s | learners | plays | learners_at_start | learners_at_end | viewed_s | mean_watched_share | dropoff_segment
      v1       | -          | 1        | 11    | 1                 | 1               | 105      | -                  | 30`,
    page_view_day: `
      user_id | day        | page_kind  | page_key                 | n | first_time | last_time
      -22     | 2013-01-01 | info       | -                        | 4 | 10:00:00   | 11:11:00.000001
      -22     | 2013-01-01 | courseware | -                        | 1 | 10:00:20   | 10:00:20
      -22     | 2013-01-01 | courseware | w1                       | 1 | 10:00:30   | 10:00:30
      -22     | 2013-01-01 | courseware | w1/l1                    | 3 | 10:00:40   | 10:01:00
      -22     | 2013-01-01 | progress   | -                        | 1 | 10:02:00   | 10:02:00
      -22     | 2013-01-01 | wiki       | -                        | 1 | 10:03:10   | 10:03:10
      -22     | 2013-01-01 | forum      | -                        | 5 | 10:05:00   | 10:06:20
      -22     | 2013-01-01 | forum      | aaaaaaaaaaaaaaaaaaaaaaaa | 4 | 10:05:10   | 10:05:40`,
    forum_day: `
      user_id | day        | action           | n
      -22     | 2013-01-01 | viewed_forum     | 1
      -22     | 2013-01-01 | viewed_thread    | 1
      -22     | 2013-01-01 | created_response | 1
      -22     | 2013-01-01 | voted_thread     | 1
      -22     | 2013-01-01 | vote_undone      | 1
      -22     | 2013-01-01 | created_thread   | 1
      -22     | 2013-01-01 | edited_response  | 1
      -22     | 2013-01-01 | deleted_response | 1
      -22     | 2013-01-01 | created_comment  | 1`,
    textbook_day: `
      user_id | day        | chapter     | event_type | n | max_page
      -22     | 2013-01-01 |             | book       | 1 | 5
      -22     | 2013-01-01 | /static/ch2 | book       | 1 | 6`,
    session: `
      user_id | session_no | start_time          | end_time        | events | duration_s | page_closes
      -11     | 1          | 2012-12-31 23:59:50 | 00:35:05        | 26     | 2115       | 0
      -22     | 1          | 10:00:00            | 10:41:00        | 22     | 2460       | 1
      -22     | 2          | 11:11:00.000001     | 11:11:00.000001 | 1      | 0          | 0
      -33     | 1          | 12:00:00            | 12:00:00        | 1      | 0          | 0`,
    time_on_task_day: `
      user_id | day        | total_5_s | total_30_s | video_5_s | video_30_s | problem_5_s | forum_5_s | forum_30_s | text_5_s | text_30_s
      -11     | 2013-01-01 | 445       | 2115       | 445       | 2115       | 0           | 0         | 0          | 0        | 0
      -22     | 2013-01-01 | 660       | 660        | 0         | 0          | 0           | 80        | 80         | 10       | 420`,
    person_course_day: `
      user_id | day        | events | video_events | plays | pauses | seeks | problem_checks | problem_clicks | forum_events | forum_posts | page_views | textbook_events | videos_played | gaps | gap_sum_s | gap_max_s
      -11     | 2012-12-31 | 1      | 1            | 1     | 0      | 0     | 0              | 0              | 0            | 0           | 0          | 0               | 1             | 0    | 0         | -
      -11     | 2013-01-01 | 25     | 25           | 11    | 10     | 2     | 0              | 0              | 0            | 0           | 0          | 0               | 1             | 24   | 445       | 55
      -22     | 2013-01-01 | 23     | 0            | 0     | 0      | 0     | 0              | 0              | 9            | 0           | 20         | 3               | 0             | 20   | 660       | 220
      -33     | 2013-01-01 | 1      | 0            | 0     | 0      | 0     | 0              | 1              | 0            | 0           | 0          | 0               | 0             | 0    | 0         | -`,
    course_activity: `
      period | period_start | active | attempted_problem | played_video | posted_forum
      day    | 2012-12-31   | 1      | 0                 | 1            | 0
      day    | 2013-01-01   | 3      | 0                 | 1            | 0
      week   | 2012-12-31   | 3      | 0                 | 1            | 0
      month  | 2012-12-01   | 1      | 0                 | 1            | 0
      month  | 2013-01-01   | 3      | 0                 | 1            | 0`,
    enrollment: 'user_id',
    problem_submission: 'user_id',
    last_visit: `
      user_id | last_page_time  | last_page_key | last_event_time | went_past_home
      -11     | -               | -             | 00:35:05        | false
      -22     | 11:11:00.000001 | -             | 11:11:00.000001 | true
      -33     | -               | -             | 12:00:00        | false`,
  },
})
