// A wrong median would stand in the documentation for years.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentileOf, spreadOf, spreadText } from './spread.ts'

test('spreadOf() takes the middle of an odd number of figures', () => {
  assert.deepEqual(spreadOf([5, 1, 9]), { min: 1, median: 5, max: 9 })
})

test('spreadOf() takes the mean of the two in the middle of an even number', () => {
  assert.deepEqual(spreadOf([4, 10, 2, 1]), { min: 1, median: 3, max: 10 })
})

test('spreadText() shows what one run says without a spread', () => {
  const write = (figure: number): string => figure.toFixed(1)
  assert.equal(spreadText(spreadOf([2]), write), '2.0')
  assert.equal(spreadText(spreadOf([2, 1, 4]), write), '2.0 (1.0 – 4.0)')
})

test('percentileOf() tells what so many percent do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  assert.equal(percentileOf(hundred, 99), 99)
  assert.equal(percentileOf(hundred, 50), 50)
  assert.equal(percentileOf([7], 99), 7)
  assert.ok(Number.isNaN(percentileOf([], 99)))
})
