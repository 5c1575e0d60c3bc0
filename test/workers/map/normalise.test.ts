// What becomes of a line, whatever happened to it: every damage that old logs are known to have, and its sound twin.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EVENT_COLUMNS } from '../../../contracts/event.ts'
import { prepareXxh64, xxh64 } from '../../../workers/map/xxh64.ts'
import { COURSE, logFields, logLine, outcomeOf, reasonOf, rowOf, TIME } from './log_line.ts'

await prepareXxh64()

const LINE = logLine({ event_type: 'play_video', event: '{"id": "a", "currentTime": 1}' })
const hashOf = (text: string): bigint => xxh64(Buffer.from(text))

for (const [name, line, expected] of [
  ['a sound line', LINE, 'event'],
  ['an empty line', '', 'blank'],
  ['white space and NUL', ' \t\r\v\f\0\0', 'blank'],
  ['a comment', '# {"time": 1}', 'blank'],
  ['a comment with blanks before it', ' # no object', 'no_object'],
  ['white space that is not ASCII', '\u00a0', 'no_object'],
  ['text', 'hello', 'no_object'],
  ['a list of numbers', '[1]', 'no_object'],
  ['an empty object', '{}', 'no_time'],
  ['a brace', '{', 'bad_json'],
  ['braces the wrong way round', '}{', 'bad_json'],
  ['two objects', `${LINE}${LINE}`, 'bad_json'],
  ['an object in a text in front of another', `{x} ${LINE}`, 'bad_json'],
  ['an invalid escape', LINE.replace('ada', 'a\\da'), 'bad_json'],
  ['a raw control character', LINE.replace('ada', 'a\u0001da'), 'bad_json'],
  ['a raw tab in a text', LINE.replace('ada', 'a\tda'), 'bad_json'],
  ['a comma too many', LINE.replace(/}$/, ',}'), 'bad_json'],
  ['a bad line that is also cut', LINE.replace('"ada"', 'ada').slice(0, -3), 'bad_json'],
  ['a line cut before its time', LINE.slice(0, 60), 'bad_json'],
  ['a line cut in a time that is no text', '{"event_type": "x", "event_source": "server", "time": {', 'bad_json'],
  [
    'a line cut in a type that is no text',
    logLine({ event_type: undefined }).replace(/}$/, ', "event_type": ["a"'),
    'bad_json',
  ],
  ['a line with NaN', LINE.replace('{"username"', '{"x": NaN, "y": [-Infinity, Infinity], "username"'), 'event'],
  ['a line with a word that is no number', LINE.replace('{"username"', '{"x": nan, "username"'), 'bad_json'],
  ['a line with NUL', LINE.replaceAll('ada', 'a\0da').replace('{', '{\0'), 'event'],
  ['a line without time', logLine({ time: undefined }), 'no_time'],
  ['a line with an odd time', logLine({ time: '1970-01-01T00:00:00Z' }), 'odd_time'],
] as const)
  test(`normaliseLine() takes ${name} for ${expected}`, () => assert.equal(reasonOf(line), expected))

test('a line is rejected as too long before it is looked into', () => {
  assert.equal(reasonOf(`{"x": "${'y'.repeat(4_194_304 - 9)}"}`), 'no_time')
  assert.equal(reasonOf(`{"x": "${'y'.repeat(4_194_304 - 8)}"}`), 'too_long')
})

test('an object keeps its hash whatever text stands around it', () => {
  for (const [before, after, prefixed] of [
    ['', '', false],
    ['', '\r', false],
    [' \0', ' ', false],
    ['Sep  9 00:00:48 localhost ', '', true],
    ['2014 INFO 20 [tracking] [user None] [ip None] logger.py:41 - ', '', true],
    ['', ' trailing', true],
    ['\ufeff', '', true],
  ] as const) {
    const line = before + LINE + after
    const outcome = outcomeOf(line)
    assert.ok(outcome.kind === 'event')
    assert.deepEqual([outcome.prefixed, outcome.row.hash], [prefixed, hashOf(LINE)], JSON.stringify(before + after))
    assert.equal(outcome.row.bytes, Buffer.byteLength(line))
  }
})

test('of equal keys the last counts, and keys of Object.prototype are no fields', () => {
  assert.equal(rowOf(LINE.replace('{', '{"event_source": "server",')).event_source, 'browser')
  assert.equal(rowOf(LINE.replace(/}$/, ',"event_source":"mobile"}')).event_source, 'mobile')
  assert.equal(reasonOf(`{"__proto__": ${LINE}}`), 'no_time')
})

