// What is told of a video in sum: timelines at the borders of segments, unions of viewings, starts, ends and drop-offs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, publishedRows, type Rows } from '../../laws/merged_files.ts'

let minute = 0
/** A video event a minute after the one before. */
const video = (user: bigint, kind: string, told: Partial<EventRow> = {}): EventRow => {
  minute += 1
  return eventRow({
    event_type: kind,
    family: 'video',
    event_source: 'browser',
    time_us: Date.UTC(2020, 2, 1, 0, minute) * 1000,
    actor_id: user,
    block: 'v',
    block_id: 'v',
    ...told,
  })
}
/** A viewing: a play and a pause. */
const view = (user: bigint, from: number, to: number, told: Partial<EventRow> = {}): readonly EventRow[] => [
  video(user, 'play_video', { position_s: from, ...told }),
  video(user, 'pause_video', { position_s: to, ...told }),
]
/** The columns named, joined. */
const told = (rows: Rows, ...names: readonly string[]): readonly string[] =>
  rows.map((row) => names.map((name) => row[name]).join(' '))

test('video_timeline counts a viewing in each segment that it touches, and a learner once', async () => {
  const found = await publishedRows('video_timeline', [
    ...view(1n, 0, 9.999),
    ...view(1n, 4.999, 5),
    ...view(1n, 30, 30.5),
    ...view(2n, 5, 15),
    ...view(2n, 12, 18),
    ...view(2n, 1, 3, { block: 'w', block_id: 'w' }),
  ])
  assert.deepEqual(told(found, 'video_id', 'segment', 'learners', 'views'), [
    // 4.999 to 5 is shorter than 0.25 s: no viewing
    'v 0 1 1',
    'v 1 2 2',
    'v 2 1 2',
    'v 3 1 2',
    'v 6 1 1',
    'w 0 1 1',
  ])
})

test('video_learner counts each kind of event', async () => {
  const [row] = await publishedRows('video_learner', [
    video(1n, 'load_video'),
    video(1n, 'play_video', { position_s: 3 }),
    video(1n, 'play_video', { position_s: 3 }),
    video(1n, 'pause_video', { position_s: 3 }),
    video(1n, 'stop_video', { position_s: 4 }),
    video(1n, 'seek_video', { old_position_s: 4, new_position_s: 90 }),
    video(1n, 'seek_video', { old_position_s: 90, new_position_s: 5 }),
    video(1n, 'seek_video', { old_position_s: 99.5, new_position_s: 5 }),
    video(1n, 'seek_video', { old_position_s: 5, new_position_s: 5 }),
    video(1n, 'seek_video', { old_position_s: null, new_position_s: 5 }),
    video(1n, 'speed_change_video', { position_s: 500 }),
    video(1n, 'show_transcript', { position_s: 600 }),
    video(1n, 'hide_transcript', { position_s: 600 }),
    video(1n, 'edx.video.closed_captions.shown', { position_s: 600 }),
  ])
  const { first_time, last_time, course_id, ...rest } = row ?? {}
  assert.deepEqual(rest, {
    user_id: 1n,
    video_id: 'v',
    loads: 1n,
    plays: 2n,
    pauses: 1n,
    seeks_forward: 1n,
    seeks_back: 2n,
    stops: 1n,
    speed_changes: 1n,
    transcript_shows: 1n,
    transcript_hides: 1n,
    completed: false,
    max_position_s: 99.5,
    watched_s: 0,
    rewatched_s: 0,
  })
})

test('video_learner counts watched seconds once, and what is seen again apart', async () => {
  const found = await publishedRows('video_learner', [
    ...view(1n, 0, 10),
    ...view(1n, 5, 15),
    ...view(1n, 6, 7),
    ...view(1n, 20, 30),
    // rounded to milliseconds: 0.001 to 1.001
    ...view(2n, 0.0005, 1.0014),
    // touching ranges, and one within a longer one that came later
    ...view(3n, 5, 6),
    ...view(3n, 6, 7),
    ...view(3n, 4, 9),
    video(4n, 'load_video'),
  ])
  assert.deepEqual(told(found, 'user_id', 'watched_s', 'rewatched_s'), ['1 25 6', '2 1 0', '3 5 2', '4 0 0'])
})

