// A click leaves the course or not by the host of its target, and targets are written in every way.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

const PAGE = 'https://courses.edx.org/courses/course-v1:ChalmersX+A1+2020/info'

const click = (target_url: unknown, current_url: unknown, told: Told = {}): EventRow =>
  eventRow({
    event_type: 'edx.ui.lms.link_clicked',
    event_source: 'browser',
    payload: JSON.stringify({ target_url, current_url }),
    ...told,
  })

/** Target and page of a click, and what it counts as. */
const CLICKS: readonly (readonly [target: unknown, current: unknown, host: string | null, kind: string])[] = [
  ['https://en.wikipedia.org/wiki/Graphene', PAGE, 'en.wikipedia.org', 'external'],
  ['https://courses.edx.org/dashboard', PAGE, 'courses.edx.org', 'internal'],
  ['HTTPS://Courses.EdX.org', PAGE, 'courses.edx.org', 'internal'],
  ['https://courses.edx.org:443/dashboard', PAGE, 'courses.edx.org', 'internal'],
  ['//example.org/x', PAGE, 'example.org', 'external'],
  ['http://me:secret@example.org:8080?q=//other.org', PAGE, 'example.org', 'external'],
  ['http://[2001:db8::1]:80/', PAGE, '[2001:db8::1]', 'external'],
  [' https://example.org ', PAGE, 'example.org', 'external'],
  ['https://example.org#a@b', PAGE, 'example.org', 'external'],
  ['http://sub.courses.edx.org', PAGE, 'sub.courses.edx.org', 'external'],
  ['https://example.org', null, 'example.org', 'external'],
  ['https://example.org', '/courses/x', 'example.org', 'external'],
  ['/courses/x/progress', PAGE, null, 'internal'],
  ['/login?next=https://example.org', PAGE, null, 'internal'],
  ['#top', PAGE, null, 'internal'],
  ['mailto:ada@example.org', PAGE, null, 'internal'],
  ['javascript:void(0)', PAGE, null, 'internal'],
  ['http://', PAGE, null, 'internal'],
  ['', PAGE, null, 'internal'],
  [null, PAGE, null, 'internal'],
  [{ url: 'https://example.org' }, [1], null, 'internal'],
]

let rows: Rows = []
before(async () => {
  rows = await publishedRows(
    'link_click_day',
    CLICKS.map(([target, current], index) => click(target, current, { course_id: `click-${index}` })),
  )
})

CLICKS.forEach(([target, current, host, kind], index) => {
  test(`link_click_day: ${JSON.stringify(target)} from ${JSON.stringify(current)} is ${kind}`, () => {
    const own = rows.filter(({ course_id }) => course_id === `click-${index}`)
    assert.deepEqual(
      own.map((row) => [row.target_host, row.internal, row.external]),
      [[host, kind === 'internal' ? 1n : 0n, kind === 'external' ? 1n : 0n]],
    )
  })
})

test('link_click_day takes payloads of any shape, and clicks of anybody', async () => {
  const found = await publishedRows('link_click_day', [
    click('https://example.org/a', PAGE),
    click('http://example.org/b', PAGE, { actor_id: 1n }),
    click('http://example.org/b', PAGE, { time: '2020-03-02T00:00:00Z' }),
    click(null, null, { time: '2020-03-03T00:00:00Z', payload: null }),
    click(null, null, { time: '2020-03-03T00:00:00Z', payload: '["https://example.org"]' }),
    click(null, null, { time: '2020-03-03T00:00:00Z', payload: '"target_url=https://example.org"' }),
  ])
  assert.deepEqual(
    found.map((row) => `${row.day} ${row.target_host} ${row.internal} ${row.external}`),
    ['2020-03-01 example.org 0 2', '2020-03-02 example.org 0 1', '2020-03-03 null 3 0'],
  )
})

test('link_click_day leaves out cut lines and clicks without a course', async () => {
  const found = await publishedRows('link_click_day', [
    click('https://example.org', PAGE, { rescued: true }),
    click('https://example.org', PAGE, { course_id: null }),
  ])
  assert.deepEqual(found, [])
})
