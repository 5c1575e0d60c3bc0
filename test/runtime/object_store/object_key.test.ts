// The order of keys: that of their UTF-8 bytes, whatever JavaScript thinks of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareKeys } from '../../../runtime/object_store/object_key.ts'

const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right))

test('compareKeys() sorts a character beyond U+FFFF behind all others, unlike JavaScript', () => {
  assert.equal(compareKeys('a\u{1f600}', 'a\ufffd'), 1)
  assert.equal(compareKeys('a\ufffd', 'a\u{1f600}'), -1)
  assert.equal(compareKeys('a\u{1f600}', 'a\u{1f600}'), 0)
})

test('compareKeys() sorts as the bytes of any two keys do', () => {
  // Few characters, so that keys often begin alike; of each length in UTF-8.
  const sign = fc.constantFrom('a', 'b', '/', '.', 'é', '\u07ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}')
  const key = fc.oneof(fc.string({ unit: sign }), fc.string({ unit: 'grapheme' }))
  fc.assert(fc.property(key, key, (left, right) => compareKeys(left, right) === byBytes(left, right)))
})
