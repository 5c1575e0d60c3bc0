// Grades, certificates and completion: the latest event by time counts, also when it says less than the one before, and it
// counts for the one it speaks of.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, publishedRows } from '../../laws/merged_files.ts'

let minute = 0
/** A state event of learner 1 a minute after the one before, caused by staff member 99. */
const told = (event_type: string, payload: unknown = {}, given: Partial<EventRow> = {}): EventRow => {
  minute += 1
  return eventRow({
    event_type,
    family: 'grade',
    time_us: Date.UTC(2020, 2, 1, 0, minute) * 1000,
    actor_id: 99n,
    subject_id: 1n,
    payload: JSON.stringify(payload),
    ...given,
  })
}
const graded = (percent_grade: unknown, letter_grade: unknown, given: Partial<EventRow> = {}) =>
  told('edx.grades.course.grade_calculated', { percent_grade, letter_grade }, given)
const at = (time: string) => ({ time_us: Date.parse(time) * 1000 })

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

const certified = (action: string, given: Partial<EventRow> = {}, payload: unknown = {}) =>
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

const subsection = (payload: unknown, given: Partial<EventRow> = {}) =>
  told('edx.grades.subsection.grade_calculated', payload, given)

test('subsection_grade takes all its values from the latest computation', async () => {
  const [row, ...others] = await publishedRows('subsection_grade', [
    subsection({
      block_id: 'block-v1:ChalmersX+A1+2020+type@sequential+block@week1',
      weighted_graded_earned: 1,
      weighted_graded_possible: 2,
      weighted_total_earned: 3,
      weighted_total_possible: 4,
      first_attempted: '2020-02-01 10:00:00.123456+02:00',
    }),
    subsection(
      {
        block_id: 'i4x://ChalmersX/A1/sequential/week1',
        weighted_graded_earned: '1.5',
        weighted_graded_possible: 2.5,
        weighted_total_earned: null,
        first_attempted: null,
      },
      at('2020-03-05T00:00:00Z'),
    ),
  ])
  assert.equal(others.length, 0)
  assert.deepEqual(row, {
    course_id: 'course-v1:ChalmersX+A1+2020',
    user_id: 1n,
    block_id: 'week1',
    earned_graded: 1.5,
    possible_graded: 2.5,
    earned_total: null,
    possible_total: null,
    first_attempted: null,
    time: '2020-03-05 00:00:00',
  })
})

test('subsection_grade reads times of any offset, and nothing else, as first_attempted', async () => {
  const cases: readonly (readonly [unknown, string | null])[] = [
    ['2020-02-01 10:00:00.123456+02:00', '2020-02-01 08:00:00.123456'],
    ['2020-02-01T10:00:00Z', '2020-02-01 10:00:00'],
    ['2020-02-01T10:00:00', '2020-02-01 10:00:00'],
    ['2020-02-31T10:00:00', null],
    ['infinity', null],
    ['epoch', null],
    ['', null],
    [1_580_551_200, null],
    [['2020-02-01T10:00:00Z'], null],
  ]
  const rows = await publishedRows(
    'subsection_grade',
    cases.map(([first_attempted], index) => subsection({ block_id: `b${index}`, first_attempted })),
  )
  assert.deepEqual(
    rows.map((row) => row.first_attempted),
    cases.map(([, expected]) => expected),
  )
})

test('subsection_grade has no row without a block', async () => {
  const blocks = [undefined, null, '', ' ', '/', {}, ['b'], true]
  assert.deepEqual(
    await publishedRows(
      'subsection_grade',
      blocks.map((block_id) => subsection({ block_id })),
    ),
    [],
  )
})

test('completion shows the latest value, also when it went back', async () => {
  const changed = (block_id: string, completion: unknown, time: string) =>
    told('edx.completion.block_completion.changed', { block_id, completion }, { family: 'completion', ...at(time) })
  const rows = await publishedRows('completion', [
    changed('block-v1:ChalmersX+A1+2020+type@video+block@v1', 0, '2020-03-03T00:00:00Z'),
    changed('block-v1:ChalmersX+A1+2020+type@video+block@v1', 1, '2020-03-02T00:00:00Z'),
    changed('block-v1:ChalmersX+A1+2020+type@video+block@v1', 0.5, '2020-03-01T00:00:00Z'),
    changed('block-v1:ChalmersX+A1+2020+type@html+block@h1', '1.0', '2020-03-01T00:00:00Z'),
    changed('block-v1:ChalmersX+A1+2020+type@html+block@h2', {}, '2020-03-01T00:00:00Z'),
  ])
  assert.deepEqual(
    rows.map((row) => [row.block_id, row.completion, row.first_time, row.last_time]),
    [
      ['h1', 1, '2020-03-01 00:00:00', '2020-03-01 00:00:00'],
      ['h2', null, '2020-03-01 00:00:00', '2020-03-01 00:00:00'],
      ['v1', 0, '2020-03-01 00:00:00', '2020-03-03 00:00:00'],
    ],
  )
})

const exam = (action: string, payload: unknown, given: Partial<EventRow> = {}) =>
  told(`edx.special_exam.${action}`, payload, { family: 'exam', ...given })

test('exam_attempt tells how an attempt ended, and what earlier events told of it', async () => {
  const rows = await publishedRows('exam_attempt', [
    exam('proctored.attempt.created', {
      attempt_id: 7,
      exam_id: 3,
      exam_name: 'Final',
      exam_content_id: 'block-v1:ChalmersX+A1+2020+type@sequential+block@final',
      attempt_status: 'created',
    }),
    exam('proctored.attempt.started', {
      attempt_id: 7,
      attempt_status: 'started',
      attempt_started_at: '2020-03-01T10:00:00+00:00',
    }),
    exam(
      'proctored.attempt.review_received',
      { attempt_id: '7', attempt_completed_at: '2020-03-01T11:00:00.5Z' },
      at('2020-03-04T00:00:00Z'),
    ),
    exam('timed.attempt.download_software_clicked', { attempt_id: 8 }),
  ])
  assert.equal(rows.length, 2)
  assert.deepEqual(rows[0], {
    course_id: 'course-v1:ChalmersX+A1+2020',
    user_id: 1n,
    attempt_id: '7',
    exam_id: '3',
    exam_name: 'Final',
    exam_kind: 'proctored',
    block_id: 'final',
    status: 'started',
    last_event: 'review_received',
    started: '2020-03-01 10:00:00',
    completed: '2020-03-01 11:00:00.5',
    first_time: rows[0]?.first_time,
    last_time: '2020-03-04 00:00:00',
    events: 3n,
  })
  assert.deepEqual(
    [rows[1]?.exam_kind, rows[1]?.last_event, rows[1]?.status],
    ['timed', 'download_software_clicked', null],
  )
})

test('exam_attempt leaves out exams, allowances and events without an attempt', async () => {
  const rows = await publishedRows('exam_attempt', [
    exam('proctored.created', { attempt_id: 1 }),
    exam('timed.allowance.created', { attempt_id: 2 }),
    exam('proctored.option-presented', { attempt_id: 3 }),
    exam('practice.attempt.submitted', {}),
    exam('practice.attempt.submitted', { attempt_id: 4 }, { rescued: true, payload: null }),
  ])
  assert.deepEqual(rows, [])
})
