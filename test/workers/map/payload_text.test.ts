// Payloads as SQL gets them: whatever was logged, DuckDB must be able to read it, and read in it what was meant.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { readPayload } from '../../../workers/map/payload.ts'
import { mayHoldRounded, payloadText } from '../../../workers/map/payload_text.ts'

const textOf = (event: unknown): string | null => payloadText(readPayload(event))

for (const [name, event, expected] of [
  ['an object', { a: 1 }, '{"a":1}'],
  ['text of an object', '{"a": 1.0, "b": "x"}', '{"a":1,"b":"x"}'],
  ['equal keys, of which the last counts', '{"a": 1, "a": 2}', '{"a":2}'],
  ['a list', ['x', 'y'], '["x","y"]'],
  ['a form', 'input_1=a&input_2=b', '"input_1=a&input_2=b"'],
  ['a form in a text', '"input_1=a"', '"input_1=a"'],
  ['a cut object', '{"a": "b', '"{\\"a\\": \\"b"'],
  ['a word', 'hello', '"hello"'],
  ['nothing', '', null],
  ['null', null, null],
  ['no payload', undefined, null],
  ['NaN', '{"a": NaN}', '{"a":null}'],
  ['NUL', { a: 'x\0y' }, '{"a":"xy"}'],
  ['half a surrogate pair', { a: 'x\ud800', b: '\udfffy' }, '{"a":"x\ufffd","b":"\ufffdy"}'],
  ['a whole pair', { a: '😀' }, '{"a":"😀"}'],
  ['a backslash before what looks like an escape', { a: '\\u0000' }, '{"a":"\\\\u0000"}'],
  [
    'keys that differ by NUL, of which the last counts',
    { 'a\0': 1, b: { c: 2, 'c\0': 3 }, a: 4 },
    '{"a":4,"b":{"c":3}}',
  ],
  ['keys that differ by half a surrogate pair', '{"\\ud800": 1, "\\ud801": 2}', '{"\ufffd":2}'],
  ['a control character', { a: '\u0001' }, '{"a":"\\u0001"}'],
] as const)
  test(`payloadText() writes ${name}`, () => assert.equal(textOf(event), expected))

test('payloadText() gives up a payload that is nested too deep to be written, whatever the stack', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
  assert.equal(textOf(`{"a":${nested(255)}}`), `{"a":${nested(255)}}`)
  for (const levels of [256, 10_000, 1_000_000]) {
    assert.equal(textOf(`{"a":${nested(levels)}}`), null, `${levels} levels`)
    assert.equal(textOf(nested(levels + 1)), null, `a list of ${levels + 1} levels`)
  }
})

test('mayHoldRounded() is certain where it says no', () => {
  for (const [json, expected] of [
    ['{"a":9007199254740993}', true],
    ['{"a":[1,-9007199254740993]}', true],
    ['{"a":900719925474099}', false],
    ['{"a":"x9007199254740993"}', false],
  ] as const)
    assert.equal(mayHoldRounded(json), expected, json)
})

test('DuckDB reads every payload, and in it the texts that were meant', async () => {
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 128 })
  const text = fc.string({ unit: 'binary', maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.record({ a: text, b: fc.jsonValue() }), fc.jsonValue(), text), async (event) => {
      const json = textOf(event)
      const [row] = await database.rows<{ is_sound: boolean | null; a: string | null }>(
        `select json_valid($1) as is_sound, $1 ->> '$.a' as a`,
        [json],
      )
      assert.equal(row?.is_sound ?? true, true)
      const meant =
        typeof event === 'object' && event !== null && 'a' in event && !Array.isArray(event) ? event.a : null
      if (typeof meant === 'string') assert.equal(row?.a, meant.toWellFormed().replaceAll('\0', ''))
    }),
    { numRuns: 300 },
  )
})
