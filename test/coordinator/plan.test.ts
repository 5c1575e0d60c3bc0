// The plan is what all work follows from; its properties are what makes "run it again" right advice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Config } from '../../config/schema.ts'
import type { LogFile } from '../../contracts/log_file.ts'
import { SitePlan } from '../../contracts/plan_record.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { makePlan, makePlans, rulesOf } from '../../coordinator/plan.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, filesOf, inventoryFrom } from './a_plan.ts'

const plan = (log_files: readonly LogFile[], config: Config = aConfig(), recipe = 1): SitePlan =>
  makePlan(aSite(), filesOf(log_files), config, aMeaning(recipe))
const fingerprints = (of: SitePlan): ReadonlyMap<string, string> =>
  new Map(of.days.map((day) => [day.log_file.day.date, day.fingerprint]))
const changed = (before: SitePlan, after: SitePlan): readonly string[] => {
  const old = fingerprints(before)
  return [...fingerprints(after)].filter(([date, fingerprint]) => old.get(date) !== fingerprint).map(([date]) => date)
}
const week = dates('2014-05-12', 7).map((date) => aLogFile({ date }))

test('makePlan() is a valid record of the days within the range, oldest first', () => {
  const made = plan([...week].reverse(), aConfig({ from: '2014-05-13', to: '2014-05-16' }))
  assert.deepEqual(SitePlan.parse(made), made)
  assert.deepEqual([...fingerprints(made).keys()], dates('2014-05-13', 4))
})

test('makePlan() names dates without a log file between the first and the last that has one', () => {
  const some = ['2014-02-27', '2014-03-02', '2014-03-03'].map((date) => aLogFile({ date }))
  assert.deepEqual(plan(some).missing, ['2014-02-28', '2014-03-01'])
  assert.deepEqual(plan([]).missing, [])
})

test('makePlan() lists empty files and does not want them, and does not call their dates missing', async () => {
  const inventory = await inventoryFrom([
    aLogFile({ date: '2014-05-12' }),
    aLogFile({ date: '2014-05-13', size: 0 }),
    aLogFile({ date: '2014-05-14' }),
  ])
  const made = makePlans(inventory, aConfig(), aMeaning()).get(aSite())
  assert.deepEqual(
    made?.empty.map((file) => file.day.date),
    ['2014-05-13'],
  )
  assert.deepEqual(made?.missing, [])
  assert.equal(made?.days.length, 2)
})

test('makePlans() plans the sites that the config wants', async () => {
  const inventory = await inventoryFrom([
    aLogFile({ date: '2014-05-12' }),
    aLogFile({ date: '2014-05-12', site: 'edge' }),
  ])
  assert.deepEqual([...makePlans(inventory, aConfig(), aMeaning()).keys()], ['edge', 'edx'])
  assert.deepEqual([...makePlans(inventory, aConfig({ sites: ['prod'] }), aMeaning()).keys()], ['edx'])
})

test('rulesOf() knows an organisation and its aliases once each, in one order', () => {
  assert.deepEqual(rulesOf(aConfig({ aliases: ['Zoo', 'MITx', 'a'] }), OUR_TABLES).organisations, ['a', 'mitx', 'zoo'])
})

const config_changes: readonly (readonly [what: string, changes: Record<string, unknown>, recomputes: boolean])[] = [
  ['the course filter', { courses: { include: ['X/*'] } }, false],
  ['the order', { order: 'oldest_first' }, false],
  ['the threads', { workers: { threads: 3 } }, false],
  ['the range', { from: '2014-05-13' }, false],
  ['the rule for duplicates', { duplicates: 'keep' }, true],
  ['the aliases', { aliases: ['other'] }, true],
  ['the edition of the GeoIP file', { geoip: { file: './a.mmdb', edition: '2' } }, true],
  ['the courses whose events are kept', { keep_events: ['X/*'] }, true],
  ['an epoch', { reprocess: [{ from: '2014-01-01', to: '2014-12-31', epoch: 1, reason: 'r' }] }, true],
]
for (const [what, changes, recomputes] of config_changes)
  test(`makePlan() ${recomputes ? 'wants every day anew' : 'wants no day anew'} when ${what} changes`, () => {
    assert.equal(changed(plan(week), plan(week, aConfig(changes))).length, recomputes ? week.length : 0)
  })

test('makePlan() wants exactly the days anew whose file, key or size changed', () => {
  const republished = week.map((file, day) =>
    day === 2 ? { ...file, etag: 'e2' } : day === 4 ? { ...file, size: 7 } : file,
  )
  assert.deepEqual(changed(plan(week), plan(republished)), ['2014-05-14', '2014-05-16'])
  const touched = week.map((file) => ({ ...file, last_modified: '2030-01-01T00:00:00.000Z' }))
  assert.deepEqual(changed(plan(week), plan(touched)), [])
})

test('makePlan() makes exactly the days of a reprocess entry stale, and of several the largest epoch counts', () => {
  const date = fc.integer({ min: 0, max: 20 }).map((day) => dates('2014-05-05', 21)[day] ?? '')
  const entry = fc.record({
    range: fc.tuple(date, date).map((pair) => [...pair].sort()),
    epoch: fc.integer({ min: 1, max: 4 }),
    sites: fc.constantFrom<readonly string[] | undefined>(undefined, ['edx'], ['edge'], ['edge', 'edx']),
  })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
      const reprocess = entries.map(({ range: [from, to], epoch, sites }) => ({
        from,
        to,
        epoch,
        reason: 'r',
        ...(sites === undefined ? {} : { sites }),
      }))
      const after = plan(week, aConfig({ reprocess }))
      for (const { log_file, epoch } of after.days) {
        const covering = entries.filter(
          ({ range: [from = '', to = ''], sites }) =>
            from <= log_file.day.date && log_file.day.date <= to && (sites?.includes('edx') ?? true),
        )
        assert.equal(epoch, Math.max(0, ...covering.map((one) => one.epoch)))
      }
      const stale = after.days.filter((day) => day.epoch > 0).map((day) => day.log_file.day.date)
      assert.deepEqual(changed(plan(week), after), stale)
    }),
  )
})

test('makePlan() wants every day anew when own tables put something else into partials', () => {
  const tables = { ...OUR_TABLES, partials: 'other' }
  const other = makePlan(aSite(), filesOf(week), aConfig(), { ...aMeaning(), tables })
  assert.equal(changed(plan(week), other).length, week.length)
  const redeclared = { ...OUR_TABLES, declarations: 'other' }
  const same = makePlan(aSite(), filesOf(week), aConfig(), { ...aMeaning(), tables: redeclared })
  assert.equal(changed(plan(week), same).length, 0)
})
