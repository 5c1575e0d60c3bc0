// A course database must be a pure function of the days in it: however they came, in whatever rounds, after whatever
// interruption, its content is that of one merge of all of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUR_TABLES } from '../../../contracts/registry.ts'
import { courseHeadKey, siteHeadKey } from '../../../contracts/store_layout.ts'
import { putRecord } from '../../../runtime/object_store/records.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { type FixtureDay, type ReducerFixture, reducerFixture, SITE } from './partial_fixture.ts'

const SIGNAL = new AbortController().signal
const A = 'course-v1:acme+A+2020'
const B = 'acme/B/2020'

const DAYS: readonly FixtureDay[] = [
  {
    date: '2020-03-01',
    events: [
      { course_id: A, time: '2020-03-01T10:00:00', actor_id: 1, username: 'ada' },
      { course_id: A, time: '2020-03-01T10:00:01', username: 'bob' },
      { course_id: B, time: '2020-03-01T11:00:00', actor_id: 2, username: 'cyd' },
      { course_id: null, time: '2020-03-01T12:00:00', actor_id: 1, username: 'ada' },
    ],
    rejected: 2,
  },
  {
    date: '2020-03-02',
    events: [
      { course_id: A, time: '2020-03-02T10:00:00', actor_id: 1, username: 'ada' },
      { course_id: A, time: '2020-03-01T23:59:59', actor_id: 3, username: 'dan' },
    ],
  },
  {
    date: '2020-03-03',
    events: [
      { course_id: A, time: '2020-03-03T10:00:00', actor_id: 1, username: 'ada2' },
      { course_id: B, time: '2020-03-03T10:00:00', actor_id: 2, username: 'cyd' },
    ],
    rejected: 1,
  },
]
const [FIRST, SECOND, THIRD] = DAYS as readonly [FixtureDay, FixtureDay, FixtureDay]
const DONE = { kind: 'done', how: 'computed' }

/** The content of both courses after one merge of `days` by a fresh reducer. */
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
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  return [await fixture.content(A), await fixture.content(B)]
}

test('mergeSite() has nothing to do without a plan, without receipts, and a second time', async () => {
  await using fixture = await reducerFixture()
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), { kind: 'done', how: 'superseded' })
  await fixture.plan(DAYS)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), { kind: 'done', how: 'deduplicated' })
  await fixture.compute(FIRST)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), { kind: 'done', how: 'deduplicated' })
  assert.equal((await fixture.siteHead())?.number, 1)
})

test('mergeSite() builds a database per course with its ledger, and the same whatever the rounds', async () => {
  await using fixture = await reducerFixture()
  for (const day of DAYS) await fixture.compute(day)
  await fixture.plan(DAYS)
  assert.deepEqual(await mergeSite(SITE, fixture.deps({ batch_days_max: 1 })), DONE)
  assert.equal((await fixture.siteHead())?.number, 3)
  const head = await fixture.courseHead(A)
  assert.equal(head?.number, 3)
  assert.deepEqual(head?.summary, {
    events: 5,
    learners: 3,
    enrolled: 0,
    enrolled_ever: 0,
    passed: 0,
    certificates: 0,
    first_time: '2020-03-01T10:00:00.000000Z',
    last_time: '2020-03-03T10:00:00.000000Z',
  })
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], await contentAtOnce(DAYS))
  const current = `courses/edx/${A}/course.duckdb`
  assert.deepEqual(await fixture.query(current, 'select file_date, course_events, rejected from log_file order by 1'), [
    { file_date: '2020-03-01', course_events: 2n, rejected: 2n },
    { file_date: '2020-03-02', course_events: 2n, rejected: 0n },
    { file_date: '2020-03-03', course_events: 1n, rejected: 1n },
  ])
  assert.deepEqual(await fixture.query(current, 'select course_id, count(*) as n from rejected_line group by all'), [
    { course_id: A, n: 3n },
  ])
  const dates = ['2020-03-01', '2020-03-02', '2020-03-03']
  const lying = async (sql: string) => (await fixture.query<{ d: string }>(current, sql)).map(({ d }) => d)
  assert.deepEqual(await lying('select file_date::varchar as d from log_file order by rowid'), dates)
  assert.deepEqual(await lying(`select file_date::varchar || ' ' || line_no as d from rejected_line order by rowid`), [
    '2020-03-01 0',
    '2020-03-01 1',
    '2020-03-03 0',
  ])
  const editions = await fixture.editions(A)
  assert.equal(editions.length, 6, 'the files of the two newest heads stay, older ones go')
})

test('mergeSite() gives the same content when days come one by one, in another order', async () => {
  await using fixture = await reducerFixture()
  await fixture.plan(DAYS)
  for (const day of [THIRD, FIRST, SECOND]) {
    await fixture.compute(day)
    assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  }
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], await contentAtOnce(DAYS))
})

