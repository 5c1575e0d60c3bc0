// `event` has nine shapes; each must be told from the others, and a cut one from a broken one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTruncatedPayload, readPayload } from '../../../workers/map/payload.ts'
import { logLine, outcomeOf, rowOf } from './log_line.ts'

const FORM = 'input_i4x-MITx-6_002x-problem-H1P1_2_1=choice_2&input_x_3_1%5B%5D=a'
const CUT = '{"POST": {"input_x_2_1": ["choice_1"], "comment": ["I think that'

for (const [shape, event, expected] of [
  ['an object', { id: 'a' }, { kind: 'object', fields: { id: 'a' } }],
  ['text of an object', '{"id": "a"}', { kind: 'object', fields: { id: 'a' } }],
  [
    'text of an object with NaN',
    '{"id": "NaN", "speed": NaN, "x": [-Infinity]}',
    { kind: 'object', fields: { id: 'NaN', speed: null, x: [null] } },
  ],
  ['text of a text of a form', JSON.stringify(FORM), { kind: 'form', text: FORM }],
  ['text of a text of an object', JSON.stringify('{"id": "a"}'), { kind: 'object', fields: { id: 'a' } }],
  ['a form', FORM, { kind: 'form', text: FORM }],
  ['a list', [FORM, '<p>'], { kind: 'list', items: [FORM, '<p>'] }],
  ['text of a list', '["a"]', { kind: 'list', items: ['a'] }],
  ['empty text', '', { kind: 'empty' }],
  ['empty text in a text', '""', { kind: 'empty' }],
  ['null', null, { kind: 'empty' }],
  ['absent', undefined, { kind: 'empty' }],
  ['text of null', '"null"', { kind: 'raw', text: 'null' }],
  ['a number', 7, { kind: 'raw', text: '7' }],
  ['text of a number', '7', { kind: 'raw', text: '7' }],
  ['a word', 'hello', { kind: 'raw', text: 'hello' }],
  ['a cut object', CUT, { kind: 'truncated', text: CUT }],
  ['a cut list', '["a", "b', { kind: 'truncated', text: '["a", "b' }],
  ['a cut text', '"input_x', { kind: 'truncated', text: '"input_x' }],
  ['a cut object in a text', JSON.stringify(CUT), { kind: 'truncated', text: CUT }],
  ['a broken object', '{"id": a}', { kind: 'raw', text: '{"id": a}' }],
  ['a broken object that is also cut', '{"id": a, "b', { kind: 'raw', text: '{"id": a, "b' }],
  ['two objects', '{} {}', { kind: 'raw', text: '{} {}' }],
  ['text of text of text', JSON.stringify(JSON.stringify('"x"')), { kind: 'raw', text: '"x"' }],
  ['an object with NUL', '{"i\0d": "a"}', { kind: 'object', fields: { id: 'a' } }],
] as const)
  test(`readPayload() reads ${shape}`, () => assert.deepEqual(readPayload(event), expected))

test('isTruncatedPayload() says what readPayload() says, without parsing whole objects', () => {
  const json = fc.json().map((text) => text)
  const mutated = fc.tuple(fc.oneof(json, fc.constant(CUT), fc.string()), fc.nat(), fc.string({ maxLength: 3 }))
  fc.assert(
    fc.property(mutated, ([text, at, more]) => {
      const event = text.slice(0, at % (text.length + 1)) + more
      assert.equal(isTruncatedPayload(event), readPayload(event).kind === 'truncated')
    }),
    { numRuns: 2000 },
  )
})

test('a truncated payload is counted, in whatever family, and gives no columns', () => {
  for (const event_type of ['/courses/a/b/c/xblock/x/handler/y', 'problem_check', 'play_video', 'unknown']) {
    const outcome = outcomeOf(
      logLine({ event_type, event_source: 'server', event: '{"id": "a", "problem_id": "b", "x' }),
    )
    assert.ok(outcome.kind === 'event' && outcome.truncated_payload, event_type)
    assert.deepEqual([outcome.row.block, outcome.row.position_missing, outcome.row.rescued], [null, false, false])
  }
  const whole = outcomeOf(logLine({ event_type: '/courses/a/b/c/info', event: '{"POST": {}, "GET": {}}' }))
  assert.ok(whole.kind === 'event' && !whole.truncated_payload)
})

const video = (event: unknown, event_type = 'pause_video', event_source = 'browser'): ReturnType<typeof rowOf> =>
  rowOf(logLine({ event_type, event_source, event }))

test('a video event’s block is its id as logged, without a leading newline, and its last component', () => {
  const row = video({ id: '\ni4x-MITx-6_002x-video-S1V1', currentTime: 1 })
  assert.deepEqual([row.block, row.block_id], ['i4x-MITx-6_002x-video-S1V1', 'S1V1'])
  for (const event of [{}, { id: '' }, { id: ' \n' }, { id: 7 }, { id: null }, '', [], null])
    assert.deepEqual([video(event).block, video(event).block_id], [null, null])
})

