// The window is a promise to the broker and to whoever edits the config; fairness is one to the small sites.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AuditState, judge, SOUND } from '../../coordinator/audit.ts'
import { chooseDays, isMergeDue, type SiteQueue, windowOf } from '../../coordinator/dispatch.ts'
import { makePlan } from '../../coordinator/plan.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, filesOf } from './a_plan.ts'

const queue = (site: string, waiting: number, outstanding = 0): SiteQueue => ({
  site: aSite(site),
  waiting: makePlan(
    aSite(site),
    filesOf(dates('2014-01-01', waiting).map((date) => aLogFile({ date, site }))),
    aConfig(),
    aMeaning(),
  ).days,
  outstanding,
})
const sites = (queues: readonly SiteQueue[], window: number): string =>
  chooseDays(queues, window)
    .map((day) => day.log_file.day.site)
    .join(' ')

test('windowOf() is two jobs per slot and at least 50', () => {
  assert.deepEqual([0, 25, 26, 100].map(windowOf), [50, 50, 52, 200])
})

test('chooseDays() goes to the site with the fewest jobs', () => {
  assert.equal(sites([queue('edx', 9), queue('edge', 2)], 6), 'edge edx edge edx edx edx')
  assert.equal(sites([queue('edx', 9, 3), queue('edge', 9)], 8), 'edge edge edge edge edx')
  assert.equal(sites([queue('edx', 9, 8), queue('edge', 9)], 8), '')
})

test('chooseDays() keeps each site’s order and fills the window and no more', () => {
  const some = fc.array(fc.tuple(fc.nat(20), fc.nat(10)), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(some, fc.nat(40), (sizes, window) => {
      const queues = sizes.map(([waiting, outstanding], index) => queue(`s${index}`, waiting, outstanding))
      const chosen = chooseDays(queues, window)
      const out = sizes.reduce((sum, [, outstanding]) => sum + outstanding, 0)
      const all = sizes.reduce((sum, [waiting]) => sum + waiting, 0)
      assert.equal(chosen.length, Math.min(all, Math.max(0, window - out)))
      for (const { site, waiting } of queues) {
        const of_site = chosen.filter((day) => day.log_file.day.site === site)
        assert.deepEqual(of_site, waiting.slice(0, of_site.length))
      }
    }),
    { numRuns: 100 },
  )
})

const merges: readonly (readonly [needed: boolean, wanted: number, done: number, merged: number, due: boolean])[] = [
  [false, 0, 0, 0, false],
  [true, 0, 1, 0, true],
  [true, 0, 0, 10, true],
  [true, 1, 63, 0, false],
  [true, 1, 64, 0, true],
  [true, 1, 499, 1000, false],
  [true, 1, 500, 1000, true],
]
for (const [needed, wanted, done, merged, due] of merges)
  test(`isMergeDue() is ${due} when ${wanted} days are wanted, ${done} done and ${merged} merged${needed ? '' : ', and none is needed'}`, () => {
    assert.equal(isMergeDue({ needed, wanted, done, merged }), due)
  })

test('judge() purges after the limit, makes the consumer anew after another, and forgets when the sums agree', () => {
  const reading = (messages: number) => ({ messages, pending: 1, ack_pending: 1, ack_floor: 0, redelivered: 0 })
  const story: readonly (readonly [now_ms: number, messages: number, kind: AuditState['kind'], heal: string | null])[] =
    [
      [0, 2, 'sound', null],
      [10, 3, 'suspicious', null],
      [20, 2, 'sound', null],
      [30, 3, 'suspicious', null],
      [129, 3, 'suspicious', null],
      [130, 3, 'purged', 'purge_orphans'],
      [229, 3, 'purged', null],
      [230, 3, 'sound', 'recreate_consumer'],
      [240, 1, 'suspicious', null],
    ]
  let state = SOUND
  for (const [now_ms, messages, kind, heal] of story) {
    const judged = judge(state, reading(messages), { now_ms, limit_ms: 100 })
    state = judged.state
    assert.deepEqual([state.kind, judged.heal], [kind, heal], `at ${now_ms}`)
  }
})
