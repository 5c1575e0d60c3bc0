// Numbers of a whole university are the ones that nobody can check by looking: who counts once and who twice is settled here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'
import { EVENT_TABLES } from '../../contracts/registry.ts'
import { catalogPeriods, weeksToldAgain } from '../laws/catalog_periods.ts'
import { eventRow } from '../laws/event_row.ts'
import { world } from '../laws/random_world.ts'

const A = 'course-v1:acme+A+2020'
const B = 'course-v1:acme+B+2020'
// Mondays.
const FIRST = '2020-03-02'
const SECOND = '2020-03-09'
const THIRD = '2020-03-16'

type Given = Partial<EventRow> & { readonly time?: string }

const acted = (course_id: string | null, id: number, time: string, given: Given = {}): EventRow =>
  eventRow({ course_id, actor_id: BigInt(id), subject_id: BigInt(id), time, ...given })
const changed = (course_id: string, id: number, time: string, verb: string, given: Given = {}): EventRow =>
  acted(course_id, id, time, { event_type: `edx.course.enrollment.${verb}`, family: 'enrollment', ...given })

/** Reads some columns of a table, a row as one line. */
async function told(
  table: string,
  columns: readonly string[],
  events: readonly EventRow[],
): Promise<readonly string[]> {
  const rows = (await catalogPeriods(events)).get(table) ?? []
  return rows.map((row) => columns.map((name) => String(row[name])).join(' '))
}

test('a learner of two courses is one active learner of the week, and one in each course', async () => {
  const events = [
    acted(A, 1, `${FIRST}T10:00:00Z`),
    acted(B, 1, '2020-03-08T23:59:59.999Z', { event_type: 'play_video', event_source: 'browser', family: 'video' }),
    acted(B, 2, `${SECOND}T00:00:00Z`, { event_type: 'problem_check', family: 'problem' }),
    eventRow({ course_id: B, time: `${SECOND}T00:00:00Z` }),
    acted(null, 3, `${SECOND}T00:00:00Z`),
  ]
  const columns = ['week', 'active', 'attempted_problem', 'played_video', 'posted_forum', 'events']
  assert.deepEqual(await told('course_week', ['course_id', ...columns], events), [
    `${A} ${FIRST} 1 0 0 0 1`,
    `${B} ${FIRST} 1 0 1 0 1`,
    `${B} ${SECOND} 1 1 0 0 2`,
  ])
  assert.deepEqual(await told('organisation_week', [...columns, 'courses'], events), [
    `${FIRST} 1 0 1 0 2 2`,
    `${SECOND} 1 1 0 0 2 1`,
  ])
})

test('a learner is enrolled on the site while in at least one course; going from one to another is no coming or going', async () => {
  const events = [
    changed(A, 1, `${FIRST}T10:00:00Z`, 'activated'),
    changed(B, 1, `${SECOND}T10:00:00Z`, 'activated'),
    changed(A, 1, `${SECOND}T11:00:00Z`, 'deactivated'),
    changed(B, 2, `${SECOND}T11:00:00Z`, 'activated'),
    changed(B, 2, `${SECOND}T12:00:00Z`, 'deactivated'),
    changed(B, 1, `${THIRD}T12:00:00Z`, 'deactivated'),
  ]
  const columns = ['week', 'enrolled_at_end', 'joined', 'lapsed']
  assert.deepEqual(await told('course_week', ['course_id', ...columns], events), [
    `${A} ${FIRST} 1 1 0`,
    `${A} ${SECOND} 0 0 1`,
    `${B} ${SECOND} 1 1 0`,
    `${B} ${THIRD} 0 0 1`,
  ])
  assert.deepEqual(await told('organisation_week', [...columns, 'enrolments_at_end', 'active'], events), [
    `${FIRST} 1 1 0 1 0`,
    `${SECOND} 1 0 0 1 0`,
    `${THIRD} 0 0 1 0 0`,
  ])
})

