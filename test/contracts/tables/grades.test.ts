// Grades and certificates: the latest event by time counts, also when it says less than the one before, and it
// counts for the one it speaks of.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, publishedRows } from '../../laws/merged_files.ts'
import { at, type Given, told as toldOf } from './state_event.ts'

const told = (event_type: string, payload: unknown = {}, given: Given = {}) =>
  toldOf(event_type, payload, { family: 'grade', ...given })
const graded = (percent_grade: unknown, letter_grade: unknown, given: Given = {}) =>
  told('edx.grades.course.grade_calculated', { percent_grade, letter_grade }, given)

test('grade shows the latest computation by time, whatever the order of lines', async () => {
  const [row] = await publishedRows('grade', [
    graded(0.7, 'C', at('2020-03-02T00:00:00Z')),
    graded(0.4, '', at('2020-03-01T00:00:00Z')),
  ])
  assert.deepEqual([row?.percent, row?.letter, row?.time], [0.7, 'C', '2020-03-02 00:00:00'])
})

test('grade shows nothing where the latest computation says nothing', async () => {
  const [row] = await publishedRows('grade', [graded(0.7, 'C'), graded(null, '')])
  assert.deepEqual([row?.percent, row?.letter], [null, null])
})

test('grade orders events of equal time by their hash, unsigned', async () => {
  const time = at('2020-03-01T00:00:00Z')
  const [row] = await publishedRows('grade', [
    graded(0.9, 'A', { ...time, hash: 0x8000_0000_0000_0000n }),
    graded(0.1, 'F', { ...time, hash: 1n }),
  ])
  assert.deepEqual([row?.percent, row?.letter], [0.9, 'A'])
})

test('grade takes numbers in texts, and nothing else, for a grade', async () => {
  const cases: readonly (readonly [unknown, number | null])[] = [
    ['0.5', 0.5],
    [1, 1],
    [0, 0],
    ['NaN', null],
    ['inf', null],
    ['1e999', null],
    ['1_0', null],
    ['', null],
    [true, null],
    [[1], null],
    [{ percent_grade: 1 }, null],
  ]
  const rows = await publishedRows(
    'grade',
    cases.map(([percent], index) => graded(percent, percent, { subject_id: BigInt(index + 1) })),
  )
  assert.deepEqual(
    rows.map((row) => row.percent),
    cases.map(([, expected]) => expected),
  )
  const letters = cases.map(([letter]) => (typeof letter === 'string' && letter !== '' ? letter : null))
  assert.deepEqual(
    rows.map((row) => row.letter),
    letters,
  )
})

test('grade reads nothing out of a payload that is no object', async () => {
  const payloads = ['[1,2]', '"percent_grade=1"', '"{\\"percent_grade\\": 0.5"', '7', 'null', null]
  const rows = await publishedRows(
    'grade',
    payloads.map((payload) => graded(1, 'A', { payload })),
  )
  assert.deepEqual(
    rows.map(({ user_id, percent, letter }) => [user_id, percent, letter]),
    [[1n, null, null]],
  )
})

test('grade tells when a learner passed first, and how it stands', async () => {
  const states = ['now_failed', 'now_passed', 'passed.first_time', 'now_failed']
  const events = states.map((state, index) =>
    told(`edx.course.grade.${state}`, {}, at(`2020-03-0${index + 1}T00:00:00Z`)),
  )
  const [row] = await publishedRows('grade', events)
  assert.deepEqual(
    [row?.state, row?.state_time, row?.passed_first],
    ['failed', '2020-03-04 00:00:00', '2020-03-02 00:00:00'],
  )
  assert.deepEqual([row?.percent, row?.letter, row?.time], [null, null, null])
  const [passed] = await publishedRows('grade', events.slice(0, 3))
  assert.equal(passed?.state, 'passed')
})

test('grade has no state for who was only graded, and no row without a learner, a course or a payload', async () => {
  const rows = await publishedRows('grade', [
    graded(0.5, 'D'),
    graded(0.5, 'D', { subject_id: null }),
    graded(0.5, 'D', { subject_id: 2n, course_id: null }),
    graded(0.5, 'D', { subject_id: 3n, rescued: true, payload: null }),
    told('edx.grades.subsection.grade_calculated', {}, { subject_id: 4n }),
  ])
  assert.equal(rows.length, 1)
  assert.deepEqual(rows[0], {
    course_id: 'course-v1:ChalmersX+A1+2020',
    user_id: 1n,
    percent: 0.5,
    letter: 'D',
    time: rows[0]?.time,
    passed_first: null,
    state: null,
    state_time: null,
  })
})

test('a name without an id is the learner whom the name belongs to anywhere on the site', async () => {
  const { published } = await mergeAtOnce([
    graded(0.25, null, { subject_id: null, subject_name: 'anna', ...at('2020-03-01T00:00:00Z') }),
    graded(0.75, null, { subject_id: 5n, ...at('2020-03-02T00:00:00Z') }),
    eventRow({ actor_id: 5n, username: 'anna', course_id: null }),
  ])
  const rows = published.get('grade') ?? []
  assert.deepEqual(
    rows.map(({ user_id, percent }) => [user_id, percent]),
    [[5n, 0.75]],
  )
})

const certified = (action: string, given: Given = {}, payload: unknown = {}) =>
  told(`edx.certificate.${action}`, payload, { family: 'certificate', ...given })

test('certificate shows the latest certificate, and counts who shows it and who looks', async () => {
  const rows = await publishedRows('certificate', [
    certified('created', at('2020-03-03T00:00:00Z'), { enrollment_mode: 'verified', certificate_id: 'new' }),
    certified('created', at('2020-03-01T00:00:00Z'), { enrollment_mode: 'audit', certificate_id: 'old' }),
    certified('revoked', at('2020-03-02T00:00:00Z'), { enrollment_mode: 'audit', certificate_id: 'old' }),
    certified('shared', at('2020-03-04T00:00:00Z'), { certificate_id: 'other', enrollment_mode: 'honor' }),
    certified('evidence_visited', { ...at('2020-03-05T00:00:00Z'), actor_id: null }),
    certified('evidence_visited', at('2020-03-05T00:00:01Z')),
    certified('generation.enabled', at('2020-03-06T00:00:00Z')),
  ])
  assert.deepEqual(rows, [
    {
      course_id: 'course-v1:ChalmersX+A1+2020',
      user_id: 1n,
      created: '2020-03-03 00:00:00',
      revoked: '2020-03-02 00:00:00',
      mode: 'verified',
      certificate_id: 'new',
      shares: 1n,
      evidence_visits: 2n,
    },
  ])
})

test('certificate has a row for one that was only looked at, or only revoked', async () => {
  const rows = await publishedRows('certificate', [
    certified('evidence_visited'),
    certified('revoked', { subject_id: 2n }, { certificate_id: 12 }),
    certified('generation.disabled', { subject_id: 3n }),
  ])
  assert.deepEqual(
    rows.map(({ user_id, created, certificate_id, evidence_visits, shares }) => [
      user_id,
      created,
      certificate_id,
      evidence_visits,
      shares,
    ]),
    [
      [1n, null, null, 1n, 0n],
      [2n, null, '12', 0n, 0n],
    ],
  )
})
