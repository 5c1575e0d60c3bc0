// The catalogue is where a data czar sees what there is and what is missing; a day that it calls merged must be merged.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SitePlan } from '../../../contracts/plan_record.ts'
import type { Quarantine } from '../../../contracts/quarantine.ts'
import { catalogHeadPrefix, currentCatalogKey, planKey, quarantineKey } from '../../../contracts/store_layout.ts'
import { CatalogWatch } from '../../../coordinator/catalog_watch.ts'
import { readSiteRecords } from '../../../coordinator/site_records.ts'
import { putRecord, readRecord } from '../../../runtime/object_store/records.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { type FixtureDay, reducerFixture, SITE } from './partial_fixture.ts'

const SIGNAL = new AbortController().signal
const day = (date: string, course_ids: readonly (string | null)[], rejected = 0): FixtureDay => ({
  date,
  events: course_ids.map((course_id) => ({ course_id, time: `${date}T10:00:00`, actor_id: 1, username: 'ada' })),
  rejected,
})

test('the catalogue lists courses, days and the ledger of all files, and is made again only when something changed', async () => {
  await using fixture = await reducerFixture()
  const merged = day('2020-03-01', ['acme/X/1', 'ACME/x/1', 'course-v1:other+Y+2', null, null], 2)
  const bad = day('2020-03-02', [])
  const waiting = day('2020-03-03', [])
  await fixture.compute(merged)
  const number = await fixture.plan([merged, bad, waiting])
  const plan = await readRecord(fixture.store, planKey(SITE, number), SitePlan, { signal: SIGNAL })
  const refused = plan.days[1]
  assert(refused)
  const quarantine: Quarantine = {
    version: 1,
    log_file: refused.log_file,
    fingerprint: refused.fingerprint,
    class: 'key',
    code: 'no_key',
    reason: 'Cannot decrypt "x": no key for 0xAB12',
    attempts: 1,
    worker: 'w',
    recorded_at: '2021-01-01T00:00:00Z',
  }
  const key = quarantineKey(SITE, refused.log_file.day.date, refused.fingerprint)
  await putRecord(fixture.store, key, quarantine, { create_only: true, signal: SIGNAL })
  const missing = { ...plan, missing: ['2020-03-04'] }
  await putRecord(fixture.store, planKey(SITE, number + 1), missing, { create_only: true, signal: SIGNAL })
  await mergeSite(SITE, fixture.deps())

  const query = (sql: string): Promise<readonly object[]> => fixture.query(currentCatalogKey, sql)
  assert.deepEqual(
    await query('select course_id, organisation, "foreign", events, learners, days, look_alike from course order by 1'),
    [
      { course_id: 'ACME/x/1', organisation: 'ACME', foreign: false, look_alike: 'acme/X/1' },
      { course_id: 'acme/X/1', organisation: 'acme', foreign: false, look_alike: 'ACME/x/1' },
      { course_id: 'course-v1:other+Y+2', organisation: 'other', foreign: true, look_alike: null },
    ].map((row) => ({ ...row, events: 1n, learners: 1n, days: 1n })),
  )
  assert.deepEqual(await query('select date, state, quarantine_class from day order by 1'), [
    { date: '2020-03-01', state: 'merged', quarantine_class: null },
    { date: '2020-03-02', state: 'quarantined', quarantine_class: 'key' },
    { date: '2020-03-03', state: 'waiting', quarantine_class: null },
    { date: '2020-03-04', state: 'missing', quarantine_class: null },
  ])
  assert.deepEqual(await query('select course_id, lines, no_course from log_file'), [
    { course_id: null, lines: 7n, no_course: 2n },
  ])
  assert.deepEqual(await query('select course_id, count(*) as n from rejected_line group by all'), [
    { course_id: null, n: 2n },
  ])
  assert.deepEqual(await query('select site, course_id, n from event_type_day'), [
    { site: 'edx', course_id: null, n: 2n },
  ])
  const undocumented = `select table_name from duckdb_tables() where comment is null
    union all select column_name from duckdb_columns() where comment is null and database_name = 'db' and not internal`
  assert.deepEqual(await query(undocumented), [])

  const isBehind = async (): Promise<boolean> => {
    const watch = new CatalogWatch(['acme'])
    await watch.refresh(fixture.store, { signal: SIGNAL })
    const found = await readSiteRecords(fixture.store, SITE, { signal: SIGNAL })
    return watch.isBehind({ ...found, site: SITE, plan_number: number + 1 })
  }
  await mergeSite(SITE, fixture.deps())
  assert.equal((await fixture.keys(catalogHeadPrefix)).length, 1)
  assert.equal(await isBehind(), false, 'the coordinator sees what the reducer made')
  await fixture.store.remove(key, { signal: SIGNAL })
  assert.equal(await isBehind(), true)
  await mergeSite(SITE, fixture.deps())
  assert.equal(await isBehind(), false)
  assert.equal((await fixture.keys(catalogHeadPrefix)).length, 2)
  assert.equal((await fixture.siteHead())?.number, 1, 'a site whose courses stay as they are keeps its head')
  assert.deepEqual(await query(`select state from day where date = '2020-03-02'`), [{ state: 'waiting' }])
  assert.deepEqual(await query('select count(*) as n from course'), [{ n: 3n }])
})

test('weeks of courses follow the courses that changed, and those of the others stay', async () => {
  const days = [
    day('2020-03-02', ['acme/X/1', 'acme/Y/1']),
    day('2020-03-09', ['acme/X/1', 'acme/Z/1']),
    day('2020-03-16', ['acme/X/1']),
  ]
  const weeksOf = async (rounds: readonly (readonly FixtureDay[])[]): Promise<readonly object[]> => {
    await using fixture = await reducerFixture()
    for (const planned of rounds) {
      for (const each of planned) await fixture.compute(each)
      await fixture.plan(planned)
      await mergeSite(SITE, fixture.deps())
    }
    return await fixture.query(
      currentCatalogKey,
      'select course_id, week, active, events from course_week order by all',
    )
  }
  const grown = await weeksOf([days.slice(0, 1), days.slice(0, 2), days])
  assert.deepEqual(
    grown,
    [
      ['acme/X/1', '2020-03-02'],
      ['acme/X/1', '2020-03-09'],
      ['acme/X/1', '2020-03-16'],
      ['acme/Y/1', '2020-03-02'],
      ['acme/Z/1', '2020-03-09'],
    ].map(([course_id, week]) => ({ course_id, week, active: 1n, events: 1n })),
  )
  assert.deepEqual(grown, await weeksOf([days]))
})
