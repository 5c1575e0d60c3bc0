// The scan writes the JSON of payloads that SQL reads: it must be what the careful reader writes, byte by byte, and it must be
// sure of what is common, or nothing is gained.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Random } from '../../../cli/sample/random.ts'
import { windowOf } from '../../../workers/map/event_time.ts'
import { LineScanner } from '../../../workers/map/line_scanner.ts'
import { readPayload } from '../../../workers/map/payload.ts'
import { mayHoldRounded, payloadText } from '../../../workers/map/payload_text.ts'
import { FILE_DATE, logLine } from './log_line.ts'
import { oddBytes, oddPayload } from './odd_payload.ts'

const scanner = new LineScanner()

/** Gives what the scan writes of a payload's JSON, and what it must write; null when the line or the payload is doubtful. */
function written(json: string): { readonly fast: string | null; readonly slow: string | null } {
  const line = oddBytes(logLine({ event: '@' }).replace('"@"', () => json))
  scanner.begin(windowOf(FILE_DATE))
  scanner.feed(Buffer.concat([line, Buffer.of(0x0a)]))
  if (scanner.next()?.kind !== 'event') return { fast: null, slow: null }
  const fast = scanner.payloadText()
  return { fast, slow: payloadText(readPayload(JSON.parse(line.toString()).event)) }
}

for (const [name, json, expected] of [
  ['an object as Python writes it', '{"a": 1, "b": [1, 2, "x"], "c": {}}', '{"a":1,"b":[1,2,"x"],"c":{}}'],
  ['text of an object as a browser writes it', '"{\\"a\\":1,\\"b\\":\\"x\\"}"', '{"a":1,"b":"x"}'],
  ['floats of Python', '{"a": 1.0, "b": 0.50, "c": -12.25, "d": 100.0}', '{"a":1,"b":0.5,"c":-12.25,"d":100}'],
  [
    'numbers of many digits',
    '{"a": 0.8333333333333334, "b": [12.938461538461539, 1e-7]}',
    '{"a":0.8333333333333334,"b":[12.938461538461539,1e-7]}',
  ],
  [
    'sixteen of them',
    JSON.stringify(Array(16).fill(12.938461538461539)),
    JSON.stringify(Array(16).fill(12.938461538461539)),
  ],
  ['characters of a language', '{"a": "\\u00e9\\u20ac\\ud83d\\ude00"}', '{"a":"é€😀"}'],
  ['them in a text', '"{\\"a\\": \\"\\u00e9\\u20ac\\ud83d\\ude00 \\\\u00e9\\"}"', '{"a":"é€😀 é"}'],
  ['escapes', '{"a": "\\"\\\\\\/\\b\\f\\n\\r\\t"}', '{"a":"\\"\\\\/\\b\\f\\n\\r\\t"}'],
  ['a list', '["x", "y"]', '["x","y"]'],
  ['a form', '"input_1=a&input_2=b"', '"input_1=a&input_2=b"'],
  ['a form in a text', '"\\"input_1=a\\\\nb\\""', '"input_1=a\\nb"'],
  ['white space around an object in a text', '"{\\"a\\": 1}\\n "', '{"a":1}'],
  ['keys that differ in the middle', '{"input_2_1_of_ten": 1, "input_2_1_0f_ten": 2, "input_2_1": 3}', null],
  ['a block with sixteen digits in its name', '{"a": "block@1234567890123456"}', '{"a":"block@1234567890123456"}'],
  [
    'a key of an inner object again',
    '{"x": {"a": 1}, "a": {"a": 2}, "b": [{"a": 3}]}',
    '{"x":{"a":1},"a":{"a":2},"b":[{"a":3}]}',
  ],
  ['a key of JavaScript', '{"__proto__": 1, "toJSON": 2, "": 3}', '{"__proto__":1,"toJSON":2,"":3}'],
] as const)
  test(`the scan writes ${name}`, () => {
    const { fast, slow } = written(json)
    assert.equal(fast, expected ?? slow)
    assert.equal(fast, slow)
  })

