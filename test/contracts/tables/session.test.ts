// Sessions on their edges: the limit of 1,800 seconds, midnights, single events, pages that are left.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { DECLARED } from '../../../contracts/registry.ts'
import { OUR_CHOICES } from '../../../contracts/rule_choices.ts'
import { tableSet } from '../../../contracts/table_set.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

const at = (time: string, told: Told = {}): Told => ({ time: `2020-03-01T${time}Z`, ...told })
const PAGE_CLOSE = { event_type: 'page_close', event_source: 'browser' } as const

/** Each case is one learner's events, and the sessions: from, to, events, seconds, pages left. */
const CASES: readonly {
  readonly name: string
  readonly events: readonly Told[]
  readonly sessions: readonly string[]
  /** By the rule of ELAT, where it gives others. */
  readonly of_elat?: readonly string[]
}[] = [
  { name: 'one event is a session of no duration', events: [at('10:00:00')], sessions: ['10:00:00-10:00:00 1 0 0'] },
  {
    name: 'a break of 1,800 seconds exactly ends nothing',
    events: [at('10:00:00'), at('10:30:00')],
    sessions: ['10:00:00-10:30:00 2 1800 0'],
  },
  {
    name: 'a break of a microsecond more begins another session',
    events: [at('10:00:00'), { time_us: Date.UTC(2020, 2, 1, 10, 30) * 1000 + 1 }],
    sessions: ['10:00:00-10:00:00 1 0 0', '10:30:00.000001-10:30:00.000001 1 0 0'],
  },
  {
    name: 'calls of block handlers keep a session going',
    events: [at('10:00:00'), at('10:20:00', { event_type: 'xblock:problem_get' }), at('10:40:00')],
    sessions: ['10:00:00-10:40:00 3 2400 0'],
  },
  {
    name: 'leaving a page is counted and ends nothing',
    events: [at('10:00:00', PAGE_CLOSE), at('10:00:01.5', PAGE_CLOSE), at('10:00:02')],
    sessions: ['10:00:00-10:00:02 3 2 2'],
    of_elat: ['10:00:00-10:00:00 1 0 1', '10:00:01.5-10:00:01.5 1 0 1', '10:00:02-10:00:02 1 0 0'],
  },
  {
    name: 'several events at one moment are one moment',
    events: [at('10:00:00'), at('10:00:00', PAGE_CLOSE), at('10:00:00')],
    sessions: ['10:00:00-10:00:00 3 0 1'],
  },
  {
    name: 'events count in order of time, not of the log',
    events: [at('11:00:00'), at('10:00:00'), at('10:30:00'), at('12:00:00.25'), at('12:00:00')],
    sessions: ['10:00:00-11:00:00 3 3600 0', '12:00:00-12:00:00.25 2 0.25 0'],
  },
]

const rowsOf = (all: Rows, index: number): Rows => all.filter((row) => row.user_id === BigInt(index + 1))
const sessionsOf = (all: Rows, index: number): readonly string[] =>
  rowsOf(all, index).map(
    ({ start_time, end_time, events, duration_s, page_closes }) =>
      `${String(start_time).slice(11)}-${String(end_time).slice(11)} ${events} ${duration_s} ${page_closes}`,
  )

let rows: Rows = []
let rows_of_elat: Rows = []
before(async () => {
  const events = CASES.flatMap(({ events }, index) =>
    events.map((told) => eventRow({ actor_id: BigInt(index + 1), ...told })),
  )
  rows = await publishedRows('session', events)
  const tables = tableSet(DECLARED, { choices: { ...OUR_CHOICES, session_end: 'gap_or_page_close' } })
  rows_of_elat = await publishedRows('session', events, { tables })
})

test('session: by the choice gap_or_page_close, what comes after a page_close is another session', () => {
  const found = CASES.map((_, index) => sessionsOf(rows_of_elat, index))
  const expected = CASES.map(({ sessions, of_elat }) => of_elat ?? sessions)
  assert.deepEqual(found, expected)
})

CASES.forEach(({ name, sessions }, index) => {
  test(`session: ${name}`, () => {
    assert.deepEqual(sessionsOf(rows, index), sessions)
    assert.deepEqual(
      rowsOf(rows, index).map((row) => Number(row.session_no)),
      sessions.map((_, at) => at + 1),
    )
  })
})

test('session crosses midnight whole, and keeps learners and courses apart', async () => {
  const found = await publishedRows('session', [
    eventRow({ actor_id: 1n, time: '2020-02-29T23:50:00Z' }),
    eventRow({ actor_id: 1n, time: '2020-03-01T00:10:00Z' }),
    eventRow({ actor_id: 2n, time: '2020-03-01T00:00:00Z' }),
    eventRow({ actor_id: 1n, time: '2020-03-01T00:00:00Z', course_id: 'other/A1/2020' }),
    eventRow({ time: '2020-03-01T00:00:00Z' }),
  ])
  const told = found.map(({ course_id, user_id, start_time, events }) => ({ course_id, user_id, start_time, events }))
  const course_id = 'course-v1:ChalmersX+A1+2020'
  assert.deepEqual(told, [
    { course_id, user_id: 1n, start_time: '2020-02-29 23:50:00', events: 2n },
    { course_id, user_id: 2n, start_time: '2020-03-01 00:00:00', events: 1n },
    { course_id: 'other/A1/2020', user_id: 1n, start_time: '2020-03-01 00:00:00', events: 1n },
  ])
})

test('session joins what a learner did under a name and under an id', async () => {
  const found = await publishedRows('session', [
    eventRow({ actor_id: 1n, username: 'anna', time: '2020-03-01T10:00:00Z' }),
    eventRow({ actor_name: 'anna', username: 'anna', time: '2020-03-01T10:00:00Z' }),
    eventRow({ actor_name: 'anna', username: 'anna', time: '2020-03-01T10:00:05Z' }),
  ])
  assert.deepEqual(
    found.map(({ user_id, events, duration_s }) => ({ user_id, events, duration_s })),
    [{ user_id: 1n, events: 3n, duration_s: 5 }],
  )
})
