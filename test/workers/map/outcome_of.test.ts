// The rule by which a failed job is tried again, put away or let go.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ERROR_CODES, isRetryable } from '../../../contracts/errors.ts'
import { DELIVERIES_MAX } from '../../../contracts/limits.ts'
import { outcomeOf } from '../../../workers/map/outcome_of.ts'

const reason = 'Cannot do it: a reason'

describe('outcomeOf()', () => {
  for (const [code, quarantine_class] of [
    ['no_key', 'key'],
    ['key_unreadable', 'key'],
    ['not_openpgp', 'decrypt'],
    ['decrypt_corrupt', 'decrypt'],
    ['decrypt_unauthenticated', 'decrypt'],
    ['gzip_corrupt', 'gzip'],
    ['bomb', 'bomb'],
    ['crash_loop', 'crash_loop'],
    ['decrypt_unsupported', 'decrypt'],
  ] as const)
    it(`puts a day with ${code} away, class ${quarantine_class}`, () => {
      assert.deepEqual(outcomeOf({ code, reason }, 1), { kind: 'quarantine', class: quarantine_class, code, reason })
    })

  it('lets a job go whose log file changed or went: the next sweep plans what is there', () => {
    for (const code of ['object_changed', 'object_missing'])
      assert.deepEqual(outcomeOf({ code, reason }, 1), { kind: 'done', how: 'superseded' })
  })

  it('gives a job back at once when the process was told to stop', () => {
    assert.deepEqual(outcomeOf({ code: 'aborted', reason }, 2), { kind: 'retry', after_ms: 0, code: 'aborted', reason })
  })

  it('tries again later and later, and never after more than ten minutes', () => {
    const after = (attempts: number) => outcomeOf({ code: 'stalled', reason }, attempts, () => 0.999_999)
    assert.deepEqual(after(1), { kind: 'retry', after_ms: 9_999, code: 'stalled', reason })
    assert.deepEqual(after(2), { kind: 'retry', after_ms: 19_999, code: 'stalled', reason })
    assert.deepEqual(after(40), { kind: 'retry', after_ms: 599_999, code: 'stalled', reason })
  })

  it('an outage that uses up the deliveries lets the job go instead of blaming the day', () => {
    for (const code of ['source_unreachable', 'store_unreachable', 'key_service_silent', 'aborted']) {
      assert.equal(outcomeOf({ code, reason }, DELIVERIES_MAX - 1).kind, 'retry')
      assert.deepEqual(outcomeOf({ code, reason }, DELIVERIES_MAX), { kind: 'done', how: 'superseded' })
    }
    for (const code of ['thread_lost', 'stalled'])
      assert.equal(outcomeOf({ code, reason }, DELIVERIES_MAX).kind, 'retry')
  })

  it('takes a code that nobody knows for a lost thread', () => {
    const outcome = outcomeOf({ code: 'unheard_of', reason }, 1)
    assert.ok(outcome.kind === 'retry' && outcome.code === 'thread_lost')
  })

  it('never quarantines what the catalogue calls retryable', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ERROR_CODES), fc.integer({ min: 1, max: 50 }), (code, attempts) => {
        const outcome = outcomeOf({ code, reason }, attempts)
        if (isRetryable(code)) assert.notEqual(outcome.kind, 'quarantine')
        else assert.notEqual(outcome.kind, 'retry')
      }),
    )
  })
})
