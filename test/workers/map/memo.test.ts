// A memo that grew for ever would fill a worker over a long file of ever new names.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoised } from '../../../workers/map/memo.ts'

test('memoised() computes a text once, forgets all when full, and never keeps a long text', () => {
  const computed: string[] = []
  const lengthOf = memoised(2, (text) => {
    computed.push(text)
    return text.length === 0 ? null : text.length
  })
  assert.deepEqual(['a', 'a', '', ''].map(lengthOf), [1, 1, null, null])
  assert.deepEqual(computed, ['a', ''])
  assert.deepEqual(['b', 'b', 'a'].map(lengthOf), [1, 1, 1])
  assert.deepEqual(computed, ['a', '', 'b', 'a'])
  const long = 'x'.repeat(513)
  assert.deepEqual([long, long].map(lengthOf), [513, 513])
  assert.equal(computed.length, 6)
})
