// One row a learner: sums over days that need care (distinct things, gaps), and who has a row without having done anything.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

const by = (user: bigint, time: string, told: Partial<EventRow> = {}): EventRow =>
  eventRow({ actor_id: user, time: `2020-03-${time}Z`, ...told })
const video = { family: 'video', event_source: 'browser', block: 'v', block_id: 'v' } as const
const problem = { family: 'problem', event_type: 'problem_check', block: 'p', block_id: 'p' } as const
/** Somebody's state, changed by somebody else. */
const state = (user: bigint, time: string, event_type: string, told: Partial<EventRow> = {}): EventRow =>
  by(99n, time, { event_type, subject_id: user, ...told })

/** The row of a learner, with the columns named. */
function own(rows: Rows, user: bigint, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  const row = rows.find((one) => one.user_id === user) ?? {}
  return Object.fromEntries(names.map((name) => [name, row[name]]))
}

test('person_course adds up days, and counts different things over all of them', async () => {
  const found = await publishedRows('person_course', [
    by(1n, '01T10:00:00', { ...video, event_type: 'play_video', position_s: 0 }),
    by(1n, '01T10:01:00', { ...video, event_type: 'pause_video', position_s: 60 }),
    by(1n, '02T10:00:00', { ...video, event_type: 'play_video', position_s: 40, duration_s: 84 }),
    by(1n, '02T10:00:40', { ...video, event_type: 'pause_video', position_s: 80 }),
    by(1n, '02T10:00:50', { ...video, event_type: 'play_video', block: 'w', block_id: 'w' }),
    by(1n, '03T10:00:00', { ...video, event_type: 'complete_video', block: 'x', block_id: 'x', duration_s: 10 }),
    by(1n, '03T11:00:00', { ...problem, success: false }),
    by(1n, '04T11:00:00', { ...problem, success: true }),
    by(1n, '04T11:00:00', { ...problem, success: true }),
    by(1n, '04T11:00:01', { ...problem, block: 'q', block_id: 'q', success: false }),
    by(1n, '04T11:00:01', { ...problem, event_type: 'showanswer', block: 'r', block_id: 'r' }),
    by(1n, '04T11:00:02', { event_type: 'page:progress' }),
  ])
  assert.equal(found.length, 1)
  assert.deepEqual(
    own(
      found,
      1n,
      'events',
      'days_active',
      'plays',
      'problem_checks',
      'show_answers',
      'page_views',
      'first_time',
      'last_time',
    ),
    {
      events: 12n,
      days_active: 4n,
      plays: 3n,
      problem_checks: 4n,
      show_answers: 1n,
      page_views: 1n,
      first_time: '2020-03-01 10:00:00',
      last_time: '2020-03-04 11:00:02',
    },
  )
  assert.deepEqual(
    own(found, 1n, 'videos_played', 'watched_s', 'videos_watched', 'problems_attempted', 'problems_correct'),
    // 80 of 84 seconds are more than 0.95; a completion that the player tells is not watched
    { videos_played: 2n, watched_s: 80, videos_watched: 1n, problems_attempted: 2n, problems_correct: 1n },
  )
})

test('person_course tells mean and deviation of the gaps of all days', async () => {
  const found = await publishedRows('person_course', [
    by(1n, '01T23:59:58'),
    by(1n, '02T00:00:00'),
    by(1n, '02T00:00:04'),
    by(1n, '02T00:00:04'),
    by(1n, '02T00:05:04'),
    by(1n, '02T00:10:05'),
    by(2n, '01T10:00:00'),
    by(2n, '01T10:00:07'),
    by(3n, '01T10:00:00'),
  ])
  const gaps = ['gaps', 'gap_sum_s', 'gap_max_s', 'gap_mean_s', 'gap_sd_s'] as const
  // 2, 4, 0 and 300 s; 301 s is too long. The mean is 76.5, the squares of the differences sum to 66,611, a third of which is the variance.
  const first = own(found, 1n, ...gaps)
  assert.deepEqual(
    { ...first, gap_sd_s: Number(Number(first.gap_sd_s).toFixed(9)) },
    {
      gaps: 4n,
      gap_sum_s: 306,
      gap_max_s: 300,
      gap_mean_s: 76.5,
      gap_sd_s: 149.008948277,
    },
  )
  assert.deepEqual(own(found, 2n, ...gaps), { gaps: 1n, gap_sum_s: 7, gap_max_s: 7, gap_mean_s: 7, gap_sd_s: null })
  assert.deepEqual(own(found, 3n, ...gaps), {
    gaps: 0n,
    gap_sum_s: 0,
    gap_max_s: null,
    gap_mean_s: null,
    gap_sd_s: null,
  })
})

