// A merge reads the files of the heads before it only where it must. What it does when they are gone, and when the merge that
// should have made them died half way, must come to the same databases.
import assert from 'node:assert/strict'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { SitePlan } from '../../../contracts/plan_record.ts'
import {
  catalogEditionKey,
  currentCatalogKey,
  mergeIntentPrefix,
  planKey,
  siteHeadKey,
} from '../../../contracts/store_layout.ts'
import { putRecord, readRecord } from '../../../runtime/object_store/records.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { type FixtureDay, interposed, type ReducerFixture, reducerFixture, SITE } from './partial_fixture.ts'
import { A, assertWhole, B, BOTH, contentAtOnce, contents, DONE, dayOf, FIRST, SECOND } from './two_courses.ts'

const SIGNAL = new AbortController().signal

test('a site whose run is lost is made again from all its parts in one round, when days go', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  await mergeSite(SITE, fixture.deps())
  await removeRuns(fixture)
  const [third, fourth] = [dayOf('2020-03-03'), dayOf('2020-03-04')]
  for (const day of [third, fourth]) await fixture.compute(day)
  const days = [SECOND, third, fourth]
  await fixture.plan(days)
  assert.deepEqual(await mergeSite(SITE, fixture.deps({ batch_days_max: 1 })), DONE)
  assert.equal((await fixture.siteHead())?.number, 2)
  assert.ok((await fixture.logged()).includes('site_made_again'))
  assert.deepEqual(await contents(fixture), await contentAtOnce(days))
})

test('a day that comes in needs no run of an older day, neither for courses nor for the catalogue', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await removeRuns(fixture)
  await fixture.plan(BOTH)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(
    (await fixture.siteHead())?.runs.map((run) => run.number),
    [1, 2],
  )
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
  const files = await fixture.query(currentCatalogKey, 'select file_date from log_file order by 1')
  assert.deepEqual(files, [{ file_date: FIRST.date }, { file_date: SECOND.date }])
})

async function removeRuns(fixture: ReducerFixture): Promise<void> {
  const head = await fixture.siteHead()
  assert(head)
  for (const { file } of head.runs) await fixture.store.remove(file.key, { signal: SIGNAL })
}

test('names that are lost are made again from the runs, and every course is looked at', async () => {
  await using fixture = await reducerFixture()
  const nameless: FixtureDay = {
    date: '2020-03-03',
    events: [{ course_id: B, time: '2020-03-03T10:00:00', username: 'ada' }],
  }
  for (const day of [FIRST, nameless, SECOND]) await fixture.compute(day)
  await fixture.plan([FIRST, nameless])
  await mergeSite(SITE, fixture.deps())
  const head = await fixture.siteHead()
  assert(head)
  await writeFile(join(fixture.folder, 'results', head.names.key), 'damaged')
  await fixture.plan([FIRST, nameless, SECOND])
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(
    (await fixture.siteHead())?.runs.map((run) => run.number),
    [2],
  )
  assert.deepEqual(await contents(fixture), await contentAtOnce([FIRST, nameless, SECOND]))
})

test('courses that a dead merge left ahead are brought back although no day of theirs changes any more', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await fixture.plan(BOTH)
  const controller = new AbortController()
  const store = interposed(fixture.store, async (key) => {
    if (key !== siteHeadKey(SITE, 2)) return
    controller.abort()
    controller.signal.throwIfAborted()
  })
  await mergeSite(SITE, fixture.deps({ results: store, signal: controller.signal }))
  assert.equal((await fixture.courseHead(A))?.number, 2)
  await fixture.plan([FIRST])
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await contents(fixture), await contentAtOnce([FIRST]))
  await assertWhole(fixture)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), { kind: 'done', how: 'deduplicated' })
})

test('a course whose merge died before people could see it is shown by the next one', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await fixture.plan(BOTH)
  const controller = new AbortController()
  const dying = interposed(fixture.store, async () => controller.signal.throwIfAborted())
  const copy: typeof dying.copy = async () => {
    controller.abort()
    controller.signal.throwIfAborted()
  }
  await mergeSite(SITE, fixture.deps({ results: { ...dying, copy }, signal: controller.signal }))
  assert.equal((await fixture.siteHead())?.number, 1)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  await assertWhole(fixture)
})

test('a catalogue whose maker died before people could see it is shown by the next one', async () => {
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await writeFile(join(fixture.folder, 'results', currentCatalogKey), 'an older one')
  const [edition] = await fixture.keys(catalogEditionKey(''))
  assert(edition)
  const older = new Date('2020-01-01')
  await utimes(join(fixture.folder, 'results', currentCatalogKey), older, older)
  await mergeSite(SITE, fixture.deps())
  const shown = await fixture.store.read(currentCatalogKey, { signal: SIGNAL })
  assert.deepEqual(shown, await fixture.store.read(edition, { signal: SIGNAL }))
})

test('a catalogue that needs a lost run has its site made again', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await removeRuns(fixture)
  for (const key of await fixture.keys(catalogEditionKey(''))) await fixture.store.remove(key, { signal: SIGNAL })
  await fixture.plan(BOTH)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
  const files = await fixture.query(currentCatalogKey, 'select file_date from log_file order by 1')
  assert.deepEqual(files, [{ file_date: FIRST.date }, { file_date: SECOND.date }])
})

test('a damaged record of what a merge would change has every course looked at, and goes with the next head', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  const before = await fixture.keys(mergeIntentPrefix(SITE))
  assert.equal(before.length, 1)
  for (const key of before) await writeFile(join(fixture.folder, 'results', key), 'damaged')
  await fixture.plan(BOTH)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
  const after = await fixture.keys(mergeIntentPrefix(SITE))
  assert.deepEqual([after.length, before.some((key) => after.includes(key))], [1, false])
})

test('figures of a course that are lost or damaged are made again from its database, and read for a new head only', async () => {
  await using fixture = await reducerFixture()
  const only_a = { ...dayOf('2020-03-20'), events: dayOf('2020-03-20').events.slice(0, 1) }
  for (const day of [...BOTH, only_a]) await fixture.compute(day)
  await fixture.plan(BOTH)
  await mergeSite(SITE, fixture.deps())
  const weeks = (of: ReducerFixture) => of.query(currentCatalogKey, 'from organisation_week order by week')
  const before = await weeks(fixture)
  const figures = (await fixture.courseHead(B))?.figures
  assert(figures)
  await writeFile(join(fixture.folder, 'results', figures.key), 'damaged')

  const plan = await readRecord(fixture.store, planKey(SITE, 1), SitePlan, { signal: SIGNAL })
  const missing = { ...plan, missing: ['2020-03-04'] }
  await putRecord(fixture.store, planKey(SITE, 2), missing, { create_only: true, signal: SIGNAL })
  await mergeSite(SITE, fixture.deps())
  assert.equal((await fixture.keys(catalogEditionKey(''))).length, 2)
  assert.deepEqual(await weeks(fixture), before)
  assert.ok(!(await fixture.logged()).includes('course_figures_unusable'))

  await fixture.plan([...BOTH, only_a])
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.ok((await fixture.logged()).includes('course_figures_unusable'))
  await using once = await reducerFixture()
  for (const day of [...BOTH, only_a]) await once.compute(day)
  await once.plan([...BOTH, only_a])
  await mergeSite(SITE, once.deps())
  assert.deepEqual(await weeks(fixture), await weeks(once))
  assert.notDeepEqual(await weeks(fixture), before)
})
