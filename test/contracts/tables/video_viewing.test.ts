// The rule of Insights for viewings, case by case: what opens one, what ends it, and what is passed over.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

let minute = 0
/** A video event a minute after the one before, unless it is told when. */
const video = (kind: string, told: Told): Told => {
  minute += 1
  const time = new Date(Date.UTC(2020, 2, 1, 0, minute)).toISOString()
  return { event_type: `${kind}_video`, family: 'video', event_source: 'browser', time, ...told }
}
const play = (position_s: number | null, told: Told = {}) => video('play', { position_s, ...told })
const pause = (position_s: number | null, told: Told = {}) => video('pause', { position_s, ...told })
const stop = (position_s: number | null, told: Told = {}) => video('stop', { position_s, ...told })
const seek = (old_position_s: number | null, new_position_s: number | null, told: Told = {}) =>
  video('seek', { old_position_s, new_position_s, ...told })

/** Each case is the history of one learner with one video, and its viewings: start, end, what closed it. */
const CASES: readonly {
  readonly name: string
  readonly events: readonly Told[]
  readonly viewings: readonly string[]
}[] = [
  { name: 'a play and a pause', events: [play(1), pause(5)], viewings: ['1-5 pause'] },
  { name: 'a play and a stop', events: [play(1), stop(5)], viewings: ['1-5 stop'] },
  { name: 'a play without an end', events: [play(1)], viewings: [] },
  { name: 'an end without a play', events: [pause(5), stop(6), seek(6, 7)], viewings: [] },
  { name: 'a seek ends at its old position', events: [play(1), seek(5, 60)], viewings: ['1-5 seek'] },
  {
    name: 'a play after a seek starts where the seek went, not where the play says',
    events: [play(1), seek(5, 60), play(5), pause(70)],
    viewings: ['1-5 seek', '60-70 pause'],
  },
  {
    name: 'a seek outside of a viewing moves nothing',
    events: [play(1), pause(5), seek(5, 60), play(6), pause(9)],
    viewings: ['1-5 pause', '6-9 pause'],
  },
  {
    name: 'a pause between the seek and the play changes nothing',
    events: [play(1), seek(5, 60), pause(33), play(5), pause(70)],
    viewings: ['1-5 seek', '60-70 pause'],
  },
  {
    name: 'a seek whose viewing was dropped still moves the next play',
    events: [play(9), seek(5, 60), play(5), pause(70)],
    viewings: ['60-70 pause'],
  },
  { name: 'the second of two plays counts', events: [play(1), play(3), pause(9)], viewings: ['3-9 pause'] },
  {
    name: 'a second play forgets the seek before the first',
    events: [play(1), seek(5, 60), play(5), play(2), pause(9)],
    viewings: ['1-5 seek', '2-9 pause'],
  },
  {
    name: 'a seek with equal times ends a viewing',
    events: [play(1), seek(5, 5), play(7), pause(9)],
    viewings: ['1-5 seek', '5-9 pause'],
  },
  {
    name: 'a pause without a position counts as 0 and drops the viewing',
    events: [play(1), pause(null, { position_missing: true }), pause(9)],
    viewings: [],
  },
  {
    name: 'a pause with a null position ends nothing',
    events: [play(1), pause(null), pause(9)],
    viewings: ['1-9 pause'],
  },
  {
    name: 'a stop without a position ends nothing',
    events: [play(1), stop(null, { position_missing: true }), stop(9)],
    viewings: ['1-9 stop'],
  },
  { name: 'a play without a position opens nothing', events: [play(null), pause(9)], viewings: [] },
  {
    name: 'a seek without a new position ends nothing',
    events: [play(1), seek(5, null), pause(9)],
    viewings: ['1-9 pause'],
  },
  { name: 'a negative position is passed over', events: [play(1), pause(-1), pause(9)], viewings: ['1-9 pause'] },
  { name: 'ten hours are a position', events: [play(1), pause(36_000)], viewings: ['1-36000 pause'] },
  { name: 'more than ten hours are none', events: [play(1), pause(36_000.5), pause(9)], viewings: ['1-9 pause'] },
  { name: 'an end before its start', events: [play(5), pause(1)], viewings: [] },
  { name: 'a quarter of a second is long enough', events: [play(1), pause(1.25)], viewings: ['1-1.25 pause'] },
  { name: 'less than a quarter of a second is too short', events: [play(1), pause(1.2)], viewings: [] },
  {
    name: 'an end one second past the duration',
    events: [play(1, { duration_s: 8 }), pause(9)],
    viewings: ['1-9 pause'],
  },
  {
    name: 'an end further past the duration',
    events: [play(1, { duration_s: 8 }), pause(9.01), pause(8)],
    viewings: [],
  },
  {
    name: 'the duration of the play counts, not of its end',
    events: [play(1), pause(9, { duration_s: 2 })],
    viewings: ['1-9 pause'],
  },
  { name: 'a duration of 0 is unknown', events: [play(1, { duration_s: 0 }), pause(9)], viewings: ['1-9 pause'] },
  {
    name: 'other events of the player change nothing',
    events: [play(1), video('load', {}), video('speed_change', { position_s: 3 }), pause(9)],
    viewings: ['1-9 pause'],
  },
  {
    name: 'events of equal time go by their hash',
    events: [
      pause(9, { time: '2020-03-01T12:00:00Z', hash: 12n }),
      play(1, { time: '2020-03-01T12:00:00Z', hash: 11n }),
      play(2, { time: '2020-03-01T12:00:00Z', hash: 0xffff_ffff_ffff_ffffn }),
      pause(7, { time: '2020-03-01T12:00:01Z' }),
    ],
    viewings: ['1-9 pause', '2-7 pause'],
  },
  {
    name: 'the same event from two files counts once',
    events: [
      play(1, { time: '2020-03-01T12:00:00Z', hash: 21n }),
      play(1, { time: '2020-03-01T12:00:00Z', hash: 21n }),
      pause(9, { time: '2020-03-01T12:01:00Z', hash: 22n }),
      pause(9, { time: '2020-03-01T12:01:00Z', hash: 22n }),
    ],
    viewings: ['1-9 pause'],
  },
  { name: 'a rescued line has no payload', events: [play(1), pause(5, { rescued: true })], viewings: [] },
]

