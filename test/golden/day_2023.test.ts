// Two spring days of 2023: phones that deliver late, clocks that are wrong, and the edges of the days that a file may hold.
// Anna watches on her phone over midnight; Bo's lines stand at the borders.
import { goldenDay } from './golden_day.ts'
import { tellStory } from './story.ts'

const date = '2023-03-31'
const late_date = '2023-04-13'
const course = 'course-v1:GoldX+G4+2023'
const anna = { id: 41, name: 'anna' }
const bo = { id: 42, name: 'bo' }
const style = { course, context: true, names: true, offset: '+00:00' } as const
const day = tellStory({ date, ...style })
const late = tellStory({ date: late_date, ...style })
const key = (type: string, name: string): string => `block-v1:GoldX+G4+2023+type@${type}+block@${name}`

// What a phone keeps until it has a network: the first half came in time, the second thirteen days later.
const phone = { id: 'v1', module_id: key('video', 'v1'), code: 'mobile', duration: 100 }
day.mobile('23:59:00', anna, 'edx.video.loaded', phone, { received: '2023-03-31T23:59:01+00:00' })
day.mobile(
  '23:59:10',
  anna,
  'edx.video.played',
  { ...phone, current_time: 0 },
  { received: '2023-03-31T23:59:11+00:00' },
)
const came_late = { received: '2023-04-13T06:00:00+00:00' }
late.mobile(
  '2023-04-01T00:00:40',
  anna,
  'edx.video.position.changed',
  { ...phone, old_time: 90, new_time: 60 },
  came_late,
)
// An older app logs the old name, with the new one beside it.
const played = { ...came_late, name: 'edx.video.played' }
late.mobile('2023-04-01T00:00:41', anna, 'play_video', { ...phone, current_time: '60.5' }, played)
late.mobile('2023-04-01T00:01:21', anna, 'edx.video.stopped', { ...phone, current_time: 100 }, came_late)
const done = { course_id: course, user_id: 41, block_id: key('video', 'v1'), completion: 1 }
late.server('2023-04-01T00:01:22', anna, 'edx.completion.block_completion.changed', done, came_late)

// A file may hold what happened since 2011 and up to the end of the second day after its own.
late.page('2011-01-01T00:00:00', bo, '/info')
late.page('2023-04-15T23:59:59.999999', bo, '/progress')
// Beyond, the time of receipt stands in, and without one the line is rejected.
late.page('2010-12-31T23:59:59', bo, '/wiki', { received: '2023-04-13T08:00:00+00:00' })
late.page('2023-04-16T00:00:00', bo, '/about', { received: '2023-04-13T09:00:00+00:00' })
late.page('2023-04-16T00:00:00', bo, '/info')
late.page('2010-12-31T23:59:59', bo, '/info')

