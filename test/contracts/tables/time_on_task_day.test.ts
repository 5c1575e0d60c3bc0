// Time on task where a wrong rule would show: strict limits, pauses within a kind across other kinds, midnights, ties.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

const page = (time: string): Told => ({ time: `2020-03-01T${time}Z` })
const of = (family: 'video' | 'problem' | 'forum' | 'text', time: string): Told => ({
  ...page(time),
  family,
  event_type: { video: 'play_video', problem: 'showanswer', forum: 'page:forum', text: 'book' }[family],
})
const later = (time_us: number): Told => ({ time_us: Date.UTC(2020, 2, 1, 10) * 1000 + time_us })

/** Each case is one learner's events, and the kinds with time: seconds under 5 and under 30 minutes. */
const CASES: readonly { readonly name: string; readonly events: readonly Told[]; readonly days: readonly string[] }[] =
  [
    { name: 'a single event has no row', events: [page('10:00:00')], days: [] },
    {
      name: 'five minutes exactly count under 30 minutes alone',
      events: [page('10:00:00'), page('10:05:00')],
      days: ['2020-03-01 total 0 300'],
    },
    {
      name: 'a microsecond less than five minutes counts in both',
      events: [later(0), later(299_999_999)],
      days: ['2020-03-01 total 299.999999 299.999999'],
    },
    { name: 'thirty minutes exactly have no row', events: [page('10:00:00'), page('10:30:00')], days: [] },
    {
      name: 'a microsecond less than thirty minutes counts',
      events: [later(0), later(1_799_999_999)],
      days: ['2020-03-01 total 0 1799.999999'],
    },
    {
      name: 'calls of block handlers are no activity',
      events: [page('10:00:00'), { ...page('10:04:00'), event_type: 'xblock:problem_get' }, page('10:06:00')],
      days: ['2020-03-01 total 0 360'],
    },
    {
      name: 'a pause of a kind runs over events of other kinds',
      events: [of('video', '10:00:00'), of('problem', '10:01:00'), page('10:02:00'), of('video', '10:06:00')],
      days: ['2020-03-01 total 360 360, video 0 360'],
    },
    {
      name: 'a page of the forum is of the forum',
      events: [of('forum', '10:00:00'), of('forum', '10:00:10'), of('text', '10:00:20'), of('text', '10:00:40')],
      days: ['2020-03-01 total 40 40, forum 10 10, text 20 20'],
    },
    {
      name: 'leaving a page belongs to the total alone',
      events: [{ ...page('10:00:00'), event_type: 'page_close' }, of('problem', '10:00:10'), of('problem', '10:00:30')],
      days: ['2020-03-01 total 30 30, problem 20 20'],
    },
    {
      name: 'two events at one moment are a counted pause of no duration',
      events: [of('video', '10:00:00'), of('problem', '10:00:00')],
      days: ['2020-03-01'],
    },
    {
      name: 'a pause belongs to the day of the later event',
      events: [
        { time: '2020-02-29T23:58:00Z' },
        { time: '2020-02-29T23:59:00Z' },
        page('00:01:00'),
        { time: '2020-03-02T00:00:00Z' },
      ],
      days: ['2020-02-29 total 60 60', '2020-03-01 total 120 120'],
    },
  ]

let rows: Rows = []
before(async () => {
  const events = CASES.flatMap(({ events }, index) =>
    events.map((told) => eventRow({ actor_id: BigInt(index + 1), ...told })),
  )
  rows = await publishedRows('time_on_task_day', events)
})

CASES.forEach(({ name, days }, index) => {
  test(`time_on_task_day: ${name}`, () => {
    const own = rows.filter((row) => row.user_id === BigInt(index + 1))
    const found = own.map((row) => {
      const kinds = ['total', 'video', 'problem', 'forum', 'text']
        .filter((kind) => row[`${kind}_30_s`] !== 0)
        .map((kind) => `${kind} ${row[`${kind}_5_s`]} ${row[`${kind}_30_s`]}`)
      return `${row.day} ${kinds.join(', ')}`.trim()
    })
    assert.deepEqual(found, days)
  })
})
