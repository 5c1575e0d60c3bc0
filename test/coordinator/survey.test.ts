// States and reasons are derived; this is their table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Config } from '../../config/schema.ts'
import { SiteHead } from '../../contracts/head.ts'
import type { SitePlan } from '../../contracts/plan_record.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { whyText } from '../../coordinator/day_state.ts'
import { makePlan } from '../../coordinator/plan.ts'
import { needsMerge, type SurveyGiven, surveySite, waitingDays } from '../../coordinator/survey.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, filesOf } from './a_plan.ts'

const date = '2014-05-15'
const { declarations } = OUR_TABLES
const plan = (config: Config = aConfig(), recipe = 1, etag = 'e1', days: readonly string[] = [date]): SitePlan =>
  makePlan(aSite(), filesOf(days.map((one) => aLogFile({ date: one, etag }))), config, aMeaning(recipe))
const fingerprint = (of: SitePlan): string => of.days[0]?.fingerprint ?? ''
const named = (...of: readonly SitePlan[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map([[date, new Set(of.map(fingerprint))]])
const aHead = (days: Readonly<Record<string, string>>): SiteHead =>
  SiteHead.parse({
    version: 2,
    number: 1,
    site: 'edx',
    plan_number: 1,
    declarations: declarations,
    filter: { include: ['*'], exclude: [] },
    runs: [{ number: 1, file: { key: 'k', bytes: 0, sha256: '0'.repeat(64) } }],
    names: { key: 'n', bytes: 0, sha256: '0'.repeat(64) },
    days,
    courses: {},
  })
const headOf = (of: SitePlan): SiteHead => aHead({ [date]: fingerprint(of) })

const nothing = { previous: null, reprocess: [], bytes_per_second: null, head: null }
const none = { receipts: new Map(), quarantines: new Map(), outstanding: new Set<string>(), running: new Set<string>() }
const survey = (given: Partial<SurveyGiven>): ReturnType<typeof surveySite> =>
  surveySite({ plan: plan(), ...nothing, ...none, ...given })

const old = plan()
const now = plan(aConfig(), 2)
const out = new Set([fingerprint(old)])
const states: readonly (readonly [what: string, state: string, given: Partial<SurveyGiven>])[] = [
  ['nothing', 'waiting', {}],
  ['a job in the queue', 'queued', { outstanding: out }],
  ['a job in hand', 'running', { outstanding: out, running: new Set([date]) }],
  ['a receipt', 'done', { receipts: named(old) }],
  ['a receipt and its job not yet acknowledged', 'done', { receipts: named(old), outstanding: out }],
  ['a receipt and a head that names it', 'merged', { receipts: named(old), head: headOf(old) }],
  ['a head that names it, without its receipt', 'stale', { head: headOf(old) }],
  ['a quarantine record', 'quarantined', { quarantines: named(old) }],
  ['a quarantine record and a receipt', 'done', { quarantines: named(old), receipts: named(old) }],
  ['a quarantine record of another fingerprint', 'waiting', { quarantines: named(now) }],
  ['a receipt of another fingerprint', 'stale', { receipts: named(now) }],
  ['a head with another fingerprint', 'stale', { head: headOf(now) }],
  ['no log file any more, held by the guard', 'missing', { plan: { ...old, held: [date] } }],
  ['a receipt, held by the guard', 'done', { plan: { ...old, held: [date] }, receipts: named(old) }],
]
for (const [what, state, given] of states)
  test(`surveySite() finds a day with ${what} ${state}`, () => {
    const [day] = survey(given).days
    assert.equal(day?.state, state)
    assert.equal(day?.why !== null, ['waiting', 'queued', 'running', 'stale'].includes(state))
  })

const epoch = aConfig({ reprocess: [{ from: date, to: date, epoch: 2, reason: 'edX corrected it' }] })
const reasons: readonly (readonly [why: string, given: Partial<SurveyGiven>])[] = [
  ['new', {}],
  ['new', { previous: plan(aConfig(), 1, 'e0') }],
  ['re-published', { receipts: named(plan(aConfig(), 1, 'e0')), previous: plan(aConfig(), 1, 'e0') }],
  [
    'reprocess epoch 2 "edX corrected it"',
    { plan: plan(epoch), reprocess: epoch.reprocess, receipts: named(old), previous: old },
  ],
  ['recipe 1 → 2', { plan: now, receipts: named(old), previous: old }],
  ['rules changed', { plan: plan(aConfig({ duplicates: 'keep' })), head: headOf(old), previous: old }],
  ['receipt gone', { head: headOf(old), previous: old }],
]
for (const [why, given] of reasons)
  test(`surveySite() says why a day is wanted: ${why}`, () => {
    const found = survey(given).days[0]?.why
    assert.equal(found && whyText(found), why)
  })

test('surveySite() sums by year, with bytes, reasons and an estimate', () => {
  const days = ['2013-12-31', '2014-01-01', '2014-01-03']
  const { years, totals } = survey({ plan: plan(aConfig(), 1, 'e1', days), bytes_per_second: 50 })
  assert.deepEqual([...years.keys()], ['2013', '2014'])
  assert.equal(years.get('2014')?.days.waiting, 2)
  assert.equal(years.get('2014')?.days.missing, 1)
  assert.equal(years.get('2014')?.present, 2)
  assert.equal(totals.wanted_bytes, 300)
  assert.deepEqual(totals.wanted_why, { new: 3 })
  assert.equal(totals.estimated_seconds, 6)
})

test('surveySite() wants nothing for a day whose receipt stands, and exactly the others', () => {
  const all = [...dates('2014-01-01', 20)]
  const of = plan(aConfig(), 1, 'e1', all)
  fc.assert(
    fc.property(fc.subarray(all), fc.subarray(all), fc.subarray(all), (done, quarantined, queued) => {
      const print = (some: readonly string[]): readonly (readonly [string, string])[] =>
        of.days.flatMap(({ log_file: { day }, fingerprint: it }) =>
          some.includes(day.date) ? [[day.date, it] as const] : [],
        )
      const by_date = (some: readonly string[]) => new Map(print(some).map(([one, it]) => [one, new Set([it])]))
      const found = survey({
        plan: of,
        receipts: by_date(done),
        quarantines: by_date(quarantined),
        outstanding: new Set(print(queued).map(([, it]) => it)),
      })
      const wanted = all.filter((one) => !done.includes(one) && !quarantined.includes(one))
      assert.deepEqual(
        found.days.filter((day) => day.why !== null).map((day) => day.date),
        wanted,
      )
      const waiting = waitingDays(found, 'newest_first').map((day) => day.log_file.day.date)
      assert.deepEqual(
        [...waiting].reverse(),
        wanted.filter((one) => !queued.includes(one)),
      )
      assert.equal(
        Object.values(found.totals.days).reduce((sum, count) => sum + count),
        all.length,
      )
    }),
    { numRuns: 100 },
  )
})

test('needsMerge() asks for one when days, filter or declarations differ from the head, and else not', () => {
  const merged = survey({ receipts: named(old), head: headOf(old) })
  const given = { plan: old, head: headOf(old), reached: old, declarations }
  const unmerged = { ...given, head: null, reached: null }
  assert.equal(needsMerge(merged, given), false)
  assert.equal(needsMerge(survey({ receipts: named(old) }), unmerged), true)
  assert.equal(needsMerge(survey({}), unmerged), false)
  assert.equal(needsMerge(merged, { ...given, plan: plan(aConfig({ courses: { include: ['X/*'] } })) }), true)
  assert.equal(needsMerge(merged, { ...given, declarations: 'of another release' }), true)
  const gone = aHead({ [date]: fingerprint(old), '2014-05-16': fingerprint(now) })
  assert.equal(needsMerge(survey({ receipts: named(old), head: gone }), { ...given, head: gone }), true)
  const quarantined = survey({ plan: now, quarantines: named(now), head: headOf(old) })
  assert.equal(needsMerge(quarantined, { ...given, plan: now }), false)
})
