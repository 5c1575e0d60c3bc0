// What is counted by learner, day and course, on its edges: midnights, ties, ISO weeks at the year's end, names without ids.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeFiles, publishedRows } from '../../laws/merged_files.ts'

const of = (user: bigint, told: Partial<EventRow> & { readonly time?: string } = {}): EventRow =>
  eventRow({ actor_id: user, ...told })

test('person_course_day counts gaps of at most 300 seconds, on the day of the later event', async () => {
  const found = await publishedRows('person_course_day', [
    of(1n, { time: '2020-02-29T23:59:00Z' }),
    of(1n, { time: '2020-02-29T23:59:30Z', event_type: 'xblock:problem_get' }),
    of(1n, { time: '2020-03-01T00:04:00Z' }),
    of(1n, { time: '2020-03-01T00:04:00Z' }),
    of(1n, { time: '2020-03-01T00:04:10Z' }),
    of(1n, { time: '2020-03-01T00:09:10.001Z' }),
  ])
  const gaps = found.map(({ day, events, gaps, gap_sum_s, gap_max_s }) => ({ day, events, gaps, gap_sum_s, gap_max_s }))
  assert.deepEqual(gaps, [
    { day: '2020-02-29', events: 2n, gaps: 0n, gap_sum_s: 0, gap_max_s: null },
    // 23:59:00 to 00:04:00 is 300 s exactly, then 0 and 10 s; 300.001 s is too long
    { day: '2020-03-01', events: 4n, gaps: 3n, gap_sum_s: 310, gap_max_s: 300 },
  ])
})

test('person_course_day knows a gap of 0 as the longest, and days of handler calls alone', async () => {
  const found = await publishedRows('person_course_day', [
    of(1n, { time: '2020-03-01T00:00:00Z' }),
    of(1n, { time: '2020-03-01T00:00:00Z', event_type: 'page_close', event_source: 'browser' }),
    of(2n, { time: '2020-03-01T00:00:00Z', event_type: 'xblock:problem_get' }),
    of(2n, { time: '2020-03-01T00:00:01Z', event_type: 'xblock:problem_get' }),
  ])
  const gaps = found.map(({ user_id, gaps, gap_max_s, xblock_calls }) => ({ user_id, gaps, gap_max_s, xblock_calls }))
  assert.deepEqual(gaps, [
    { user_id: 1n, gaps: 1n, gap_max_s: 0, xblock_calls: 0n },
    { user_id: 2n, gaps: 0n, gap_max_s: null, xblock_calls: 2n },
  ])
})

test('person_course_day counts each kind of event where it belongs', async () => {
  const video = { family: 'video', event_source: 'browser', block: 'v', block_id: 'v' } as const
  const problem = { family: 'problem', event_type: 'problem_check', block: 'p', block_id: 'p' } as const
  const [row] = await publishedRows('person_course_day', [
    of(1n, { ...video, event_type: 'play_video' }),
    of(1n, { ...video, event_type: 'play_video', event_source: 'mobile' }),
    of(1n, { ...video, event_type: 'play_video', block: 'w', block_id: 'w' }),
    of(1n, { ...video, event_type: 'play_video', block: null, block_id: null }),
    of(1n, { ...video, event_type: 'pause_video' }),
    of(1n, { ...video, event_type: 'seek_video' }),
    of(1n, problem),
    of(1n, problem),
    of(1n, { ...problem, event_source: 'browser' }),
    of(1n, { family: 'problem', event_type: 'showanswer' }),
    of(1n, { family: 'problem', event_type: 'edx.problem.hint.demandhint_displayed' }),
    of(1n, { family: 'forum', event_type: 'edx.forum.comment.created' }),
    of(1n, { family: 'forum', event_type: 'edx.forum.thread.voted' }),
    of(1n, { event_type: 'page:progress' }),
    of(1n, { event_type: 'xblock:problem_check' }),
    of(1n, { family: 'text', event_type: 'book', event_source: 'browser' }),
    of(1n, { family: 'sequence', event_type: 'seq_next', event_source: 'browser' }),
  ])
  const counts = Object.fromEntries(Object.entries(row ?? {}).filter(([, value]) => typeof value === 'bigint'))
  assert.deepEqual(counts, {
    user_id: 1n,
    events: 17n,
    video_events: 6n,
    plays: 4n,
    pauses: 1n,
    seeks: 1n,
    problem_checks: 2n,
    problem_clicks: 1n,
    show_answers: 1n,
    hints: 1n,
    forum_events: 2n,
    forum_posts: 1n,
    page_views: 1n,
    xblock_calls: 1n,
    textbook_events: 1n,
    sequence_moves: 1n,
    mobile_events: 1n,
    videos_played: 2n,
    problems_attempted: 1n,
    gaps: 15n,
  })
})