for (const [name, json] of [
  ['a cut object', '"{\\"a\\": \\"b"'],
  ['nothing', '""'],
  ['null', 'null'],
  ['a bare number', '7'],
  ['text before an object', '" {}"'],
  ['text behind an object', '"{} x"'],
  ['equal keys', '{"a": 1, "b": 2, "a": 3}'],
  ['equal keys of an inner object', '{"x": {"a": 1, "b": 2}, "y": {"a": 1, "a": 2}}'],
  ['equal keys in disguise', '{"a": 1, "\\u0061": 2}'],
  ['keys that are numbers', '{"b": 1, "1": 2}'],
  ['keys that are not ASCII', '{"é": 1}'],
  ['keys that become equal', '{"k\ue000": 1, "k\ue001": 2}'],
  ['long keys that become equal', '{"a_\ue000_long_key_of_bytes": 1, "a_\ue001_long_key_of_bytes": 2}'],
  ['minus zero', '{"a": -0.0}'],
  ['an exponent', '{"a": 1e3}'],
  ['more digits than a double has', '{"a": 0.83333333333333337}'],
  ['many numbers of many digits', `[${Array.from({ length: 17 }, () => 12.938461538461539).join(',')}]`],
  ['a number of more digits than any is written with', '{"a": 0.000000000000000000000000000012345}'],
  ['a number that JavaScript writes with an exponent', '{"a": 0.0000001}'],
  ['many digits', '{"a": 1234567890123456}'],
  ['what looks like a rounded number', '{"a": "b:1234567890123456"}'],
  ['NUL', '{"a": "\\u0000"}'],
  ['half a pair', '{"a": "\\ud83d"}'],
  ['the second half of a pair twice', '{"a": "\\ude00\\ude00"}'],
  ['half a pair in a text', '"{\\"a\\": \\"\\ud83dx\\"}"'],
  ['a control character', '{"a": "\\u0001"}'],
  ['a form with white space at its end', '"input_1=a\\n"'],
  ['a form with space that is not ASCII', '"input_1=a\\u00a0"'],
  ['deep nesting', `{"a": ${'['.repeat(40)}${']'.repeat(40)}}`],
  ['a great payload', `{"a": "${'x'.repeat(70_000)}"}`],
] as const)
  test(`the scan leaves ${name} to the careful reader`, () => assert.equal(written(json).fast, null))

test('the scan writes payloads at the edge of its room', () => {
  for (let length = 65_500; length < 65_560; length++) {
    const { fast, slow } = written(
      `{"a":"${'é'.repeat(length - 65_500)}${'x'.repeat(length - 65_500)}${'y'.repeat(65_400)}"}`,
    )
    if (fast !== null) assert.equal(fast, slow)
  }
})

test('the scan writes what the careful reader writes, or nothing', () => {
  const random = new Random('payloads')
  let sure = 0
  const count = 20_000
  for (let left = count; left > 0; left--) {
    const { fast, slow } = written(oddPayload(random))
    if (fast === null) continue
    assert.equal(fast, slow)
    assert.ok(!mayHoldRounded(fast))
    sure++
  }
  assert.ok(sure > count / 4, `${sure}`)
})

test('the scan writes numbers as JavaScript does', () => {
  const decimal = fc
    .record({ whole: fc.nat(), fraction: fc.stringMatching(/^\d{0,9}$/), minus: fc.boolean() })
    .map(({ whole, fraction, minus }) => `${minus ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`)
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))
  const digits = fc.stringMatching(/^(0|[1-9]\d{0,15})(\.\d{1,16})?$/)
  fc.assert(
    fc.property(fc.oneof(decimal, double, digits), (number) => {
      const { fast, slow } = written(`{"a": ${number}}`)
      if (fast !== null) assert.equal(fast, slow)
    }),
    { numRuns: 20_000 },
  )
  for (let count = 0; count < 1_000; count++) {
    const number = `${count / 8}`
    assert.equal(written(`[${number}]`).fast, `[${number}]`)
  }
})