goldenDay({
  title: 'two spring days of 2023',
  date,
  course,
  files: { [date]: day.lines, [late_date]: late.lines },
  people: {},
  expected: {
    video_event: `
      user_id | video_id | time                | kind       | position_s | old_position_s | new_position_s | duration_s | event_source
      41      | v1       | 23:59:00            | load_video | -          | -              | -              | 100        | mobile
      41      | v1       | 23:59:10            | play_video | 0          | -              | -              | 100        | mobile
      41      | v1       | 2023-04-01 00:00:40 | seek_video | -          | 90             | 60             | 100        | mobile
      41      | v1       | 2023-04-01 00:00:41 | play_video | 60.5       | -              | -              | 100        | mobile
      41      | v1       | 2023-04-01 00:01:21 | stop_video | 100        | -              | -              | 100        | mobile`,
    video_viewing: `
      user_id | video_id | viewing_no | start_time          | start_position_s | end_position_s | day        | closed_by
      41      | v1       | 1          | 23:59:10            | 0                | 90             | 2023-03-31 | seek
      41      | v1       | 2          | 2023-04-01 00:00:41 | 60               | 100            | 2023-04-01 | stop`,
    video_learner: `
      user_id | video_id | loads | plays | seeks_forward | seeks_back | stops | completed | max_position_s | watched_s | rewatched_s
      41      | v1       | 1     | 2     | 0             | 1          | 1     | true      | 100            | 100       | 30`,
    video: `
      video_id | duration_s | learners | plays | learners_at_start | learners_at_end | viewed_s | mean_watched_share | dropoff_segment
      v1       | 100        | 1        | 2     | 1                 | 1               | 130      | 1                  | 20`,
    video_segment: `
      user_id | video_id | first_second | last_second | watch_count
      41      | v1       | 1            | 60          | 1
      41      | v1       | 61           | 90          | 2
      41      | v1       | 91           | 100         | 1`,
    completion: `
      user_id | block_id | completion | first_time          | last_time
      41      | v1       | 1          | 2023-04-01 00:01:22 | 2023-04-01 00:01:22`,
    session: `
      user_id | session_no | start_time                 | end_time                   | events | duration_s | page_closes
      41      | 1          | 23:59:00                   | 2023-04-01 00:01:22        | 6      | 142        | 0
      42      | 1          | 2011-01-01 00:00:00        | 2011-01-01 00:00:00        | 1      | 0          | 0
      42      | 2          | 2023-04-13 08:00:00        | 2023-04-13 08:00:00        | 1      | 0          | 0
      42      | 3          | 2023-04-13 09:00:00        | 2023-04-13 09:00:00        | 1      | 0          | 0
      42      | 4          | 2023-04-15 23:59:59.999999 | 2023-04-15 23:59:59.999999 | 1      | 0          | 0`,
    page_view_day: `
      user_id | day        | page_kind | n | first_time
      42      | 2011-01-01 | info      | 1 | 2011-01-01 00:00:00
      42      | 2023-04-13 | wiki      | 1 | 2023-04-13 08:00:00
      42      | 2023-04-13 | about     | 1 | 2023-04-13 09:00:00
      42      | 2023-04-15 | progress  | 1 | 2023-04-15 23:59:59.999999`,
    time_on_task_day: `
      user_id | day        | total_5_s | total_30_s | video_5_s | video_30_s | problem_5_s
      41      | 2023-03-31 | 10        | 10         | 10        | 10         | 0
      41      | 2023-04-01 | 132       | 132        | 131       | 131        | 0`,
    'person_course_day where user_id = 41': `
      user_id | day        | events | plays | seeks | mobile_events | videos_played | gaps | gap_sum_s | gap_max_s
      41      | 2023-03-31 | 2      | 1     | 0     | 2             | 1             | 1    | 10        | 10
      41      | 2023-04-01 | 4      | 1     | 1     | 3             | 1             | 4    | 132       | 90`,
    course_day: `
      day        | events | learners | new_learners | enrolled_at_end | plays | page_views | mobile_learners
      2011-01-01 | 1      | 1        | 1            | 0               | 0     | 1          | 0
      2023-03-31 | 2      | 1        | 1            | 0               | 1     | 0          | 1
      2023-04-01 | 4      | 1        | 0            | 0               | 1     | 0          | 1
      2023-04-13 | 2      | 1        | 0            | 0               | 0     | 2          | 0
      2023-04-15 | 1      | 1        | 0            | 0               | 0     | 1          | 0`,
    "course_activity where period <> 'day'": `
      period | period_start | active | attempted_problem | played_video | posted_forum
      week   | 2010-12-27   | 1      | 0                 | 0            | 0
      week   | 2023-03-27   | 1      | 0                 | 1            | 0
      week   | 2023-04-10   | 1      | 0                 | 0            | 0
      month  | 2011-01-01   | 1      | 0                 | 0            | 0
      month  | 2023-03-01   | 1      | 0                 | 1            | 0
      month  | 2023-04-01   | 2      | 0                 | 1            | 0`,
  },
})
