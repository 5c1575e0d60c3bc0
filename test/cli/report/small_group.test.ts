// What a report may tell of a group, as a table and as laws: whatever the counts, neither a number nor the difference of two
// that are told together is about fewer learners than a group must have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  countText,
  drawnCount,
  shareText,
  shownCount,
  shownShare,
  steppedCounts,
} from '../../../cli/report/small_group.ts'

test('countText() tells a count, that it is small, or that nearly all of a group are meant', () => {
  const cases: readonly (readonly [string, number, number, number?])[] = [
    ['<10', 0, 10],
    ['<10', 9, 10],
    ['10', 10, 10],
    ['1,234', 1_234, 10],
    ['30', 30, 10, 40],
    ['>30', 31, 10, 40],
    ['>30', 40, 10, 40],
    ['<10', 5, 10, 5],
    ['>2', 11, 10, 12],
    ['0', 0, 0],
    ['3', 3, 1, 3],
  ]
  for (const [text, count, group_min, of] of cases) assert.equal(countText(shownCount(count, group_min, of)), text)
})

test('shareText() tells a bound where one side of a share is a small group, and nothing of a small whole', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ['50 %', 20, 40],
    ['<25 %', 9, 40],
    ['<25 %', 0, 40],
    ['>75 %', 31, 40],
    ['>75 %', 40, 40],
    ['–', 9, 9],
    ['–', 10, 19],
    ['50 %', 10, 20],
  ]
  for (const [text, part, whole] of cases) assert.equal(shareText(shownShare(part, whole, 10)), text)
})

test('no count, and no difference from its group, is told of fewer than the group must have', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 2, max: 50 }), (one, other, group_min) => {
      const [count, of] = [Math.min(one, other), Math.max(one, other)]
      const shown = shownCount(count, group_min, of)
      if (shown.kind === 'exact') assert.ok(shown.count >= group_min && of - shown.count >= group_min)
      assert.ok((drawnCount(shown) ?? 0) <= Math.max(count, of - group_min, 0))
    }),
  )
})

test('shares of one bound are alike: nobody can tell which count is behind it', () => {
  for (const group_min of [2, 5, 10])
    for (let part = 0; part < group_min; part++)
      assert.deepEqual(shownShare(part, 60, group_min), shownShare(0, 60, group_min))
})

test('steppedCounts() tells no count, and no change from one told day to the next, of a small group', () => {
  const counts = fc.array(fc.nat(60), { maxLength: 60 })
  fc.assert(
    fc.property(counts, fc.integer({ min: 2, max: 15 }), (numbers, group_min) => {
      const days = numbers.map((count, index) => ({ day: String(index).padStart(3, '0'), count }))
      let before = 0
      for (const { count } of steppedCounts(days, group_min)) {
        assert.ok(Math.abs(count - before) >= group_min)
        assert.ok(count === 0 || count >= group_min)
        before = count
      }
    }),
  )
})

test('steppedCounts() with groups of one tells every change', () => {
  const days = [3, 3, 4, 0, 0, 1].map((count, index) => ({ day: String(index), count }))
  assert.deepEqual(
    steppedCounts(days, 1).map(({ day, count }) => [day, count]),
    [
      ['0', 3],
      ['2', 4],
      ['3', 0],
      ['5', 1],
    ],
  )
})
