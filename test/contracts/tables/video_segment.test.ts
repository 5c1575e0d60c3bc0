// The rule of Aspects for watched seconds, case by case: which end belongs to a play, how positions become seconds.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { type MergedFiles, mergeAtOnce } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

let minute = 0
/** A video event a minute after the one before, unless it is told when. */
const video = (kind: string, told: Told): Told => {
  minute += 1
  const time = new Date(Date.UTC(2020, 2, 1, 0, minute)).toISOString()
  return { event_type: kind, family: 'video', event_source: 'browser', time, ...told }
}
const play = (position_s: number | null, told: Told = {}) => video('play_video', { position_s, ...told })
const pause = (position_s: number | null, told: Told = {}) => video('pause_video', { position_s, ...told })
const stop = (position_s: number | null, told: Told = {}) => video('stop_video', { position_s, ...told })
const seek = (old_position_s: number | null, new_position_s: number | null) =>
  video('seek_video', { old_position_s, new_position_s })
const complete = (duration_s: number | null) => video('complete_video', { position_s: 3, duration_s })

const NOON = '2020-03-02T12:00:00Z'

/** Each case is the history of one learner with one video, and its ranges: first-last second, times watched. */
const CASES: readonly {
  readonly name: string
  readonly events: readonly Told[]
  readonly ranges: readonly string[]
}[] = [
  { name: 'a play at 0 and a pause', events: [play(0), pause(3)], ranges: ['1-3 x1'] },
  { name: 'a play after the beginning keeps its own second', events: [play(2), pause(4)], ranges: ['2-4 x1'] },
  { name: 'positions are rounded up', events: [play(1.5), pause(4.2)], ranges: ['2-5 x1'] },
  { name: 'positions are cut to two decimals before', events: [play(1.009), pause(4.0099)], ranges: ['1-4 x1'] },
  {
    name: 'two decimals are those of the text, not of its binary form',
    events: [play(1), pause(2.01)],
    ranges: ['1-3 x1'],
  },
  { name: 'a play without an end', events: [play(1)], ranges: [] },
  { name: 'an end without a play', events: [pause(5), seek(6, 7)], ranges: [] },
  {
    name: 'the last end before the next play counts',
    events: [play(1), pause(5), stop(9), play(20)],
    ranges: ['1-9 x1'],
  },
  {
    name: 'the last end counts though it is before the first',
    events: [play(1), stop(9), pause(5)],
    ranges: ['1-5 x1'],
  },
  { name: 'a second play forgets the first', events: [play(1), play(6), pause(9)], ranges: ['6-9 x1'] },
  { name: 'a seek ends where it came from', events: [play(1), seek(5, 60)], ranges: ['1-5 x1'] },
  { name: 'a completion ends at the duration', events: [play(1), pause(7), complete(9.5)], ranges: ['1-10 x1'] },
  { name: 'a completion without a duration stands at 0', events: [play(1), complete(null)], ranges: [] },
  { name: 'an end at the start watches nothing', events: [play(1.2), pause(2)], ranges: [] },
  { name: 'an end before the start watches nothing', events: [play(9), pause(2)], ranges: [] },
  { name: 'a missing position is 0', events: [play(null), pause(2), play(1), pause(null)], ranges: ['1-2 x1'] },
  {
    name: 'negative positions come before the first second',
    events: [play(-5), pause(2), play(-9), pause(-2)],
    ranges: ['1-2 x1'],
  },
  {
    name: 'positions that Aspects cannot hold are 0',
    events: [play(1e300), pause(2), play(1), pause(1e7)],
    ranges: ['1-2 x1'],
  },
  {
    name: 'other events are none of its business',
    events: [play(1), video('load_video', { position_s: 50 }), pause(4), video('show_transcript', { position_s: 60 })],
    ranges: ['1-4 x1'],
  },
  {
    name: 'at equal times an end is before a play, whatever their hashes',
    events: [play(1, { hash: 9n }), play(5, { time: NOON, hash: 1n }), pause(8, { time: NOON, hash: 2n })],
    ranges: ['1-8 x1'],
  },
  {
    name: 'of two ends at one time the one with the larger hash is the last',
    events: [play(1), pause(8, { time: NOON, hash: 0x8000_0000_0000_0000n }), stop(5, { time: NOON, hash: 2n })],
    ranges: ['1-8 x1'],
  },
  {
    name: 'seconds watched several times are ranges of their own',
    events: [play(0), pause(10), play(4), pause(6), play(6), pause(12)],
    ranges: ['1-3 x1', '4-5 x2', '6-6 x3', '7-10 x2', '11-12 x1'],
  },
  {
    name: 'neighbouring seconds with one count are one range',
    events: [play(0), pause(4), play(5), pause(9), play(20), pause(21)],
    ranges: ['1-9 x1', '20-21 x1'],
  },
  { name: 'a rescued line has no payload', events: [play(1), pause(5, { rescued: true })], ranges: [] },
]

let merged: MergedFiles | null = null
before(async () => {
  const events = CASES.flatMap(({ events }, index) =>
    events.map((told) => eventRow({ block_id: 'v', block: 'v', actor_id: BigInt(index + 1), ...told })),
  )
  merged = await mergeAtOnce(events)
})

CASES.forEach(({ name, ranges }, index) => {
  test(`video_segment: ${name}`, () => {
    const own = (relation: string) =>
      (merged?.published.get(relation) ?? []).filter((row) => row.user_id === BigInt(index + 1))
    const segments = own('video_segment')
    assert.deepEqual(
      segments.map((row) => `${row.first_second}-${row.last_second} x${row.watch_count}`),
      ranges,
    )
    const seconds = segments.flatMap(({ first_second, last_second, watch_count }) =>
      Array.from({ length: Number(last_second) - Number(first_second) + 1 }, (_, at) => [
        BigInt(Number(first_second) + at),
        watch_count,
      ]),
    )
    assert.deepEqual(
      own('main.video_second').map((row) => [row.second, row.watch_count]),
      seconds,
    )
  })
})
