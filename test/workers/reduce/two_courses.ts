// Two courses of a few events a day, and what a fresh reducer makes of them: the measure of what faults must not change.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { currentCourseKey } from '../../../contracts/store_layout.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { type FixtureDay, type ReducerFixture, reducerFixture, SITE } from './partial_fixture.ts'

export const A = 'course-v1:acme+A+2020'
export const B = 'acme/B/2020'
export const DONE = { kind: 'done', how: 'computed' }
const SIGNAL = new AbortController().signal

export const dayOf = (date: string, version = '1'): FixtureDay => ({
  date,
  version,
  events: [
    { course_id: A, time: `${date}T10:00:00`, actor_id: 1, username: 'ada' },
    { course_id: B, time: `${date}T11:00:00`, actor_id: Number(version) + 1, username: `v${version}` },
  ],
})
export const FIRST = dayOf('2020-03-01')
export const SECOND = dayOf('2020-03-02')
export const BOTH = [FIRST, SECOND]

export const contents = async (fixture: ReducerFixture): Promise<readonly unknown[]> => [
  await fixture.content(A),
  await fixture.content(B),
]

const known = new Map<string, Promise<readonly unknown[]>>()

/** The content of both courses after one merge of `days` by a fresh reducer. */
export function contentAtOnce(days: readonly FixtureDay[]): Promise<readonly unknown[]> {
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
export async function assertWhole(fixture: ReducerFixture): Promise<void> {
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
