// Names at the ends of curves must be readable: apart from each other, in their order, and inside the picture.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { apart } from '../../../cli/report/chart.ts'

const GAP = 15
const END = 200

test('apart() leaves alone what is apart, and keeps the order', () => {
  assert.deepEqual(apart([100, 20, 60], { gap: GAP, end: END }), [100, 20, 60])
  assert.deepEqual(apart([100, 100, 100], { gap: GAP, end: END }), [100, 115, 130])
  assert.deepEqual(apart([200, 199], { gap: GAP, end: END }), [200, 185])
})

test('apart() leaves the gap between any two, and none beyond the end while there is room', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: END }), { maxLength: 8 }), (positions) => {
      const moved = [...apart(positions, { gap: GAP, end: END })]
      assert.ok(moved.every((at) => at <= END))
      const sorted = moved.toSorted((one, other) => one - other)
      for (const [index, at] of sorted.slice(1).entries()) assert.ok(at - (sorted[index] ?? 0) >= GAP - 1e-9)
    }),
  )
})
