// A course from day to day: who counts, who is new, and who is enrolled when the day ends.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

const on = (day: number, told: Partial<EventRow>): EventRow => eventRow({ time: `2020-03-0${day}T12:00:00Z`, ...told })

/** Changes the enrolment of a learner, by the hand of somebody else. */
const change = (day: number, action: string, subject_id: bigint, told: Partial<EventRow> = {}): EventRow =>
  on(day, {
    event_type: `edx.course.enrollment.${action}`,
    family: 'enrollment',
    actor_id: 99n,
    subject_id,
    mode: 'audit',
    ...told,
  })

const column = (rows: Rows, name: string): readonly unknown[] => rows.map((row) => row[name])

test('course_day counts every event, and of learners those that are known', async () => {
  const play = { event_type: 'play_video', family: 'video', event_source: 'browser' } as const
  const check = { event_type: 'problem_check', family: 'problem' } as const
  const found = await publishedRows('course_day', [
    on(1, { ...play, actor_id: 1n }),
    on(1, { ...play, actor_id: 2n, event_source: 'mobile' }),
    on(1, { ...play, actor_id: 2n, event_source: 'mobile' }),
    on(1, play),
    on(1, { ...check, actor_id: 1n }),
    on(1, { ...check, actor_id: 1n, event_source: 'browser' }),
    on(1, check),
    on(1, { event_type: 'page:progress' }),
    on(1, { event_type: 'page:progress', actor_id: 1n, event_source: 'browser' }),
    on(1, { event_type: 'xblock:problem_get', actor_id: 1n }),
    on(1, { event_type: 'edx.forum.response.created', family: 'forum', actor_id: 3n }),
    on(1, { event_type: 'edx.forum.thread.viewed', family: 'forum', actor_id: 3n }),
    on(1, { course_id: null, actor_id: 5n }),
  ])
  assert.deepEqual(found, [
    {
      course_id: 'course-v1:ChalmersX+A1+2020',
      day: '2020-03-01',
      events: 12n,
      learners: 3n,
      new_learners: 3n,
      enrolled_at_end: 0n,
      plays: 4n,
      problem_checks: 2n,
      forum_posts: 1n,
      page_views: 1n,
      mobile_learners: 1n,
    },
  ])
})

test('course_day has no row for a day without events, and counts a learner as new once', async () => {
  const found = await publishedRows('course_day', [
    on(1, { actor_id: 1n }),
    on(3, { actor_id: 1n }),
    on(3, { actor_id: 2n }),
    on(4, {}),
    on(2, { actor_id: 2n, course_id: 'other/A1/2020' }),
  ])
  const own = found.filter((row) => row.course_id !== 'other/A1/2020')
  assert.deepEqual(column(own, 'day'), ['2020-03-01', '2020-03-03', '2020-03-04'])
  assert.deepEqual(column(own, 'learners'), [1n, 2n, 0n])
  assert.deepEqual(column(own, 'new_learners'), [1n, 1n, 0n])
})

test('course_day tells the enrolled at the end of each day, whoever enrolled them', async () => {
  const found = await publishedRows('course_day', [
    on(1, { actor_id: 1n }),
    change(2, 'activated', 1n),
    change(2, 'activated', 2n),
    change(2, 'activated', 2n, { time_us: Date.UTC(2020, 2, 2, 13) * 1000, mode: 'verified' }),
    on(3, {}),
    change(4, 'deactivated', 1n),
    change(4, 'mode_changed', 2n, { mode: 'verified' }),
    change(5, 'deactivated', 2n),
    change(5, 'activated', 2n, { time_us: Date.UTC(2020, 2, 5, 13) * 1000 }),
    change(6, 'deactivated', 3n),
  ])
  assert.deepEqual(column(found, 'enrolled_at_end'), [0n, 2n, 2n, 1n, 1n, 1n])
  assert.deepEqual(column(found, 'learners'), [1n, 1n, 0n, 1n, 1n, 1n])
})
