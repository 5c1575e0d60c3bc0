// Which result of a day counts is decided here alone; a wrong answer serves stale rows or loses a day without a trace.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fingerprint } from '../../../contracts/fingerprint.ts'
import { SitePlan } from '../../../contracts/plan_record.ts'
import {
  type Days,
  differencesOf,
  mergedDays,
  nextRound,
  receiptNames,
  targetDays,
  withoutDays,
} from '../../../workers/reduce/pending.ts'

const print = (digit: string) => Fingerprint.parse(digit.repeat(32))
const daysFrom = (spelt: Readonly<Record<string, string>>): Days =>
  new Map(Object.entries(spelt).map(([date, digit]) => [`2020-01-${date}`, print(digit)]))

function planOf(spelt: Readonly<Record<string, string>>): SitePlan {
  return SitePlan.parse({
    version: 1,
    site: 'edx',
    recipe: 1,
    days: Object.entries(spelt).map(([date, digit]) => ({
      log_file: {
        day: { organisation: 'acme', site: 'edx', date: `2020-01-${date}` },
        key: `acme/edx/${date}.log.gz`,
        etag: digit,
        size: 1,
        last_modified: '2020-02-01T00:00:00Z',
        wrapping: 'gzip',
      },
      fingerprint: print(digit),
      epoch: 0,
    })),
    superseded: [],
    empty: [],
    missing: [],
    held: [],
    courses: { include: ['*'], exclude: [] },
  })
}

const receiptsOf = (days: Days) => receiptNames([...days].map(([date, p]) => `done/edx/${date}-${p}.json`))

test('targetDays() serves the planned result once its receipt is there', () => {
  const target = targetDays({
    plan: planOf({ '01': 'a', '02': 'b' }),
    served: new Map(),
    receipts: receiptsOf(daysFrom({ '01': 'a' })),
  })
  assert.deepEqual(target, daysFrom({ '01': 'a' }))
})

test('targetDays() keeps the old result of a re-published day until the new one is there', () => {
  const given = { plan: planOf({ '01': 'b' }), served: daysFrom({ '01': 'a' }) }
  assert.deepEqual(targetDays({ ...given, receipts: receiptsOf(daysFrom({ '01': 'a' })) }), daysFrom({ '01': 'a' }))
  assert.deepEqual(targetDays({ ...given, receipts: receiptsOf(daysFrom({ '01': 'b' })) }), daysFrom({ '01': 'b' }))
})

test('targetDays() drops a day that left the plan although its receipt stands', () => {
  const served = daysFrom({ '01': 'a', '02': 'b' })
  const target = targetDays({ plan: planOf({ '02': 'b' }), served, receipts: receiptsOf(served) })
  assert.deepEqual(target, daysFrom({ '02': 'b' }))
})

test('receiptNames() leaves out keys that are no receipts', () => {
  assert.deepEqual([...receiptNames(['done/edx/2020-01-01-x.json', 'done/edx/readme'])], [])
})

test('differencesOf() tells added, replaced and removed dates apart', () => {
  assert.deepEqual(
    differencesOf(daysFrom({ '01': 'a', '02': 'a', '03': 'a' }), daysFrom({ '02': 'a', '03': 'b', '04': 'c' })),
    {
      added: ['2020-01-04'],
      replaced: ['2020-01-03'],
      removed: ['2020-01-01'],
    },
  )
})

const upTo = (days_max: number, bytes_max = Number.POSITIVE_INFINITY) => ({ days_max, bytes_max, bytesOf: () => 10 })

test('nextRound() takes days while their log files fit, and one that is too large by itself', () => {
  const target = daysFrom({ '01': 'a', '02': 'a', '03': 'a' })
  const sizes: number[] = []
  for (const bytes_max of [9, 10, 19, 20, 30]) sizes.push(nextRound(new Map(), target, upTo(9, bytes_max)).loaded.size)
  assert.deepEqual(sizes, [1, 1, 1, 2, 3])
  assert.equal(nextRound(new Map(), target, upTo(9, 29)).last, false)
  assert.equal(nextRound(new Map(), target, upTo(9, 30)).last, true)
})

test('nextRound() takes newest days first, all removals at once, and says when it is the last', () => {
  const served = daysFrom({ '01': 'a', '02': 'a' })
  const target = daysFrom({ '02': 'b', '03': 'b', '04': 'b' })
  const first = nextRound(served, target, upTo(2))
  assert.deepEqual([...first.loaded.keys()].sort(), ['2020-01-03', '2020-01-04'])
  assert.deepEqual(first.dropped, ['2020-01-01'])
  assert.deepEqual(first.days, daysFrom({ '02': 'a', '03': 'b', '04': 'b' }))
  assert.equal(first.last, false)
  const second = nextRound(first.days, target, upTo(2))
  assert.deepEqual(second.dropped, ['2020-01-02'])
  assert.equal(second.last, true)
})

test('withoutDays() leaves an unusable new day out and an unusable replacement at its old result', () => {
  const served = daysFrom({ '01': 'a' })
  const round = nextRound(served, daysFrom({ '01': 'b', '02': 'b', '03': 'b' }), upTo(9))
  const rest = withoutDays(served, round, new Set(['2020-01-01', '2020-01-02']))
  assert.deepEqual(rest.days, daysFrom({ '01': 'a', '03': 'b' }))
  assert.deepEqual(rest.dropped, [])
  assert.deepEqual([...rest.loaded.keys()], ['2020-01-03'])
})

test('nextRound() reaches any target from any head in rounds of any size', () => {
  const someDays = fc.dictionary(fc.integer({ min: 10, max: 28 }).map(String), fc.constantFrom('a', 'b', 'c'), {
    maxKeys: 12,
  })
  fc.assert(
    fc.property(someDays, someDays, fc.integer({ min: 1, max: 5 }), (from, to, days_max) => {
      const target = daysFrom(to)
      let served = daysFrom(from)
      for (let rounds = 0; ; rounds++) {
        assert.ok(rounds < 20, 'rounds do not end')
        const round = nextRound(served, target, upTo(days_max))
        assert.ok(round.loaded.size <= days_max)
        served = round.days
        if (round.last) break
      }
      assert.deepEqual(mergedDays(served), mergedDays(target))
    }),
  )
})
