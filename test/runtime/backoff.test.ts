// Delays before retries: bounded, random, and cut short by an abort.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MillraceError } from '../../contracts/errors.ts'
import { delayMs, sleep } from '../../runtime/backoff.ts'

const backoff = { base_ms: 200, cap_ms: 5_000 }

test('delayMs() doubles its bound at each retry and stops at the cap', () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7].map((retry) => delayMs(retry, backoff, () => 1))
  assert.deepEqual(bounds, [200, 400, 800, 1600, 3200, 5000, 5000])
})

test('delayMs() has full jitter: anything from nothing to the bound', () => {
  assert.equal(
    delayMs(3, backoff, () => 0),
    0,
  )
  assert.equal(
    delayMs(3, backoff, () => 0.5),
    400,
  )
})

test('delayMs() is a whole number within its bounds for any retry', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (retry, chance) => {
      const ms = delayMs(retry, backoff, () => chance)
      return Number.isInteger(ms) && ms >= 0 && ms <= backoff.cap_ms
    }),
  )
})

test('sleep() ends by itself, and at once with `aborted` when told to stop', async () => {
  await sleep(1, { signal: new AbortController().signal })
  const controller = new AbortController()
  const sleeping = sleep(3_600_000, { signal: controller.signal })
  controller.abort()
  await assert.rejects(sleeping, (error: unknown) => error instanceof MillraceError && error.code === 'aborted')
  await assert.rejects(sleep(3_600_000, { signal: AbortSignal.abort() }), { code: 'aborted' })
})