test('invalid UTF-8, lone surrogates and NUL escapes leave text that every database takes', () => {
  const [before = '', after = ''] = logLine({ username: 'X' }).split('X')
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0x61, 0xff, 0xe2, 0x82]), Buffer.from(after)])
  assert.equal(rowOf(bytes).username, 'a\ufffd\ufffd')
  assert.equal(rowOf(`${before}a\\ud800b\\u0000c${after}`).username, 'a\ufffdbc')
  const everywhere = logLine({ event_type: 'X', event_source: 'X', event: {} }).replaceAll('"X"', '"\\udc00\\u0000é"')
  const row = rowOf(everywhere)
  assert.deepEqual([row.event_type, row.event_source], ['\ufffdé', '\ufffdé'])
  assert.equal(reasonOf(logLine({ event_type: '\0' })), 'no_type')
})

test('a line that ends before its JSON does is rescued from what stands complete', () => {
  const fields = { event_type: 'edx.course.enrollment.activated', event_source: 'server', context: { user_id: 42 } }
  const line = JSON.stringify({
    ...logFields(fields),
    event: { user_id: 7, mode: 'honor', course_id: 'a/b/c', z: 'long' },
  })
  const cut = `${line.slice(0, line.indexOf('"long'))}"lo \0`
  assert.ok(line.indexOf('"event"') < line.indexOf('"context"'))
  const row = rowOf(cut)
  assert.equal(row.rescued, true)
  assert.deepEqual([row.actor_id, row.actor_name, row.subject_name], [null, 'ada', 'ada'])
  assert.deepEqual([row.mode, row.course_id, row.hash], [null, null, hashOf(cut.slice(0, -2))])
})

test('an event tells the groups of its learner, a rescued one does not', () => {
  const tags = { 'xblock.partition_service.partition_7': 1 }
  const line = (context: object): string => JSON.stringify({ ...logFields({ event_type: 'page_close' }), context })
  const told = line({ user_id: 42, course_id: COURSE, course_user_tags: tags })
  assert.equal(rowOf(told).user_tags, '{"7":"1"}')
  assert.equal(rowOf(line({ user_id: 42, course_id: COURSE })).user_tags, null)
  const rescued = rowOf(told.slice(0, -1))
  assert.deepEqual([rescued.rescued, rescued.actor_id, rescued.user_tags], [true, 42n, null])
})

test('a rescued line keeps its person, course and page, and nothing of its payload', () => {
  const { event_type, context, ...rest } = logFields({ event_type: 'pause_video', event: { id: 'a' } })
  const whole = JSON.stringify({ context, event_type, ...rest, tail: 'x'.repeat(9) })
  const row = rowOf(`prefix ${whole.slice(0, -4)}`)
  assert.deepEqual([row.rescued, row.actor_id, row.course_id, row.username], [true, 42n, COURSE, 'ada'])
  assert.deepEqual([row.family, row.block, row.position_missing], ['video', null, false])
  const outcome = outcomeOf(`prefix ${whole.slice(0, -4)}`)
  assert.ok(outcome.kind === 'event' && outcome.prefixed && !outcome.truncated_payload)
  const paged = { time: TIME, event_type: 'page_close', event_source: 'browser', page: `/courses/${COURSE}/info` }
  assert.equal(rowOf(`${JSON.stringify(paged).slice(0, -1)},"x":`).course_id, COURSE)
})

test('a field at the cut does not count unless it is complete', () => {
  const head = `{"time":"${TIME}","event_type":"page_close","event_source":"browser","context":{"user_id":`
  assert.equal(rowOf(`${head}123`).actor_id, null)
  assert.equal(rowOf(`${head}123,`).actor_id, 123n)
  assert.equal(rowOf(`${head}123}`).actor_id, 123n)
  assert.equal(rowOf(`${head}9007199254740993, "course_id": "a/b`).actor_id, 9_007_199_254_740_993n)
  const [before = ''] = head.split(',"context"')
  assert.equal(reasonOf(before), 'event')
  assert.equal(reasonOf(before.slice(0, -1)), 'bad_json')
  assert.equal(reasonOf(before.replace(TIME, '')), 'bad_json')
  assert.equal(reasonOf(before.replace(TIME, 'noon')), 'no_time')
  assert.equal(reasonOf(before.replace('2019', '1970')), 'odd_time')
})