test('video_learner is completed by the player’s word, or by 0.95 of the longest duration in the course', async () => {
  const found = await publishedRows('video_learner', [
    ...view(1n, 0, 95),
    ...view(2n, 0, 94.999),
    video(3n, 'complete_video', { duration_s: 80 }),
    // another learner's event, an anonymous one and another course tell durations
    video(4n, 'load_video', { duration_s: 100 }),
    video(5n, 'load_video', { duration_s: 300, actor_id: null }),
    video(4n, 'load_video', { duration_s: 400, course_id: 'other/A1/2020' }),
    ...view(6n, 0, 50, { block: 'w', block_id: 'w', duration_s: 0 }),
  ])
  const own = found.filter((row) => row.course_id !== 'other/A1/2020')
  assert.deepEqual(told(own, 'user_id', 'completed'), ['1 true', '2 false', '3 true', '4 false', '6 false'])
})

test('video tells starts, ends and shares by the longest duration', async () => {
  const [row] = await publishedRows('video', [
    // 200 s: the last 5 %, being shorter than 30 s, begin at 190, in segment 38
    ...view(1n, 0, 200, { duration_s: 200 }),
    ...view(1n, 0, 50),
    ...view(2n, 3, 190),
    ...view(3n, 6, 189.9),
    video(4n, 'load_video', { duration_s: 150 }),
  ])
  assert.deepEqual(row, {
    course_id: 'course-v1:ChalmersX+A1+2020',
    video_id: 'v',
    duration_s: 200,
    learners: 4n,
    plays: 4n,
    learners_at_start: 2n,
    learners_at_end: 2n,
    viewed_s: 620.9,
    mean_watched_share: (200 + 187 + 183.9) / (4 * 200),
    dropoff_segment: 40n,
  })
})

test('video: of a long video the last 30 seconds are the end', async () => {
  const [row] = await publishedRows('video', [...view(1n, 0, 970, { duration_s: 1000 }), ...view(2n, 0, 969)])
  assert.equal(row?.learners_at_end, 1n)
})

test('video finds the end by the drop-off where no duration is known', async () => {
  const everybody = Array.from({ length: 20 }, (_, at) => view(BigInt(at + 1), 0, 42)).flat()
  const [row] = await publishedRows('video', [
    ...everybody,
    ...view(1n, 42, 63),
    ...view(2n, 41, 42, { duration_s: -1 }),
  ])
  assert.deepEqual(
    [row?.duration_s, row?.dropoff_segment, row?.learners_at_end, row?.mean_watched_share],
    // segment 8 has 20 learners and the next one 1; so the video has 44 s, and 95 % of it are in segment 8
    [null, 8n, 20n, null],
  )
})

test('video without a viewing has no start, end or drop-off', async () => {
  const [row] = await publishedRows('video', [video(1n, 'load_video', { duration_s: 100 })])
  const { course_id, ...rest } = row ?? {}
  assert.deepEqual(Object.values(rest), ['v', 100, 1n, 0n, 0n, 0n, 0, 0, null])
})

test('pre_roll_day counts pre-roll events by learner, day and type, and no other table of videos does', async () => {
  const bumper = (name: string, told: Partial<EventRow> = {}): EventRow =>
    eventRow({ event_type: `edx.video.bumper.${name}`, event_source: 'browser', actor_id: 1n, ...told })
  const { published } = await mergeAtOnce([
    bumper('loaded'),
    bumper('played'),
    bumper('played', { event_source: 'mobile' }),
    bumper('played', { time_us: Date.UTC(2020, 2, 2) * 1000 }),
    bumper('played', { actor_id: null }),
  ])
  assert.deepEqual(told(published.get('pre_roll_day') ?? [], 'user_id', 'day', 'event_type', 'n'), [
    '1 2020-03-01 edx.video.bumper.loaded 1',
    '1 2020-03-01 edx.video.bumper.played 2',
    '1 2020-03-02 edx.video.bumper.played 1',
  ])
  assert.deepEqual(published.get('video_learner'), [])
})
