// The questions of docs/organisation.md are what a data czar copies first. Here each is asked of a catalogue that a reducer
// made, so that a renamed column fails here and not there.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CATALOG_TABLES } from '../../contracts/catalog_tables.ts'
import { SitePlan } from '../../contracts/plan_record.ts'
import { currentCatalogKey, planKey } from '../../contracts/store_layout.ts'
import { putRecord, readRecord } from '../../runtime/object_store/records.ts'
import { mergeSite } from '../../workers/reduce/merge_site.ts'
import { type FixtureDay, reducerFixture, SITE } from '../workers/reduce/partial_fixture.ts'

const SIGNAL = new AbortController().signal
const page = readFileSync(new URL('../../docs/organisation.md', import.meta.url), 'utf8')
const questions = [...page.matchAll(/^\*\*(.+?)\*\*[\s\S]*?^```sql\n([\s\S]*?)^```$/gm)].map(
  ([, asked = '', sql = '']) => ({
    asked,
    sql,
  }),
)

const A = 'course-v1:acme+A+2020'
const B = 'acme/B/2020'
const dayOf = (
  date: string,
  told: readonly (readonly [course_id: string | null, id: number, type: string])[],
): FixtureDay => ({
  date,
  events: told.map(([course_id, actor_id, event_type]) => ({
    course_id,
    actor_id,
    event_type,
    time: `${date}T10:00:00`,
  })),
  rejected: 1,
})
const JOINED = 'edx.course.enrollment.activated'
const DAYS = [
  dayOf('2020-03-02', [
    [A, 1, JOINED],
    [B, 1, JOINED],
    [A, 2, JOINED],
    [A, 1, 'problem_check'],
    [null, 1, 'page_close'],
  ]),
  dayOf('2020-03-10', [
    [A, 2, 'edx.course.enrollment.deactivated'],
    [A, 1, 'edx.course.grade.passed.first_time'],
    [B, 1, 'page_close'],
  ]),
]

/** What the first row of each question's answer is, of the days above. */
const ANSWERS: readonly object[] = [
  { week: '2020-03-09', courses: 2n, active: 1n, enrolled_at_end: 1n, joined: 0n, lapsed: 1n, passed: 1n },
  { course_id: A, active: 1n, joined: 2n },
  {
    course_id: A,
    last_day: '2020-03-10',
    enrolled_ever: 2n,
    enrolled: 1n,
    passed: 1n,
    certificates: 0n,
    passed_percent: 50,
  },
  { year: 2020n, joined: 3n, passed: 1n, certificates: 0n },
  { event_type: 'page_close', since: '2020-03-01', until: '2020-03-01', courses: 1n },
  { year: 2020n, files: 2n, without_course: 1n },
  { site: 'edx', date: '2020-03-11', state: 'missing', quarantine_reason: null },
]

test('docs/organisation.md names every table of the catalogue, and every question there has an answer', async () => {
  const listed = page.split('\n').filter((line) => line.startsWith('| `'))
  for (const { name } of CATALOG_TABLES)
    assert.ok(
      listed.some((line) => line.includes(`\`${name}\``)),
      name,
    )

  await using fixture = await reducerFixture()
  for (const day of DAYS) await fixture.compute(day)
  const number = await fixture.plan(DAYS)
  const plan = await readRecord(fixture.store, planKey(SITE, number), SitePlan, { signal: SIGNAL })
  const missing = { ...plan, missing: ['2020-03-11'] }
  await putRecord(fixture.store, planKey(SITE, number + 1), missing, { create_only: true, signal: SIGNAL })
  assert.equal((await mergeSite(SITE, fixture.deps())).kind, 'done')

  assert.equal(questions.length, ANSWERS.length)
  for (const [index, { asked, sql }] of questions.entries()) {
    const [first = {}] = await fixture.query<Record<string, unknown>>(currentCatalogKey, sql)
    const expected = ANSWERS[index] ?? {}
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, Reflect.get(first, name)]))
    assert.deepEqual(plain(found), plain(expected), asked)
  }
})

/** Sums are wider than counts: they are compared as text. */
const plain = (row: object): object =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, String(cell)]))
