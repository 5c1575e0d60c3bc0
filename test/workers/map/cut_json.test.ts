// A cut text must be told from a broken one at every place where it can be cut.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { closeCutJson } from '../../../workers/map/cut_json.ts'

for (const [text, expected] of [
  ['{', '{}'],
  ['{"a', '{}'],
  ['{"a"', '{}'],
  ['{"a":', '{}'],
  ['{"a":"b', '{}'],
  ['{"a":"b\\', '{}'],
  ['{"a":"b\\u00', '{}'],
  ['{"a":"b"', '{"a":"b"}'],
  ['{"a":12', '{}'],
  ['{"a":-', '{}'],
  ['{"a":1.5e', '{}'],
  ['{"a":12,', '{"a":12}'],
  ['{"a":tr', '{}'],
  ['{"a":Na', '{}'],
  ['{"a":[1,{"b":2},', '{"a":[1,{"b":2}]}'],
  ['{"a":[', '{"a":[]}'],
  ['"a', ''],
  ['{"a":1}', null],
  ['{"a":1} ', null],
  ['{"a":1}{', null],
  ['{a', null],
  ['{"a" 1', null],
  ['{"a":1 "b"', null],
  ['{"a":1]', null],
  ['[1}', null],
  ['{,', null],
  ['{"a":,', null],
  ['[1,]', null],
  ['{"a":1,}', null],
  ['{"a":01,', null],
  ['{"a":01', null],
  ['{"a":truth', null],
  ['{"a":"\\x', null],
  ['{"a":"\\u00g', null],
  ['{"a":"\n', null],
  ['12', null],
  ['', ''],
] as const)
  test(`closeCutJson() makes ${JSON.stringify(expected)} of ${JSON.stringify(text)}`, () =>
    assert.equal(closeCutJson(text), expected))

test('closeCutJson() closes JSON cut anywhere to JSON, and leaves whole JSON alone', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.nat(),
      fc.constantFrom(undefined, 1),
      (value, at, space) => {
        const text = JSON.stringify({ first: 1, ...value }, null, space)
        assert.equal(closeCutJson(text), null)
        const closed = closeCutJson(text.slice(0, 1 + (at % (text.length - 1))))
        assert.ok(closed !== null)
        assert.equal(typeof JSON.parse(closed), 'object')
      },
    ),
    { numRuns: 1000 },
  )
})

test('closeCutJson() and JSON.parse never both accept a text', () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}[]":,\\u01a-+.eE tfn'), maxLength: 12 })
  fc.assert(
    fc.property(text, (tail) => {
      const whole = `{"a":${tail}`
      if (closeCutJson(whole) !== null) assert.throws(() => JSON.parse(whole))
    }),
    { numRuns: 5000 },
  )
})