test('a video event of an app that names its video module_id alone has that block', () => {
  const key = 'block-v1:MITx+6.002x+2T2016+type@video+block@S1V1'
  assert.deepEqual([video({ module_id: key }).block, video({ module_id: key }).block_id], [key, 'S1V1'])
  assert.equal(video({ id: ' ', module_id: key }).block_id, 'S1V1')
  assert.equal(video({ id: 'i4x-MITx-6_002x-video-S1V2', module_id: key }).block_id, 'S1V2')
})

for (const [event, position_s, missing] of [
  [{ currentTime: 12.5 }, 12.5, false],
  [{ currentTime: 0 }, 0, false],
  [{ currentTime: '12.5' }, 12.5, false],
  [{ current_time: 3 }, 3, false],
  [{ currentTime: null, current_time: 3 }, 3, false],
  ['{"currentTime": NaN}', null, false],
  ['{"currentTime": 1e999}', null, false],
  [{ currentTime: 'NaN' }, null, false],
  [{ currentTime: '0x10' }, null, false],
  [{ currentTime: '' }, null, false],
  [{ currentTime: true }, null, false],
  [{ currentTime: [1] }, null, false],
  [{ currentTime: null }, null, false],
  [{ id: 'a' }, null, true],
  ['{}', null, true],
  ['', null, false],
  [null, null, false],
  ['{"id": "a", "curr', null, false],
] as const)
  test(`the position of ${JSON.stringify(event)} is ${position_s}${missing ? ' and missing' : ''}`, () => {
    const row = video(event)
    assert.deepEqual([row.position_s, row.position_missing], [position_s, missing])
  })

test('seeks have two positions, a speed change has the new speed, other events theirs', () => {
  const seek = video('{"old_time": "1.5", "new_time": 60, "type": "onSlideSeek"}', 'seek_video')
  assert.deepEqual([seek.old_position_s, seek.new_position_s], [1.5, 60])
  const change = video({ old_speed: '1.0', new_speed: '1.50', speed: 9, current_time: 2 }, 'speed_change_video')
  assert.deepEqual([change.speed, change.position_s], [1.5, 2])
  const play = video({ speed: 2, duration: 634.2, new_speed: 9 }, 'edx.video.played', 'mobile')
  assert.deepEqual([play.speed, play.duration_s], [2, 634.2])
  assert.deepEqual([video({ duration: null }).duration_s, video({ speed: 'fast' }).speed], [null, null])
})

const CHECKED = {
  problem_id: 'i4x://MITx/6.002x/problem/H1P1',
  attempts: 2,
  grade: 1,
  max_grade: 3,
  success: 'incorrect',
  correct_map: { a: { correctness: 'correct' }, b: { correctness: 'incorrect' }, c: {}, d: null },
}

test('a server problem_check has the result of the submission', () => {
  const module = { display_name: 'Pre-course survey' }
  const row = rowOf(
    logLine({ event_type: 'problem_check', event_source: 'server', event: CHECKED, context: { module } }),
  )
  assert.equal(row.block_id, 'H1P1')
  assert.deepEqual([row.attempt, row.grade, row.max_grade, row.success], [2n, 1, 3, false])
  assert.deepEqual([row.parts, row.parts_correct, row.display_name], [4n, 1n, 'Pre-course survey'])
})

test('nothing but a server problem_check has a result', () => {
  for (const [event_type, event_source] of [
    ['problem_check', 'browser'],
    ['problem_check_fail', 'server'],
  ] as const) {
    const row = rowOf(logLine({ event_type, event_source, event: CHECKED }))
    assert.equal(row.block_id, 'H1P1')
    const { attempt, grade, max_grade, success, parts, parts_correct } = row
    assert.deepEqual([attempt, grade, max_grade, success, parts, parts_correct], [null, null, null, null, null, null])
  }
})

test('a result that is not one is null', () => {
  const event = { ...CHECKED, attempts: 1.5, grade: null, max_grade: 'many', success: 'maybe', correct_map: [] }
  const row = rowOf(logLine({ event_type: 'problem_check', event_source: 'server', event }))
  const { attempt, grade, max_grade, success, parts, parts_correct } = row
  assert.deepEqual([attempt, grade, max_grade, success, parts, parts_correct], [null, null, null, null, null, null])
  const solved = rowOf(logLine({ event_type: 'problem_check', event_source: 'server', event: { success: 'correct' } }))
  assert.deepEqual([solved.success, solved.parts], [true, null])
})

test('a problem event’s block is problem_id, else module_id, else problem', () => {
  const block = (event: unknown): string | null => rowOf(logLine({ event_type: 'problem_show', event })).block
  assert.equal(block({ problem_id: 'a', module_id: 'b', problem: 'c' }), 'a')
  assert.equal(block({ problem_id: null, module_id: 'b', problem: 'c' }), 'b')
  assert.equal(block('{"problem": "c"}'), 'c')
  assert.equal(block(FORM), null)
})

test('an enrolment’s mode is a text that is not empty', () => {
  const mode = (event: unknown): string | null =>
    rowOf(logLine({ event_type: 'edx.course.enrollment.activated', event })).mode
  assert.deepEqual(
    [mode({ mode: 'honor' }), mode({ mode: '' }), mode({ mode: 1 }), mode('')],
    ['honor', null, null, null],
  )
})
