// Page views and last visits by small histories, each the one that a wrong rule would count otherwise.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

const page = (kind: string, page_key: string | null, told: Told = {}): Told => ({
  event_type: `page:${kind}`,
  page_key,
  ...told,
})

const VIEWS: readonly { readonly name: string; readonly events: readonly Told[]; readonly rows: readonly string[] }[] =
  [
    {
      name: 'views of one page on one day are one row',
      events: [
        page('courseware', 'w/s', { time: '2020-03-01T10:00:00Z' }),
        page('courseware', 'w/s', { time: '2020-03-01T09:00:00Z' }),
      ],
      rows: ['2020-03-01 courseware w/s 2 09:00:00 10:00:00'],
    },
    {
      name: 'days, kinds and keys are rows of their own, and no key is one key',
      events: [
        page('courseware', 'w', { time: '2020-03-01T23:59:59.999999Z' }),
        page('courseware', 'w', { time: '2020-03-02T00:00:00Z' }),
        page('tab', 'w', { time: '2020-03-02T00:00:00Z' }),
        page('info', null, { time: '2020-03-02T00:00:00Z' }),
        page('info', null, { time: '2020-03-02T00:00:00Z' }),
      ],
      rows: [
        '2020-03-01 courseware w 1 23:59:59.999 23:59:59.999',
        '2020-03-02 courseware w 1 00:00:00 00:00:00',
        '2020-03-02 info null 2 00:00:00 00:00:00',
        '2020-03-02 tab w 1 00:00:00 00:00:00',
      ],
    },
    {
      name: 'a line cut before its payload is a page view all the same',
      events: [page('forum', '5c', { rescued: true })],
      rows: ['2020-03-01 forum 5c 1 12:00:00 12:00:00'],
    },
    {
      name: 'other requests, other sources and events without a course are no page views',
      events: [
        { event_type: 'xblock:problem_get' },
        { event_type: 'api:other' },
        page('info', null, { event_source: 'browser' }),
        page('info', null, { course_id: null }),
        page('info', null, { actor_id: null }),
      ],
      rows: [],
    },
  ]

let views: Rows = []
before(async () => {
  views = await publishedRows('page_view_day', numbered(VIEWS))
})

/** Gives the events of each case to a learner of its own. */
function numbered(cases: readonly { readonly events: readonly Told[] }[]): readonly EventRow[] {
  return cases.flatMap(({ events }, index) => events.map((told) => eventRow({ actor_id: BigInt(index + 1), ...told })))
}

const clock = (time: unknown): string => String(time).slice(11, 23)

VIEWS.forEach(({ name, rows }, index) => {
  test(`page_view_day: ${name}`, () => {
    const own = views.filter((row) => row.user_id === BigInt(index + 1))
    assert.deepEqual(
      own.map(
        (row) =>
          `${row.day} ${row.page_kind} ${row.page_key} ${row.n} ${clock(row.first_time)} ${clock(row.last_time)}`,
      ),
      rows,
    )
  })
})

const at = (second: number): Told => ({ time: new Date(Date.UTC(2020, 2, 1, 12, 0, second)).toISOString() })

/** Each row: time and key of the last page, time of the last event, past home. */
const VISITS: readonly { readonly name: string; readonly events: readonly Told[]; readonly row: string }[] = [
  {
    name: 'the last page is the last by time, whatever its kind',
    events: [page('courseware', 'w/s', at(5)), page('courseware', 'w', at(3))],
    row: '12:00:05 w/s 12:00:05 true',
  },
  {
    name: 'a last page without a key has none',
    events: [page('courseware', 'w/s', at(5)), page('progress', null, at(6))],
    row: '12:00:06 null 12:00:06 true',
  },
  {
    name: 'pages of equal time go by their hash, which is unsigned',
    events: [
      page('courseware', 'late', { ...at(5), hash: 0xffff_ffff_ffff_fff0n }),
      page('courseware', 'early', { ...at(5), hash: 1n }),
    ],
    row: '12:00:05 late 12:00:05 true',
  },
  {
    name: 'any event is a visit, not only a page',
    events: [page('info', null, at(5)), { event_type: 'page_close', event_source: 'browser', ...at(9) }],
    row: '12:00:05 null 12:00:09 false',
  },
  {
    name: 'root, info and about are the home page, and handler calls lead nowhere',
    events: [
      page('root', null, at(1)),
      page('info', null, at(2)),
      page('about', null, at(3)),
      { event_type: 'xblock:problem_get', ...at(4) },
    ],
    row: '12:00:03 null 12:00:04 false',
  },
  {
    name: 'a move in a sequence is past home without any page view',
    events: [{ event_type: 'seq_next', event_source: 'browser', family: 'sequence', ...at(1) }],
    row: 'null null 12:00:01 true',
  },
  {
    name: 'a click on a link is not past home',
    events: [{ event_type: 'edx.ui.lms.link_clicked', event_source: 'browser', ...at(1) }],
    row: 'null null 12:00:01 false',
  },
  {
    name: 'a cut line of a page counts',
    events: [page('courseware', 'w', { ...at(1), rescued: true })],
    row: '12:00:01 w 12:00:01 true',
  },
]

let visits: Rows = []
before(async () => {
  visits = await publishedRows('last_visit', numbered(VISITS))
})

const clockOrNull = (time: unknown): string => (time === null ? 'null' : clock(time))

VISITS.forEach(({ name, row }, index) => {
  test(`last_visit: ${name}`, () => {
    const found = visits
      .filter(({ user_id }) => user_id === BigInt(index + 1))
      .map((one) =>
        [clockOrNull(one.last_page_time), one.last_page_key, clock(one.last_event_time), one.went_past_home].join(' '),
      )
    // An empty key and none would look the same in a joined text.
    assert.deepEqual(
      found.map((one) => one.replace('  ', ' null ')),
      [row],
    )
  })
})
