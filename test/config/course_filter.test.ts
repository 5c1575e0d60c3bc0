// Course ids hold the very signs that globs treat as special, so the table is of those.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { courseMatcher } from '../../config/course_filter.ts'

const table: readonly (readonly [pattern: string, id: string, matches: boolean])[] = [
  ['*', 'course-v1:X+Y+Z', true],
  ['*', 'X/Y/Z', true],
  ['X/*', 'X/Y/Z', true],
  ['X/*', 'x/Y/Z', false],
  ['course-v1:X+Y+*', 'course-v1:X+Y+2014_T1', true],
  ['course-v1:X+Y+*', 'course-v1:X+YY+2014', false],
  ['X/Y/201?', 'X/Y/2014', true],
  ['X/Y/201?', 'X/Y/201', false],
  ['X.Y', 'XaY', false],
  ['X+', 'XX', false],
  ['[ab]/(c)|{d}', '[ab]/(c)|{d}', true],
  ['[ab]', 'a', false],
  ['!X', 'Y', false],
  ['X/Y', 'X/Y/Z', false],
  ['**/Z', 'X/Y/Z', true],
  ['?', '😀', true],
]
for (const [pattern, id, matches] of table)
  test(`courseMatcher() finds that ${pattern} ${matches ? 'matches' : 'does not match'} ${id}`, () => {
    assert.equal(courseMatcher({ include: [pattern], exclude: [] })(id), matches)
  })

test('courseMatcher() lets exclude win over include, and builds nothing without include', () => {
  const matches = courseMatcher({ include: ['X/*'], exclude: ['*/Sandbox/*'] })
  assert.deepEqual(['X/A/1', 'X/Sandbox/1', 'Y/A/1'].map(matches), [true, false, false])
  assert.equal(courseMatcher({ include: [], exclude: [] })('X/A/1'), false)
})

test('courseMatcher() takes any text without * and ? for itself alone', () => {
  const plain = fc.string().filter((text) => !/[*?]/.test(text) && text.isWellFormed())
  fc.assert(
    fc.property(plain, plain, (pattern, id) => {
      assert.equal(courseMatcher({ include: [pattern], exclude: [] })(id), pattern === id)
      assert.ok(courseMatcher({ include: [pattern], exclude: [] })(pattern))
    }),
  )
})
