// Only what a log means otherwise than JSON.parse may be read otherwise, and nothing that is broken may become sound.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readExactJson, readJson } from '../../../workers/map/json.ts'

const UNREADABLE = { kind: 'unreadable' }
const value = (of: unknown): unknown => ({ kind: 'value', value: of })

for (const [text, expected] of [
  ['{"a": NaN, "NaN": "Infinity"}', value({ a: null, NaN: 'Infinity' })],
  ['[Infinity,-Infinity,NaN]', value([null, null, null])],
  ['["\\"NaN", NaN]', value(['"NaN', null])],
  ['{"a\0": 1\0}', value({ a: 1 })],
  ['[+Infinity]', UNREADABLE],
  ['[-NaN]', UNREADABLE],
  ['[NaNs]', UNREADABLE],
  ['[1NaN]', UNREADABLE],
  ['{NaN: 1}', UNREADABLE],
  ['["NaN', UNREADABLE],
] as const)
  test(`readJson() reads ${JSON.stringify(text)}`, () => assert.deepEqual(readJson(text), expected))

test('readExactJson() gives integers that would be rounded as text, and only those', () => {
  const text =
    '{"a":9007199254740993,"b":9007199254740991,"c":-9007199254740993,"d":1e20,"e":"9007199254740993","f":0.12345678901234566}'
  const expected = {
    a: '9007199254740993',
    b: 9_007_199_254_740_991,
    c: '-9007199254740993',
    d: 1e20,
    e: '9007199254740993',
    f: 0.12345678901234566,
  }
  assert.deepEqual(readExactJson(text), value(expected))
})

test('readJson() and readExactJson() read what JSON.parse reads, as it does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.deepEqual(readJson(text), value(JSON.parse(text)))
      if (!/\d{16}/.test(text)) assert.deepEqual(readExactJson(text), value(JSON.parse(text)))
    }),
  )
})

test('readJson() takes linear time on hostile text', () => {
  for (const unit of ['"\\', '"', '\\"', 'N', '-', '1', '{"a":'])
    assert.deepEqual(readJson(`${unit.repeat(300_000)}NaN`), UNREADABLE)
})