let rows: Rows = []
before(async () => {
  const events = CASES.flatMap(({ events }, index) =>
    events.map((told) => eventRow({ block_id: 'v', block: 'v', actor_id: BigInt(index + 1), ...told })),
  )
  rows = await publishedRows('video_viewing', events)
})

CASES.forEach(({ name, viewings }, index) => {
  test(`video_viewing: ${name}`, () => {
    const own = rows.filter((row) => row.user_id === BigInt(index + 1))
    const found = own.map((row) => `${row.start_position_s}-${row.end_position_s} ${row.closed_by}`)
    assert.deepEqual(found, viewings)
    assert.deepEqual(
      own.map((row) => Number(row.viewing_no)),
      viewings.map((_, at) => at + 1),
    )
  })
})

test('video_viewing gives a viewing over midnight to the day of its start', async () => {
  const watch = { block_id: 'v', block: 'v', actor_id: 1n }
  const [row] = await publishedRows('video_viewing', [
    eventRow({ ...watch, ...play(1, { time: '2020-02-29T23:59:59Z' }) }),
    eventRow({ ...watch, ...pause(5, { time: '2020-03-01T00:00:03Z' }) }),
  ])
  assert.equal(row?.day, '2020-02-29')
  assert.equal(row?.start_time, '2020-02-29 23:59:59')
})

test('video_viewing keeps videos, learners and courses apart, and leaves out who or what has no name', async () => {
  const watch = { block_id: 'v', block: 'v', actor_id: 1n }
  const found = await publishedRows('video_viewing', [
    eventRow({ ...watch, ...play(1) }),
    eventRow({ ...watch, ...pause(5), block_id: 'w' }),
    eventRow({ ...watch, ...pause(5), actor_id: 2n }),
    eventRow({ ...watch, ...pause(5), course_id: 'other/A1/2020' }),
    eventRow({ ...watch, ...pause(5), actor_id: null }),
    eventRow({ ...watch, ...pause(5), block_id: null, block: null }),
    eventRow({ ...watch, ...pause(5), course_id: null }),
  ])
  assert.deepEqual(found, [])
})