test('who was enrolled before a quiet week of the course is enrolled on the site all the same', async () => {
  const events = [
    changed(A, 1, `${FIRST}T10:00:00Z`, 'activated'),
    changed(A, 1, `${FIRST}T10:00:00Z`, 'mode_changed', { mode: 'verified' }),
    changed(B, 1, `${SECOND}T10:00:00Z`, 'activated'),
    changed(B, 2, `${SECOND}T10:00:00Z`, 'activated'),
    changed(A, 9, `${THIRD}T10:00:00Z`, 'deactivated'),
  ]
  assert.deepEqual(await told('organisation_week', ['week', 'enrolled_at_end', 'enrolments_at_end'], events), [
    `${FIRST} 1 1`,
    `${SECOND} 2 3`,
    `${THIRD} 2 3`,
  ])
})

test('passing counts in the week of the first time, a certificate in that of the latest, both by the learner concerned', async () => {
  const passed = 'edx.course.grade.passed.first_time'
  const events = [
    acted(A, 1, `${FIRST}T10:00:00Z`, { event_type: passed, family: 'grade' }),
    acted(A, 1, `${SECOND}T10:00:00Z`, { event_type: 'edx.course.grade.now_passed', family: 'grade' }),
    acted(B, 1, `${FIRST}T11:00:00Z`, { event_type: passed, family: 'grade', actor_id: 9n }),
    acted(A, 1, `${FIRST}T12:00:00Z`, { event_type: 'edx.certificate.created', family: 'certificate' }),
    acted(A, 1, `${SECOND}T12:00:00Z`, { event_type: 'edx.certificate.created', family: 'certificate' }),
    acted(A, 1, `${SECOND}T13:00:00Z`, { event_type: 'edx.certificate.revoked', family: 'certificate' }),
  ]
  const columns = ['week', 'passed', 'certificates']
  assert.deepEqual(await told('course_week', ['course_id', ...columns], events), [
    `${A} ${FIRST} 1 0`,
    `${A} ${SECOND} 0 1`,
    `${B} ${FIRST} 1 0`,
  ])
  assert.deepEqual(await told('organisation_week', columns, events), [`${FIRST} 1 0`, `${SECOND} 0 1`])
})

test('event types add up over courses and events without one, and say whether a table reads them', async () => {
  const events = [
    acted(A, 1, '2020-03-31T23:59:59Z', { event_type: 'edx.cohort.created', bytes: 10 }),
    acted(B, 1, '2020-03-01T00:00:00Z', { event_type: 'edx.cohort.created', bytes: 20 }),
    acted(B, 1, '2020-03-01T00:00:00Z', { event_type: 'edx.cohort.created', bytes: 20 }),
    acted(A, 1, '2020-04-01T00:00:00Z', { event_type: 'edx.cohorts', bytes: 1 }),
    acted(A, 1, '2020-04-01T00:00:00Z', { event_type: `o'hara`, event_source: 'browser', bytes: 1 }),
    acted(null, 1, '2020-04-01T00:00:00Z', { event_type: 'page:root', bytes: 2 }),
  ]
  const columns = ['month', 'event_source', 'event_type', 'courses', 'n', 'bytes', 'used']
  assert.deepEqual(await told('event_type_month', columns, events), [
    '2020-03-01 server edx.cohort.created 2 3 50 true',
    `2020-04-01 browser o'hara 1 1 1 false`,
    '2020-04-01 server edx.cohorts 1 1 1 false',
    '2020-04-01 server page:root 0 1 2 true',
  ])
})

/** Tables that look at every event, to count it, to place it in time or to name or group people: none of them makes a type used. */
const COUNTERS = [
  'event_type_day',
  'learner',
  'learner_country',
  'learner_event_day',
  'learner_moment',
  'logged_event',
  'site_name',
  'tagged_group',
  'unresolved_name',
]

test('every table names the types that it reads, or is a counter', () => {
  const without = EVENT_TABLES.filter(({ types }) => types === undefined).map(({ name }) => name)
  assert.deepEqual(without, COUNTERS)
})

test('organisation_week says of any world what its learners say one by one', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (events) => {
      const found = (await catalogPeriods(events)).get('organisation_week') ?? []
      const told_again = weeksToldAgain(events)
      const columns = Object.keys(told_again[0] ?? {})
      assert.deepEqual(
        found.map((row) => Object.fromEntries(columns.map((name) => [name, row[name]]))),
        told_again.map((week) => ({ ...week })),
      )
    }),
    { numRuns: 6, endOnFailure: true },
  )
})