test('mergeSite() replaces a re-published day, serving the old result until the new one is there', async () => {
  const again: FixtureDay = {
    date: SECOND.date,
    version: '2',
    events: [{ course_id: B, time: '2020-03-02T09:00:00', actor_id: 9, username: 'eve' }],
  }
  await using fixture = await reducerFixture()
  for (const day of DAYS) await fixture.compute(day)
  await fixture.plan(DAYS)
  await mergeSite(SITE, fixture.deps())
  const before = await fixture.content(A)
  await fixture.plan([FIRST, again, THIRD])
  await mergeSite(SITE, fixture.deps())
  assert.deepEqual(await fixture.content(A), before)
  await fixture.compute(again)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], await contentAtOnce([FIRST, again, THIRD]))
})

test('mergeSite() takes out a day that left the plan, and a course with its last day', async () => {
  await using fixture = await reducerFixture()
  for (const day of DAYS) await fixture.compute(day)
  await fixture.plan(DAYS)
  await mergeSite(SITE, fixture.deps())
  await fixture.plan([SECOND])
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], await contentAtOnce([SECOND]))
  const head = await fixture.courseHead(B)
  assert.equal(head?.database, null)
  assert.deepEqual(await fixture.keys('courses/edx/acme%2FB%2F2020/course.duckdb'), [])
  await fixture.plan([])
  await mergeSite(SITE, fixture.deps())
  assert.deepEqual((await fixture.siteHead())?.days, {})
})

test('mergeSite() leaves the edition of a course that no change touches alone', async () => {
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  await fixture.compute(SECOND)
  await fixture.plan([FIRST, SECOND])
  await mergeSite(SITE, fixture.deps())
  assert.equal((await fixture.courseHead(A))?.number, 2)
  assert.equal((await fixture.courseHead(B))?.number, 1)
  await mergeSite(SITE, fixture.deps({ check_all: true }))
  assert.equal((await fixture.courseHead(A))?.number, 2)
})

test('mergeSite() builds courses that a new filter lets in from all their days, and withdraws those it leaves out', async () => {
  await using fixture = await reducerFixture()
  for (const day of DAYS) await fixture.compute(day)
  await fixture.plan(DAYS, { include: ['*'], exclude: ['acme/B/*'] })
  await mergeSite(SITE, fixture.deps())
  assert.equal(await fixture.courseHead(B), null)
  await fixture.plan(DAYS, { include: ['acme/*'], exclude: [] })
  assert.deepEqual(await mergeSite(SITE, fixture.deps({ batch_days_max: 1 })), DONE)
  assert.deepEqual(await fixture.content(B), (await contentAtOnce(DAYS))[1])
  assert.equal((await fixture.courseHead(A))?.database, null)
  await fixture.plan(DAYS)
  await mergeSite(SITE, fixture.deps())
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], await contentAtOnce(DAYS))
})

test('mergeSite() builds courses of older declarations anew from their rows, without a part', async () => {
  await using fixture = await reducerFixture()
  for (const day of [FIRST, SECOND]) await fixture.compute(day)
  await fixture.plan([FIRST, SECOND])
  await mergeSite(SITE, fixture.deps())
  const content = [await fixture.content(A), await fixture.content(B)]
  await pretendOlderDeclarations(fixture)
  for (const key of await fixture.keys('parts/')) await fixture.store.remove(key, { signal: SIGNAL })
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), DONE)
  assert.equal((await fixture.siteHead())?.declarations, OUR_TABLES.declarations)
  for (const course_id of [A, B]) assert.equal((await fixture.courseHead(course_id))?.number, 2)
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], content)
  assert.deepEqual(await mergeSite(SITE, fixture.deps()), { kind: 'done', how: 'deduplicated' })
})

/** Makes the newest heads look as if an older release had built them. */
async function pretendOlderDeclarations(fixture: ReducerFixture): Promise<void> {
  const put = (key: string, head: unknown) =>
    putRecord(fixture.store, key, head, { create_only: false, signal: SIGNAL })
  for (const course_id of [A, B]) {
    const head = await fixture.courseHead(course_id)
    assert(head)
    await put(courseHeadKey(SITE, course_id, head.number), { ...head, edition: 'older' })
  }
  const head = await fixture.siteHead()
  assert(head)
  await put(siteHeadKey(SITE, head.number), { ...head, declarations: 'older' })
}

test('mergeSite() rebuilds a course whose learner is identified later by another course', async () => {
  const later: FixtureDay = {
    date: '2020-03-09',
    events: [{ course_id: B, time: '2020-03-09T10:00:00', actor_id: 77, username: 'bob' }],
  }
  await using fixture = await reducerFixture()
  await fixture.compute(FIRST)
  await fixture.plan([FIRST])
  await mergeSite(SITE, fixture.deps())
  const learners = (): Promise<readonly object[]> =>
    fixture.query(`courses/edx/${A}/course.duckdb`, 'select user_id > 0 as known from learner order by 1')
  assert.deepEqual(await learners(), [{ known: false }, { known: true }])
  await fixture.compute(later)
  await fixture.plan([FIRST, later])
  await mergeSite(SITE, fixture.deps())
  assert.deepEqual(await learners(), [{ known: true }, { known: true }])
  assert.equal((await fixture.courseHead(A))?.number, 2)
  assert.deepEqual([await fixture.content(A), await fixture.content(B)], await contentAtOnce([FIRST, later]))
})
