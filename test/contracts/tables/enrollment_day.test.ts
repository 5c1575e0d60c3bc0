// Enrolments by day and mode, in our words and in those of Insights, by histories that tell the two apart.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { type MergedFiles, mergeAtOnce } from '../../laws/merged_files.ts'

let hour = 0
/** An enrolment event of a learner on a day of March 2020, an hour after the one before. */
const change = (day: number, user: bigint, action: string, mode: string | null = null): EventRow => {
  hour = (hour + 1) % 24
  return eventRow({
    event_type: `edx.course.enrollment.${action}`,
    family: 'enrollment',
    time_us: Date.UTC(2020, 2, day, hour) * 1000,
    subject_id: user,
    mode,
  })
}
/** Any other event of the course, by nobody. */
const seen = (day: number): EventRow => eventRow({ time_us: Date.UTC(2020, 2, day) * 1000 })

interface Case {
  readonly name: string
  /** Makes the events; hours begin anew with each case. */
  readonly events: () => readonly EventRow[]
  /** Day of March, mode, at_end, change, joined, lapsed, ever. */
  readonly days: readonly string[]
  /** Day of March, mode, count, change, cumulative_count. */
  readonly insights: readonly string[]
}

const CASES: readonly Case[] = [
  {
    name: 'days run from the first enrolment event to the last event of any kind',
    events: () => [seen(1), change(2, 1n, 'activated', 'audit'), seen(4)],
    days: ['2 audit 1 1 1 0 1', '3 audit 1 0 0 0 1', '4 audit 1 0 0 0 1'],
    insights: ['2 audit 1 1 1', '3 audit 1 0 1', '4 audit 1 0 1'],
  },
  {
    name: 'every mode has every day, also before somebody joined it',
    events: () => [change(2, 1n, 'activated', 'audit'), change(3, 2n, 'activated', 'honor')],
    days: ['2 audit 1 1 1 0 1', '2 honor 0 0 0 0 0', '3 audit 1 0 0 0 1', '3 honor 1 1 1 0 1'],
    insights: ['2 audit 1 1 1', '3 audit 1 0 1', '3 honor 1 1 1'],
  },
  {
    name: 'a change of mode lapses in the one and joins in the other; Insights sees no change',
    events: () => [change(2, 1n, 'activated', 'audit'), change(3, 1n, 'mode_changed', 'verified')],
    days: ['2 audit 1 1 1 0 1', '2 verified 0 0 0 0 0', '3 audit 0 -1 0 1 1', '3 verified 1 1 1 0 1'],
    insights: ['2 audit 1 1 1', '3 verified 1 0 1'],
  },
  {
    name: 'who leaves still counts as ever, and in the cumulative count',
    events: () => [change(2, 1n, 'activated', 'audit'), change(3, 1n, 'deactivated'), change(4, 1n, 'activated')],
    days: ['2 audit 1 1 1 0 1', '3 audit 0 -1 0 1 1', '4 audit 1 1 1 0 1'],
    insights: ['2 audit 1 1 1', '3 audit 0 -1 1', '4 audit 1 1 1'],
  },
  {
    name: 'who comes and goes within a day is not seen; Insights keeps the learner in its cumulative count',
    events: () => [
      change(2, 1n, 'activated', 'audit'),
      change(2, 1n, 'deactivated'),
      change(2, 2n, 'activated', 'honor'),
      change(2, 2n, 'mode_changed', 'verified'),
    ],
    days: ['2 verified 1 1 1 0 1'],
    insights: ['2 audit 0 0 1', '2 verified 1 1 1'],
  },
  {
    name: 'coming back the same day is no change',
    events: () => [
      change(2, 1n, 'activated', 'audit'),
      change(3, 1n, 'deactivated'),
      change(3, 1n, 'activated', 'audit'),
    ],
    days: ['2 audit 1 1 1 0 1', '3 audit 1 0 0 0 1'],
    insights: ['2 audit 1 1 1', '3 audit 1 0 1'],
  },
  {
    name: 'joined and lapsed are told apart when they cancel out',
    events: () => [
      change(2, 1n, 'activated', 'audit'),
      change(3, 1n, 'deactivated'),
      change(3, 2n, 'activated', 'audit'),
    ],
    days: ['2 audit 1 1 1 0 1', '3 audit 1 0 1 1 2'],
    insights: ['2 audit 1 1 1', '3 audit 1 0 2'],
  },
  {
    name: 'coming back in another mode',
    events: () => [
      change(2, 1n, 'activated', 'audit'),
      change(3, 1n, 'deactivated'),
      change(4, 1n, 'activated', 'verified'),
    ],
    days: [
      '2 audit 1 1 1 0 1',
      '2 verified 0 0 0 0 0',
      '3 audit 0 -1 0 1 1',
      '3 verified 0 0 0 0 0',
      '4 audit 0 0 0 0 1',
      '4 verified 1 1 1 0 1',
    ],
    insights: ['2 audit 1 1 1', '3 audit 0 -1 1', '4 verified 1 1 1'],
  },
  {
    name: 'who was never in has a place in the words of Insights alone',
    events: () => [change(2, 1n, 'deactivated', 'audit'), change(3, 2n, 'activated')],
    days: ['2 unknown 0 0 0 0 0', '3 unknown 1 1 1 0 1'],
    insights: ['2 unknown 0 0 1', '3 unknown 1 1 2'],
  },
  { name: 'without enrolment events there are no days', events: () => [seen(1), seen(2)], days: [], insights: [] },
]

const courseOf = (index: number): string => `course-v1:ChalmersX+A${index}+2020`

let merged: MergedFiles | null = null
before(async () => {
  const events = CASES.flatMap(({ events }, index) => {
    hour = 0
    return events().map((event) => ({ ...event, course_id: courseOf(index) }))
  })
  merged = await mergeAtOnce(events)
})

/** Tells the rows of a case: the day of March, then the rest. */
function told(relation: string, index: number): readonly string[] {
  const rows = merged?.published.get(relation) ?? []
  const own = rows.filter((row) => row.course_id === courseOf(index))
  return own.map(({ course_id, day, ...rest }) => [Number(String(day).slice(8)), ...Object.values(rest)].join(' '))
}

CASES.forEach(({ name, days, insights }, index) => {
  test(`enrollment_day: ${name}`, () => {
    assert.deepEqual(told('enrollment_day', index), days)
    assert.deepEqual(told('insights.enrollment_day', index), insights)
  })
})

test('enrollment_state_day has one row for all changes of a day, and the day before', async () => {
  const { published } = await mergeAtOnce([
    change(2, 1n, 'activated', 'audit'),
    change(2, 1n, 'mode_changed', 'verified'),
    change(5, 1n, 'deactivated'),
    change(5, 2n, 'mode_changed', 'honor'),
  ])
  assert.deepEqual(
    (published.get('enrollment_state_day') ?? []).map(({ course_id, ...rest }) => Object.values(rest)),
    [
      [1n, '2020-03-02', true, 'verified', false, null],
      [1n, '2020-03-05', false, 'verified', true, 'verified'],
      [2n, '2020-03-05', false, 'unknown', false, null],
    ],
  )
})