test('person_course keeps the deviation of many large gaps exact', async () => {
  const START_US = Date.UTC(2020, 2, 1) * 1000
  const found = await publishedRows(
    'person_course',
    Array.from({ length: 301 }, (_, at) => eventRow({ actor_id: 1n, time_us: START_US + at * 299_999_999 })),
  )
  assert.deepEqual(own(found, 1n, 'gaps', 'gap_mean_s', 'gap_sd_s'), {
    gaps: 300n,
    gap_mean_s: 299.999999,
    gap_sd_s: 0,
  })
})

test('person_course has enrolment, grade and certificate of the one concerned, active or not', async () => {
  const found = await publishedRows('person_course', [
    by(1n, '01T10:00:00'),
    state(1n, '01T11:00:00', 'edx.course.enrollment.activated', { family: 'enrollment', mode: 'audit' }),
    state(1n, '02T11:00:00', 'edx.course.enrollment.mode_changed', { family: 'enrollment', mode: 'verified' }),
    state(2n, '01T11:00:00', 'edx.course.enrollment.activated', { family: 'enrollment', mode: 'audit' }),
    state(2n, '02T11:00:00', 'edx.course.enrollment.deactivated', { family: 'enrollment' }),
    state(3n, '03T11:00:00', 'edx.grades.course.grade_calculated', {
      family: 'grade',
      payload: '{"percent_grade": 0.75, "letter_grade": "Pass"}',
    }),
    state(3n, '03T11:00:01', 'edx.course.grade.passed.first_time', { family: 'grade', payload: '{}' }),
    state(4n, '04T11:00:00', 'edx.certificate.created', { family: 'certificate', payload: '{}' }),
    state(5n, '04T11:00:00', 'edx.course.enrollment.deactivated', { family: 'enrollment' }),
  ])
  const columns = [
    'events',
    'days_active',
    'first_time',
    'enrollment_mode',
    'enrollment_state',
    'grade',
    'passed_time',
    'certificate_time',
  ] as const
  const told = found.map((row) => [row.user_id, ...columns.map((name) => row[name])])
  assert.deepEqual(told, [
    [1n, 1n, 1n, '2020-03-01 10:00:00', 'verified', 'enrolled', null, null, null],
    [2n, 0n, 0n, null, 'audit', 'unenrolled', null, null, null],
    [3n, 0n, 0n, null, null, null, 0.75, '2020-03-03 11:00:01', null],
    [4n, 0n, 0n, null, null, null, null, null, '2020-03-04 11:00:00'],
    [99n, 8n, 4n, '2020-03-01 11:00:00', null, null, null, null, null],
  ])
  const nothing = Object.values(found[1] ?? {}).filter((value) => value === 0n || value === 0)
  assert.equal(nothing.length, 16 + 8)
})

test('person_course tells the country of most events, the latest of several', async () => {
  const found = await publishedRows('person_course', [
    by(1n, '01T10:00:00', { country: 'SE' }),
    by(1n, '01T11:00:00', { country: 'SE' }),
    by(1n, '01T12:00:00', { country: 'US' }),
    by(2n, '01T10:00:00', { country: 'SE' }),
    by(2n, '01T11:00:00', { country: 'NO' }),
    by(3n, '01T10:00:00', { country: 'FI' }),
    by(3n, '01T10:00:00', { country: 'DK' }),
    by(4n, '01T10:00:00'),
    eventRow({ country: 'SE' }),
  ])
  assert.deepEqual(
    found.map(({ user_id, country }) => [user_id, country]),
    [
      [1n, 'SE'],
      [2n, 'NO'],
      [3n, 'FI'],
      [4n, null],
    ],
  )
})
