// What learners reached in the parts of a course: grades of subsections, completion of blocks, attempts at exams. The latest
// event by time counts, also when it says less than the one before, and it counts for the one it speaks of.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publishedRows } from '../../laws/merged_files.ts'
import { at, type Given, told as toldOf } from './state_event.ts'

const told = (event_type: string, payload: unknown, given: Given = {}) =>
  toldOf(event_type, payload, { family: 'grade', ...given })

const subsection = (payload: unknown, given: Given = {}) =>
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

test('completion strips white space around a block’s key, however JSON writes it, and keeps what is within', async () => {
  const cases: readonly (readonly [string, string | null])[] = [
    [' b1', 'b1'],
    ['b2 ', 'b2'],
    ['\t\r\nb3', 'b3'],
    ['b4 \n', 'b4'],
    ['b 5', 'b 5'],
    [' b"6" ', 'b"6"'],
    ['b\\7', 'b\\7'],
    ['\u00a0b8', '\u00a0b8'],
    ['block-v1:X+A+1+type@video+block@b9 ', 'b9'],
    [' ', null],
    ['', null],
  ]
  const rows = await publishedRows(
    'completion',
    cases.map(([block_id]) => told('edx.completion.block_completion.changed', { block_id, completion: 1 })),
  )
  assert.deepEqual(rows.map((row) => row.block_id).sort(), cases.flatMap(([, expected]) => expected ?? []).sort())
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

const exam = (action: string, payload: unknown, given: Given = {}) =>
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
