// Who acted and whose state changed: staff act on learners, names have blanks, and ids do not fit a JavaScript number.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readId, readName } from '../../../workers/map/identity.ts'
import { logLine, rowOf } from './log_line.ts'

for (const [value, expected] of [
  [42, 42n],
  ['42', 42n],
  ['042', 42n],
  ['9007199254740993', 9_007_199_254_740_993n],
  ['9223372036854775807', 9_223_372_036_854_775_807n],
  ['9223372036854775808', null],
  [0, null],
  ['0', null],
  [-1, null],
  ['-1', null],
  [1.5, null],
  ['1.5', null],
  ['', null],
  ['٤٢', null],
  [null, null],
  [true, null],
  [[42], null],
] as const)
  test(`readId() reads ${JSON.stringify(value)} as ${expected}`, () => assert.equal(readId(value), expected))

for (const [value, expected] of [
  ['Ada', 'Ada'],
  [' Ada \n', 'Ada'],
  ['42', '42'],
  ['A\u0000da', 'Ada'],
  ['A\ud800', 'A\ufffd'],
  ['', null],
  [' ', null],
  ['anonymous', null],
  [' anonymous', null],
  ['Anonymous', 'Anonymous'],
  [null, null],
  [42, null],
] as const)
  test(`readName() reads ${JSON.stringify(value)} as ${expected}`, () => assert.equal(readName(value), expected))

const who = (fields: Readonly<Record<string, unknown>>): unknown[] => {
  const { actor_id, actor_name, username, subject_id, subject_name } = rowOf(logLine(fields))
  return [actor_id, actor_name, username, subject_id, subject_name]
}

test('the actor is known by id, or else by name, or not at all', () => {
  assert.deepEqual(who({}), [42n, null, 'ada', 42n, null])
  assert.deepEqual(who({ context: { user_id: '' } }), [null, 'ada', 'ada', null, 'ada'])
  assert.deepEqual(who({ context: null, username: 'anonymous' }), [null, null, null, null, null])
  assert.deepEqual(who({ context: { user_id: null, username: 'bob' }, username: '' }), [
    null,
    'bob',
    'bob',
    null,
    'bob',
  ])
  assert.deepEqual(who({ context: { username: 'bob' } }), [42n, null, 'ada', 42n, null])
})

test('the subject of a state event is event.user_id, else the actor', () => {
  for (const event_type of [
    'edx.course.enrollment.activated',
    'edx.certificate.created',
    'edx.grades.problem.submitted',
    'edx.completion.block_completion.changed',
    'edx.cohort.user_added',
    'edx.team.learner_added',
    'edx.special_exam.timed.attempt.started',
  ]) {
    assert.deepEqual(who({ event_type, event: { user_id: '7' } }), [42n, null, 'ada', 7n, null])
    assert.deepEqual(who({ event_type, event: '{"user_id": 7}' }), [42n, null, 'ada', 7n, null])
    assert.deepEqual(who({ event_type, event: { user_id: '' } }), [42n, null, 'ada', 42n, null])
    assert.deepEqual(who({ event_type, event: '' }), [42n, null, 'ada', 42n, null])
  }
  assert.deepEqual(who({ event_type: 'problem_show', event: { user_id: 7 } }), [42n, null, 'ada', 42n, null])
})

test('the subject of an exam is attempt_user_id before user_id', () => {
  const event_type = 'edx.special_exam.proctored.attempt.verified'
  assert.equal(who({ event_type, event: { attempt_user_id: 8, user_id: 7 } })[3], 8n)
  assert.equal(who({ event_type, event: { attempt_user_id: null, user_id: 7 } })[3], 7n)
  assert.equal(who({ event_type: 'edx.cohort.created', event: { attempt_user_id: 8, user_id: 7 } })[3], 7n)
})

test('the subject of a rescore is its student, by id or by name', () => {
  assert.deepEqual(who({ event_type: 'problem_rescore', event: { student: 'bob' } }).slice(3), [null, 'bob'])
  assert.deepEqual(who({ event_type: 'problem_rescore', event: { student: 7 } }).slice(3), [7n, null])
  assert.deepEqual(who({ event_type: 'problem_rescore', event: {} }).slice(3), [42n, null])
})

test('ids above 2^53 keep all their digits, at both levels of encoding', () => {
  const big = '9007199254740993'
  const line = (event: string): string =>
    `{"time":"2019-05-07T10:00:00Z","event_type":"edx.cohort.user_added","event_source":"server",` +
    `"context":{"user_id":${big}},"event":${event}}`
  for (const event of [`{"user_id":${big}}`, JSON.stringify(`{"user_id":${big}}`)]) {
    const row = rowOf(line(event))
    assert.deepEqual([row.actor_id, row.subject_id], [BigInt(big), BigInt(big)])
  }
  assert.equal(rowOf(line('{"user_id":1e20}')).subject_id, BigInt(big))
  assert.equal(rowOf(line('{"user_id":99999999999999999999}')).subject_id, BigInt(big))
})
