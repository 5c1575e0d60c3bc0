// Textbook events have the page under two names and the chapter under one, or not at all.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

const PDF = 'textbook.pdf.page.navigated'
const read = (event_type: string, payload: unknown, told: Partial<EventRow> = {}): Partial<EventRow> => ({
  event_type,
  event_source: 'browser',
  family: 'text',
  payload: payload === undefined ? null : JSON.stringify(payload),
  ...told,
})

/** Each row: chapter in quotes, event type, n, largest page. */
const CASES: readonly {
  readonly name: string
  readonly events: readonly Partial<EventRow>[]
  readonly rows: readonly string[]
}[] = [
  {
    name: 'a book tells its page as new, a PDF as page',
    events: [
      read('book', { type: 'gotopage', chapter: 'c', old: 9, new: 4, page: 77 }),
      read('book', { type: 'nextpage', chapter: 'c', old: 4, new: 5 }),
      read(PDF, { chapter: 'c', page: 6, new: 77 }),
    ],
    rows: ['"c" book 2 5', `"c" ${PDF} 1 6`],
  },
  {
    name: 'a missing chapter is empty, as is an empty one',
    events: [read(PDF, { page: 3 }), read(PDF, { chapter: '', page: '12' }), read(PDF, { chapter: null, page: 4 })],
    rows: [`"" ${PDF} 3 12`],
  },
  {
    name: 'events without a page have none',
    events: [read('textbook.pdf.zoom.menu.changed', { chapter: 'c', amount: '2' })],
    rows: ['"c" textbook.pdf.zoom.menu.changed 1 null'],
  },
  {
    name: 'what is no whole number is no page',
    events: [1.5, -2, 'ix', '1e3', true, null, [9], { a: 9 }, 1e30].map((page) => read(PDF, { chapter: 'c', page })),
    rows: [`"c" ${PDF} 9 null`],
  },
  {
    name: 'payloads of any shape',
    events: [read('book', undefined), read('book', 'new=3'), read('book', [3]), read('book', 3)],
    rows: ['"" book 4 null'],
  },
  {
    name: 'the wiki, the pages of the reader, cut lines and anonymous readers have no row',
    events: [
      read('page:wiki', undefined, { event_source: 'server' }),
      read('page:pdfbook', undefined, { event_source: 'server' }),
      read('book', { new: 3 }, { rescued: true }),
      read('book', { new: 3 }, { actor_id: null }),
      read('book', { new: 3 }, { course_id: null }),
    ],
    rows: [],
  },
]

let rows: Rows = []
before(async () => {
  rows = await publishedRows(
    'textbook_day',
    CASES.flatMap(({ events }, index) => events.map((told) => eventRow({ actor_id: BigInt(index + 1), ...told }))),
  )
})

CASES.forEach(({ name, rows: expected }, index) => {
  test(`textbook_day: ${name}`, () => {
    const own = rows.filter((row) => row.user_id === BigInt(index + 1))
    assert.deepEqual(
      own.map((row) => `"${row.chapter}" ${row.event_type} ${row.n} ${row.max_page}`),
      expected,
    )
  })
})
