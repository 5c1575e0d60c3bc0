// Enrolment states by small histories, each the one that a wrong rule would tell otherwise.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, type Rows } from '../../laws/merged_files.ts'

let second = 0
/** An enrolment event a second after the one before. */
const change = (action: string, mode: string | null, told: Partial<EventRow> = {}): Partial<EventRow> => {
  second += 1
  return {
    event_type: `edx.course.enrollment.${action}`,
    family: 'enrollment',
    time_us: Date.UTC(2020, 2, 1) * 1000 + second * 1_000_000,
    mode,
    ...told,
  }
}
const activated = (mode: string | null, told: Partial<EventRow> = {}) => change('activated', mode, told)
const deactivated = (mode: string | null, told: Partial<EventRow> = {}) => change('deactivated', mode, told)
const modeChanged = (mode: string | null, told: Partial<EventRow> = {}) => change('mode_changed', mode, told)

interface Case {
  readonly name: string
  readonly events: readonly Partial<EventRow>[]
  /** State, mode, first mode and changes; null for no row. */
  readonly state: string | null
  /** Modes shown in enrollment_event, in order. */
  readonly modes: string
}

const AT = { time_us: Date.UTC(2020, 2, 2) * 1000 }
const CASES: readonly Case[] = [
  { name: 'an activation enrols', events: [activated('audit')], state: 'in audit audit 1', modes: 'audit' },
  {
    name: 'who was never activated has no row',
    events: [deactivated('audit'), modeChanged('audit')],
    state: null,
    modes: 'audit audit',
  },
  {
    name: 'an activation while in sets no mode',
    events: [activated('audit'), activated('verified')],
    state: 'in audit audit 1',
    modes: 'audit verified',
  },
  {
    name: 'a mode change while in sets the mode',
    events: [activated('audit'), modeChanged('verified')],
    state: 'in verified audit 2',
    modes: 'audit verified',
  },
  {
    name: 'a mode change while out sets nothing',
    events: [activated('audit'), deactivated('audit'), modeChanged('verified')],
    state: 'out audit audit 2',
    modes: 'audit audit verified',
  },
  {
    name: 'an activation without a mode keeps the mode before',
    events: [activated('verified'), deactivated(null), activated(null)],
    state: 'in verified verified 3',
    modes: 'verified verified verified',
  },
  { name: 'no mode at all is unknown', events: [activated(null)], state: 'in unknown unknown 1', modes: 'unknown' },
  {
    name: 'a mode change without a mode changes nothing',
    events: [activated('audit'), modeChanged(null)],
    state: 'in audit audit 1',
    modes: 'audit audit',
  },
  {
    name: 'a deactivation while out changes nothing',
    events: [deactivated('audit'), activated('audit'), deactivated('audit'), deactivated('audit')],
    state: 'out audit audit 2',
    modes: 'audit audit audit audit',
  },
  {
    name: 'un-enrolling and enrolling again within a second',
    events: [
      activated('audit', { ...AT, hash: 1n }),
      deactivated('audit', { ...AT, hash: 2n }),
      activated('honor', { ...AT, hash: 3n }),
    ],
    state: 'in honor audit 3',
    modes: 'audit audit honor',
  },
  {
    name: 'the same changes in the other order of their hashes',
    events: [
      activated('audit', { ...AT, hash: 2n }),
      deactivated('audit', { ...AT, hash: 3n }),
      activated('honor', { ...AT, hash: 1n }),
    ],
    state: 'out honor honor 2',
    modes: 'honor audit audit',
  },
]

let states: Rows = []
let shown: Rows = []
before(async () => {
  const events = CASES.flatMap(({ events }, index) =>
    events.map((told) => eventRow({ actor_id: 99n, subject_id: BigInt(index + 1), ...told })),
  )
  const { published } = await mergeAtOnce(events)
  states = published.get('enrollment') ?? []
  shown = published.get('enrollment_event') ?? []
})

CASES.forEach(({ name, state, modes }, index) => {
  test(`enrollment: ${name}`, () => {
    const of = (rows: Rows) => rows.filter((row) => row.user_id === BigInt(index + 1))
    const [row] = of(states)
    const found = row && `${row.is_active ? 'in' : 'out'} ${row.mode} ${row.first_mode} ${row.changes}`
    assert.equal(found ?? null, state)
    const own = of(shown)
    // Rows of equal time are stored in the order of their hash.
    assert.equal(own.map((event) => event.mode).join(' '), modes)
    assert.ok(own.every((event) => event.actor_user_id === 99n))
  })
})

test('enrollment tells when a learner left last and was verified first', async () => {
  const at = (time: string) => ({ time_us: Date.parse(time) * 1000 })
  const { published } = await mergeAtOnce(
    [
      activated('audit', at('2020-01-01T00:00:00Z')),
      deactivated('audit', at('2020-01-02T00:00:00Z')),
      modeChanged('verified', at('2020-01-03T00:00:00Z')),
      activated('verified', at('2020-01-04T00:00:00Z')),
      deactivated('verified', at('2020-01-05T00:00:00Z')),
      deactivated('verified', at('2020-01-06T00:00:00Z')),
      activated('verified', at('2020-01-07T00:00:00Z')),
    ].map((told) => eventRow({ subject_id: 1n, ...told })),
  )
  const [row] = published.get('enrollment') ?? []
  assert.equal(row?.first_time, '2020-01-01 00:00:00')
  assert.equal(row?.first_verified, '2020-01-04 00:00:00')
  assert.equal(row?.last_unenrolled, '2020-01-05 00:00:00')
})

test('an enrolment by staff is the staff member’s activity and the learner’s enrolment', async () => {
  const { published } = await mergeAtOnce([
    eventRow({ actor_id: 1n, username: 'staff', subject_id: null, subject_name: 'anna', ...activated('audit') }),
    eventRow({ actor_id: 2n, username: 'anna', course_id: null }),
  ])
  const users = (table: string) => (published.get(table) ?? []).map((row) => row.user_id)
  assert.deepEqual(users('enrollment'), [2n])
  assert.deepEqual(users('enrollment_event'), [2n])
  assert.deepEqual(users('learner'), [1n])
  assert.deepEqual(users('learner_event_day'), [1n])
})
