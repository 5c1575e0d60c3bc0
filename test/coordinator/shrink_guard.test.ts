// A faulty listing must never look like deletions, and a meant deletion must still be possible.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Config } from '../../config/schema.ts'
import type { SitePlan } from '../../contracts/plan_record.ts'
import { makePlan } from '../../coordinator/plan.ts'
import { type Guarded, guardPlans } from '../../coordinator/shrink_guard.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, filesOf } from './a_plan.ts'

const plan = (days: readonly string[], config: Config = aConfig(), site = 'edx'): SitePlan =>
  makePlan(aSite(site), filesOf(days.map((date) => aLogFile({ date, site }))), config, aMeaning())
const guard = (before: readonly SitePlan[], now: readonly SitePlan[], config: Config = aConfig()): Guarded =>
  guardPlans(new Map(before.map((of) => [of.site, of])), new Map(now.map((of) => [of.site, of])), config)
const held = (guarded: Guarded, site = 'edx'): number => guarded.plans.get(aSite(site))?.held.length ?? -1

const year = dates('2014-01-01', 365)
const decade = dates('2012-09-01', 3650)

const cases: readonly (readonly [what: string, before: readonly string[], now: readonly string[], held: number])[] = [
  ['lets 5 of 365 days go', year, year.slice(5), 0],
  ['holds 6 of 365 days', year, year.slice(6), 6],
  ['lets 1 % of 3650 days go', decade, decade.slice(36), 0],
  ['holds more than 1 % of 3650 days', decade, decade.slice(37), 37],
  ['holds the only day of a site that lists nothing any more', year.slice(0, 1), [], 1],
  ['lets nothing vanish when nothing did', year, year, 0],
  ['lets new days in', year.slice(0, 100), year, 0],
]
for (const [what, before, now, expected] of cases)
  test(`guardPlans() ${what}`, () => {
    const guarded = guard([plan(before)], [plan(now)])
    assert.equal(held(guarded), expected)
    assert.equal(guarded.tripped.size, expected > 0 ? 1 : 0)
  })

test('guardPlans() holds days of a site that is gone altogether while another is still there', () => {
  const guarded = guard([plan(year), plan(year, aConfig(), 'edge')], [plan(year)])
  assert.equal(held(guarded, 'edge'), 365)
  assert.equal(held(guarded), 0)
})

test('guardPlans() lets days go with allow_shrink, except all of them', () => {
  const config = aConfig({ allow_shrink: true })
  assert.equal(held(guard([plan(year)], [plan(year.slice(300), config)], config)), 0)
  assert.equal(held(guard([plan(year), plan(year, config, 'edge')], [plan(year)], config), 'edge'), 0)
  assert.equal(held(guard([plan(year)], [], config)), 365)
})

test('guardPlans() does not take for vanished what the config leaves out', () => {
  const later = aConfig({ from: '2014-12-01', to: '2014-12-02' })
  assert.equal(held(guard([plan(year)], [plan(year, later)], later)), 0)
  const edge = aConfig({ sites: ['edge'] })
  assert.equal(guard([plan(year)], [plan(year, edge, 'edge')], edge).plans.has(aSite()), false)
})

test('guardPlans() takes a log file that became empty for vanished', () => {
  const files = new Map(filesOf(year.map((date) => aLogFile({ date }))))
  for (const [date, { counting }] of [...files].slice(0, 10))
    if (counting !== null) files.set(date, { counting: null, superseded: [], empty: [{ ...counting, size: 0 }] })
  assert.equal(held(guard([plan(year)], [makePlan(aSite(), files, aConfig(), aMeaning())])), 10)
})

test('guardPlans() keeps held entries as they were, for as long as the source does not have them', () => {
  const before = plan(year)
  const once = guard([before], [plan(year.slice(100))])
  const twice = guard([...once.plans.values()], [plan(year.slice(100))])
  assert.deepEqual(twice, once)
  assert.deepEqual(once.plans.get(aSite())?.days, before.days)
  const back = guard([...once.plans.values()], [plan(year)])
  assert.deepEqual(back.plans.get(aSite()), before)
})

test('guardPlans() never loses more than the limit, and never a day that is listed', () => {
  const some = fc.subarray([...year])
  fc.assert(
    fc.property(some, some, (before, now) => {
      const of = guard([plan(before)], [plan(now)]).plans.get(aSite())
      const kept = new Set<string>(of?.days.map((day) => day.log_file.day.date))
      assert.ok(before.filter((date) => !kept.has(date)).length <= Math.max(5, before.length / 100))
      assert.ok(now.every((date) => kept.has(date)))
      assert.equal(kept.size, of?.days.length)
    }),
    { numRuns: 30 },
  )
})
