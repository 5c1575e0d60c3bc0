// What may go wrong while a site is merged: a crash between heads, another reducer, damaged parts and files, counts that
// differ. None of it may change what the databases hold in the end, and none may stop the days that are well.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { courseHeadKey, currentCourseKey, receiptKey, siteHeadKey } from '../../../contracts/store_layout.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { putRecord } from '../../../runtime/object_store/records.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { type FixtureDay, interposed, type ReducerFixture, reducerFixture, SITE } from './partial_fixture.ts'

const A = 'course-v1:acme+A+2020'
const B = 'acme/B/2020'
const DONE = { kind: 'done', how: 'computed' }
const SIGNAL = new AbortController().signal

const dayOf = (date: string, version = '1'): FixtureDay => ({
  date,
  version,
  events: [
    { course_id: A, time: `${date}T10:00:00`, actor_id: 1, username: 'ada' },
    { course_id: B, time: `${date}T11:00:00`, actor_id: Number(version) + 1, username: `v${version}` },
  ],
})
const FIRST = dayOf('2020-03-01')
const SECOND = dayOf('2020-03-02')
const BOTH = [FIRST, SECOND]

const contents = async (fixture: ReducerFixture): Promise<readonly unknown[]> => [
  await fixture.content(A),
  await fixture.content(B),
]

const known = new Map<string, Promise<readonly unknown[]>>()

function contentAtOnce(days: readonly FixtureDay[]): Promise<readonly unknown[]> {
  const name = JSON.stringify(days)
  const content = known.get(name) ?? computeAtOnce(days)
  known.set(name, content)
  return content
}

async function computeAtOnce(days: readonly FixtureDay[]): Promise<readonly unknown[]> {
  await using fixture = await reducerFixture()
  for (const day of days) await fixture.compute(day)
  await fixture.plan(days)
  await mergeSite(SITE, fixture.deps())
  return await contents(fixture)
}

/** Every file that a head names is there, and is what the head says; the newest head of each course has a good copy. */
async function assertWhole(fixture: ReducerFixture): Promise<void> {
  for (const course_id of [A, B]) {
    const head = await fixture.courseHead(course_id)
    for (const file of [head?.database, head?.rows]) {
      assert(file)
      const bytes = await fixture.store.read(file.key, { signal: SIGNAL })
      assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256)
    }
    const copy = await fixture.store.read(currentCourseKey(SITE, course_id), { signal: SIGNAL })
    assert.equal(createHash('sha256').update(copy).digest('hex'), head?.database?.sha256)
  }
}

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
  assert.deepEqual(await mergeSite(SITE, fixture.deps({ check_all: true })), DONE)
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
    const head = { version: 1, number: 1, site: SITE, course_id: A, edition: 'other', database: null, rows: null }
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

test('a site whose rows file is lost is made again from all its parts in one round', async () => {
  await using fixture = await reducerFixture()
  for (const day of BOTH) await fixture.compute(day)
  await fixture.plan(BOTH)
  await mergeSite(SITE, fixture.deps())
  const head = await fixture.siteHead()
  assert(head)
  for (const { file } of head.runs) await fixture.store.remove(file.key, { signal: SIGNAL })
  const third = dayOf('2020-03-03')
  await fixture.compute(third)
  await fixture.plan([...BOTH, third])
  assert.deepEqual(await mergeSite(SITE, fixture.deps({ batch_days_max: 1 })), DONE)
  assert.equal((await fixture.siteHead())?.number, 2)
  assert.deepEqual(await contents(fixture), await contentAtOnce([...BOTH, third]))
})
