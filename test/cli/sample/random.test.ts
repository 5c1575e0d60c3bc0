// The seeded generator decides every sample: were it to change, every recorded figure would.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../../cli/sample/random.ts'

const draws = (random: Random): number[] => Array.from({ length: 1000 }, () => random.uint32())

test('Random draws the same for the same seed and other numbers for another', () => {
  assert.deepEqual(draws(new Random('a')), draws(new Random('a')))
  assert.notDeepEqual(draws(new Random('a')), draws(new Random('b')))
})

test('derive() depends on the name and not on what was drawn before', () => {
  const used = new Random('a')
  draws(used)
  assert.deepEqual(draws(used.derive('day')), draws(new Random('a').derive('day')))
  assert.notDeepEqual(draws(used.derive('day')), draws(used.derive('night')))
})

test('between() reaches both its ends and nothing beyond', () => {
  const random = new Random('ends')
  const seen = new Set(Array.from({ length: 500 }, () => random.between(3, 6)))
  assert.deepEqual([...seen].sort(), [3, 4, 5, 6])
})

test('skewed() draws the first tenth far more often than the last', () => {
  const random = new Random('skew')
  const drawn = Array.from({ length: 5000 }, () => random.skewed(100))
  const share = (from: number): number =>
    drawn.filter((index) => index >= from && index < from + 10).length / drawn.length
  assert.ok(share(0) > 5 * share(90), `${share(0)} against ${share(90)}`)
  assert.ok(Math.max(...drawn) <= 99)
})