test('course_activity counts each learner once a period, by ISO week over the year’s end', async () => {
  const play = { family: 'video', event_type: 'play_video' } as const
  const found = await publishedRows('course_activity', [
    of(1n, { ...play, event_source: 'mobile', time: '2020-12-31T10:00:00Z' }),
    of(1n, { ...play, event_source: 'server', time: '2021-01-03T10:00:00Z' }),
    of(2n, { event_type: 'problem_check', time: '2021-01-03T11:00:00Z' }),
    of(3n, { event_type: 'edx.course.enrollment.activated', time: '2021-01-03T11:00:00Z' }),
    of(4n, { event_type: 'edx.forum.thread.created', time: '2021-01-04T11:00:00Z' }),
    eventRow({ event_type: 'problem_check', time: '2021-01-05T11:00:00Z' }),
  ])
  const told = found.map((row) =>
    [row.period, row.period_start, row.active, row.attempted_problem, row.played_video, row.posted_forum].join(' '),
  )
  assert.deepEqual(told, [
    'day 2020-12-31 1 0 1 0',
    'day 2021-01-03 2 1 0 0',
    'day 2021-01-04 1 0 0 1',
    'month 2020-12-01 1 0 1 0',
    'month 2021-01-01 3 1 0 1',
    'week 2020-12-28 2 1 1 0',
    'week 2021-01-04 1 0 0 1',
  ])
})

test('event_type_day counts everybody’s events, and those without a course under NULL', async () => {
  const found = await publishedRows('event_type_day', [
    of(1n, { bytes: 10 }),
    eventRow({ bytes: 5 }),
    eventRow({ course_id: null, bytes: 7, time: '2020-03-01T23:59:59.999999Z' }),
  ])
  assert.deepEqual(
    found.map(({ course_id, day, n, bytes }) => ({ course_id, day, n, bytes })),
    [
      { course_id: 'course-v1:ChalmersX+A1+2020', day: '2020-03-01', n: 2n, bytes: 15n },
      { course_id: null, day: '2020-03-01', n: 1n, bytes: 7n },
    ],
  )
})

test('learner has the latest name, by the hash where times are equal', async () => {
  const [row] = await publishedRows('learner', [
    of(1n, { username: 'first', time: '2020-03-01T10:00:00Z', hash: 5n }),
    of(1n, { username: 'second', time: '2020-03-01T11:00:00Z', hash: 3n }),
    of(1n, { username: 'second', time: '2020-03-01T11:00:00Z', hash: 0x8000_0000_0000_0000n }),
    of(1n, { username: 'third', time: '2020-03-01T11:00:00Z', hash: 7n }),
    of(1n, { username: 'third', time: '2020-03-01T10:59:59.999999Z', hash: 0xffff_ffff_ffff_ffffn }),
    of(1n, { username: null, time: '2020-03-01T12:00:00Z' }),
  ])
  assert.deepEqual(row, {
    course_id: 'course-v1:ChalmersX+A1+2020',
    user_id: 1n,
    username: 'second',
    first_seen: '2020-03-01 10:00:00',
    last_seen: '2020-03-01 12:00:00',
    events: 6n,
  })
})

test('a name without an id takes the smallest id that the site knows for it, learnt in whatever course and file', async () => {
  const nameless = { actor_name: 'anna', username: 'anna' }
  const { published } = await mergeFiles([
    { date: '2020-03-01', slices: [[eventRow(nameless), of(5n, {})]] },
    {
      date: '2020-03-02',
      slices: [[of(9n, { username: 'anna', course_id: null }), of(5n, { username: 'anna', course_id: 'o/c/r' })]],
    },
  ])
  const own = (published.get('learner') ?? []).filter((row) => row.course_id !== 'o/c/r')
  assert.deepEqual(
    own.map(({ user_id, events }) => ({ user_id, events })),
    [{ user_id: 5n, events: 2n }],
  )
})

test('a name that no id is known for becomes a negative id made of its SHA-256', async () => {
  const [row] = await publishedRows('learner', [eventRow({ actor_name: 'anna', username: 'anna' })])
  // printf anna | sha256sum: 55579b557896d0ce…
  assert.equal(row?.user_id, -(1n + (0x55579b557896d0cen >> 2n)))
})