test('synthesized, mode and display names are taken as logged', () => {
  assert.equal(rowOf(logLine({ synthesized: { reason: 'x' } })).synthesized, true)
  for (const synthesized of [null, true, [], undefined])
    assert.equal(rowOf(logLine({ synthesized })).synthesized, false)
  assert.equal(rowOf(logLine({ context: { module: { display_name: '' } } })).display_name, '')
  assert.equal(rowOf(logLine({ context: { module: 'x' } })).display_name, null)
})

// Properties: whatever the bytes, an outcome; whatever the outcome, a row that its columns can hold.
const columns = Object.keys(EVENT_COLUMNS)
  .map((name) => (name === 'time' ? 'time_us' : name))
  .sort()

function checkOutcome(line: Uint8Array): void {
  const outcome = outcomeOf(line)
  if (outcome.kind !== 'event') return
  const { row } = outcome
  assert.deepEqual(Object.keys(row).sort(), columns)
  assert.ok(Number.isSafeInteger(row.time_us))
  for (const value of Object.values(row)) {
    assert.notEqual(value, undefined)
    if (typeof value === 'string') assert.ok(value.isWellFormed() && !value.includes('\0'))
    if (typeof value === 'number') assert.ok(Number.isFinite(value))
  }
}

const garbage = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })
const KEYS = [
  'username',
  'event_type',
  'event_source',
  'time',
  'event',
  'context',
  'page',
  'name',
  'timestamp',
  'synthesized',
]
const TYPES = [
  'play_video',
  'problem_check',
  'edx.course.enrollment.activated',
  'edx.special_exam.x',
  '/login',
  '/courses/a/b/c/',
]

test('normaliseLine() never throws on arbitrary bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), checkOutcome), { numRuns: 2000 })
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0d8eE-+.NaI \0é\u0001') }), (text) =>
      checkOutcome(Buffer.from(text)),
    ),
    { numRuns: 2000 },
  )
})

test('normaliseLine() never throws on valid lines with bytes changed, cut out or put in', () => {
  const place = fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.uint8Array({ maxLength: 5 }))
  const fields = fc.record({
    event_type: fc.constantFrom(...TYPES),
    event: fc.constantFrom('{"id":"a","user_id":"1"}', { course_id: 'a/b/c' }, '"a=b"'),
  })
  fc.assert(
    fc.property(fields, fc.array(place, { maxLength: 4 }), (different, places) => {
      let line = Buffer.from(logLine(different))
      for (const [at, removed, added] of places) {
        const from = at % (line.length + 1)
        line = Buffer.concat([line.subarray(0, from), added, line.subarray(from + removed)])
      }
      checkOutcome(line)
    }),
    { numRuns: 3000 },
  )
})

test('normaliseLine() never throws on garbage in any field', () => {
  const fields = fc.dictionary(fc.constantFrom(...KEYS), garbage)
  const inner = fc.dictionary(
    fc.constantFrom(
      'user_id',
      'course_id',
      'id',
      'problem_id',
      'correct_map',
      'GET',
      'POST',
      'module',
      'path',
      'currentTime',
      'mode',
      'student',
    ),
    garbage,
  )
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), fields, inner, fc.boolean(), (event_type, odd, payload, as_text) => {
      const event = as_text ? JSON.stringify(payload) : payload
      checkOutcome(Buffer.from(logLine({ event_type, event, context: payload, ...odd })))
      checkOutcome(
        Buffer.from(
          JSON.stringify({ ...odd, event_type, time: TIME, event_source: 'server', event, context: payload }),
        ),
      )
    }),
    { numRuns: 1500 },
  )
})

test('normaliseLine() takes a line cut anywhere, and a whole one is never rescued', () => {
  for (let end = 1; end < LINE.length; end++) {
    const outcome = outcomeOf(LINE.slice(0, end))
    assert.ok(
      outcome.kind === 'event' ? outcome.row.rescued : outcome.kind === 'rejected' && outcome.reason === 'bad_json',
      LINE.slice(0, end),
    )
  }
  assert.equal(rowOf(LINE).rescued, false)
})

test('normaliseLine() survives nesting of any depth', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const deep = open.repeat(200_000)
    assert.equal(reasonOf(`{"x":${deep}1${close.repeat(200_000)}}`), 'no_time')
    assert.equal(reasonOf(`{"x":${deep}`), 'bad_json')
    assert.equal(reasonOf(logLine({ event: deep })), 'event')
    assert.equal(reasonOf(`{"x":NaN,"y":${deep}1${close.repeat(200_000)}}`), 'no_time')
  }
})
