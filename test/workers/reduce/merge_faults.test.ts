// What may go wrong while a site is merged: a crash between heads, another reducer, damaged parts and files, counts that
// differ. None of it may change what the databases hold in the end, and none may stop the days that are well.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { courseHeadKey, receiptKey, siteHeadKey } from '../../../contracts/store_layout.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { putRecord } from '../../../runtime/object_store/records.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { interposed, type ReducerFixture, reducerFixture, SITE } from './partial_fixture.ts'
import { A, assertWhole, B, BOTH, contentAtOnce, contents, DONE, FIRST, SECOND } from './two_courses.ts'

const SIGNAL = new AbortController().signal

test('a merge that ends between the heads of two courses is finished by the next one, which builds only the rest', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  const controller = new AbortController()
  const store = interposed(fixture.store, async (key) => {
    if (key === siteHeadKey(SITE, 1)) {
      controller.abort()
      controller.signal.throwIfAborted()
    }
  })
  const outcome = await mergeSite(SITE, fixture.deps({ results: store, signal: controller.signal }))
  assert.equal(outcome.kind === 'retry' && outcome.code, 'aborted')
  assert.equal(await fixture.siteHead(), null)
  assert.equal((await fixture.courseHead(A))?.number, 1)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.equal((await fixture.courseHead(A))?.number, 1)
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
})

test('a course that a dead merge left ahead of its site is brought to the plan that came after', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  const controller = new AbortController()
  const store = interposed(fixture.store, async (key) => {
    if (key === siteHeadKey(SITE, 1)) {
      controller.abort()
      controller.signal.throwIfAborted()
    }
  })
  await mergeSite(SITE, fixture.deps({ results: store, signal: controller.signal }))
  await fixture.plan([SECOND])
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await contents(fixture), await contentAtOnce([SECOND]))
})

test('a reducer that loses the race for the site head starts again and undoes nothing of the winner', async () => {
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.plan([FIRST])
  let others = 0
  const store = interposed(fixture.store, async (key) => {
    if (key !== siteHeadKey(SITE, 1) || others > 0) return
    others++
    await fixture.compute(SECOND)
    await fixture.plan(BOTH)
    assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  })
  const outcome = await mergeSite(SITE, fixture.deps({ results: store }))
  assert.equal(others, 1)
  assert.equal(outcome.kind, 'done')
  assert.ok((await fixture.logged()).includes('merge_conflict'))
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
  await assertWhole(fixture)
})

test('a reducer that loses the race for a course head removes its files and goes on from the new head', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  let others = 0
  const store = interposed(fixture.store, async (key) => {
    if (key !== courseHeadKey(SITE, A, 1) || others > 0) return
    others++
    // Another head of the course, of a merge that dies before it names the site's.
    const head = { version: 2, number: 1, site: SITE, course_id: A, edition: 'other', database: null, rows: null }
    const summary = { events: 0, learners: 0, first_time: null, last_time: null }
    await putRecord(fixture.store, key, { ...head, days: {}, summary }, { create_only: true, signal: SIGNAL })
  })
  assert.deepEqual(await mergeSite(SITE, fixture.deps({ results: store })), DONE)
  assert.equal((await fixture.courseHead(A))?.number, 2)
  assert.equal((await fixture.editions(A)).filter((key) => key.includes('/0000000001-')).length, 0)
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
  await assertWhole(fixture)
})

test('two reducers on one site at one time leave what one would', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  const outcomes = await Promise.all([
    mergeSite(SITE, fixture.deps({ batch_days_max: 1 })),
    mergeSite(SITE, fixture.deps()),
  ])
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind),
    ['done', 'done'],
  )
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
  await assertWhole(fixture)
})

test('a day with a damaged part is left out and given back to be computed; the other days are merged', async () => {
  await using fixture = await reducerFixture()
  const { parts, fingerprint, log_file } = await fixture.compute(SECOND)
  await fixture.compute(FIRST)
  await fixture.plan(BOTH)
  const [part] = parts
  assert(part)
  await writeFile(join(fixture.folder, 'results', part.key), 'damaged')
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(Object.keys((await fixture.siteHead())?.days ?? {}), [FIRST.date])
  assert.deepEqual(await fixture.keys(receiptKey(SITE, log_file.day.date, fingerprint)), [])
  assert.deepEqual(await fixture.keys(part.key), [])
  assert.ok((await fixture.logged()).includes('part_corrupt'))
  await fixture.compute(SECOND)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
})

test('a day whose rows differ from its receipt is never merged and stops no other day', async () => {
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.compute(SECOND, (receipt) => ({
    ...receipt,
    courses: [{ course_id: A, events: 2 }],
  }))
  await fixture.plan(BOTH)
  const outcome = await mergeSite(SITE, fixture.deps())
  assert.equal(outcome.kind === 'retry' && outcome.code, 'verify_failed')
  assert.deepEqual(Object.keys((await fixture.siteHead())?.days ?? {}), [FIRST.date])
  assert.deepEqual(await contents(fixture), await contentAtOnce([FIRST]))
})

test('a course that fails its verification is not published, holds back the site head and stops no other course', async () => {
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await forgeRows(fixture)
  await fixture.compute(SECOND)
  await fixture.plan(BOTH)
  const outcome = await mergeSite(SITE, fixture.deps())
  assert.equal(outcome.kind === 'retry' && outcome.code, 'verify_failed')
  assert.equal((await fixture.siteHead())?.number, 1)
  assert.equal((await fixture.courseHead(A))?.number, 1)
  assert.deepEqual(await fixture.content(B), (await contentAtOnce(BOTH))[1])
})

/** Takes an event out of the rows of course A, and has its head name the forged file. */
async function forgeRows(fixture: ReducerFixture): Promise<void> {
  const head = await fixture.courseHead(A)
  assert(head?.rows)
  const path = join(fixture.folder, 'results', head.rows.key)
  {
    await using database = await openDatabase({ path, threads: 1, memory_mb: 256 })
    await database.run('delete from event_type_day')
  }
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const forged = { ...head, rows: { ...head.rows, sha256 } }
  await putRecord(fixture.store, courseHeadKey(SITE, A, head.number), forged, { create_only: false, signal: SIGNAL })
}

test('a course whose rows file is lost or damaged is built again from all its parts', async () => {
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  const [a, b] = [await fixture.courseHead(A), await fixture.courseHead(B)]
  assert(a?.rows && b?.rows)
  await fixture.store.remove(a.rows.key, { signal: SIGNAL })
  await writeFile(join(fixture.folder, 'results', b.rows.key), 'damaged')
  await fixture.compute(SECOND)
  await fixture.plan(BOTH)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await contents(fixture), await contentAtOnce(BOTH))
})
