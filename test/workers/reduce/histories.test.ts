// Whatever happened to a site before, its databases and the catalogue say what one merge of the days of its plan would say.
// Merges that add days take another way than those that take days out; random histories lead through both, and back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CourseFilter } from '../../../contracts/plan_record.ts'
import { mergeSite } from '../../../workers/reduce/merge_site.ts'
import { contentsOf } from '../../fixtures/contents.ts'
import { checkInvariants } from '../../fixtures/invariants.ts'
import type { FixtureEvent } from './day_parts.ts'
import { type FixtureDay, interposed, reducerFixture, SITE } from './partial_fixture.ts'

const COURSES = ['course-v1:acme+A+2020', 'acme/B/2020', 'acme/b/2020', null]
const DATES = ['2020-03-01', '2020-03-02', '2020-03-03', '2020-03-04', '2020-03-05']
const FILTERS: readonly CourseFilter[] = [
  { include: ['*'], exclude: [] },
  { include: ['*'], exclude: [] },
  { include: ['acme/*'], exclude: [] },
]

/** Learners with an id, with a name alone that another day may give an id to, or another id. */
const who = fc.constantFrom<Pick<FixtureEvent, 'actor_id' | 'username'>>(
  { actor_id: 1, username: 'ada' },
  { actor_id: 2, username: 'bob' },
  { actor_id: 7, username: 'bob' },
  { username: 'bob' },
  { username: 'ada' },
  { username: 'nemo' },
)

/** Two versions of each day; some of their events are of the day before. */
const dayEvents = fc.array(
  fc.record({
    course_id: fc.constantFrom(...COURSES),
    who,
    late: fc.boolean(),
    minute: fc.integer({ min: 10, max: 59 }),
    event_type: fc.constantFrom('page:courseware', 'problem_show', 'play_video'),
  }),
  { minLength: 0, maxLength: 4 },
)

interface Step {
  /** Version of each date, 0 for a day that the plan does not want. */
  readonly versions: readonly number[]
  readonly filter: number
  /** The merge dies at its n-th put before another one follows; 0 for none. */
  readonly dies_at: number
  readonly batch_days_max: number
}

const step: fc.Arbitrary<Step> = fc.record({
  versions: fc.array(fc.constantFrom(0, 1, 1, 1, 2), { minLength: DATES.length, maxLength: DATES.length }),
  filter: fc.nat({ max: FILTERS.length - 1 }),
  dies_at: fc.constantFrom(0, 0, 1, 2, 3, 4, 5),
  batch_days_max: fc.constantFrom(1, 2, 100),
})

/** Steps that only add days, and then steps of any kind. */
const history = fc
  .record({
    days: fc.array(fc.tuple(dayEvents, dayEvents, fc.nat({ max: 2 })), { minLength: 5, maxLength: 5 }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    steps: fc.array(step, { minLength: 1, maxLength: 2 }),
    deaths: fc.array(fc.constantFrom(0, 0, 3, 4), { minLength: 5, maxLength: 5 }),
  })
  .map(({ days, order, steps, deaths }) => {
    const growing = order.map((_, upto): Step => {
      const present = order.slice(0, upto + 1)
      return {
        versions: DATES.map((_, at) => (present.includes(at) ? 1 : 0)),
        filter: 0,
        dies_at: deaths[upto] ?? 0,
        batch_days_max: 100,
      }
    })
    return { days, steps: [...growing, ...steps] }
  })

type Days = readonly (readonly [first: unknown, second: unknown, rejected: number])[]

function dayOf(days: Days, at: number, version: number): FixtureDay {
  const [first, second, rejected] = days[at] ?? [[], [], 0]
  // Both come from `dayEvents`.
  const drawn = (version === 1 ? first : second) as readonly {
    course_id: string | null
    who: Pick<FixtureEvent, 'actor_id' | 'username'>
    late: boolean
    minute: number
    event_type: string
  }[]
  const date = DATES[at] ?? ''
  const before = `2020-02-${String(20 + at)}`
  const events = drawn.map(({ course_id, who, late, minute, event_type }) => ({
    course_id,
    ...who,
    event_type,
    time: `${late ? before : date}T10:${minute}:00`,
  }))
  return { date, version: String(version), events, rejected }
}

const wantedBy = (days: Days, { versions }: Step): readonly FixtureDay[] =>
  versions.flatMap((version, at) => (version === 0 ? [] : [dayOf(days, at, version)]))

test('databases and catalogue say what one merge would, after any history of days and of merges that died', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ days, steps }) => {
      await using fixture = await reducerFixture()
      const computed = new Set<string>()
      for (const step of steps) {
        const wanted = wantedBy(days, step)
        for (const day of wanted) {
          const name = `${day.date} ${day.version}`
          if (!computed.has(name)) await fixture.compute(day)
          computed.add(name)
        }
        await fixture.plan(wanted, FILTERS[step.filter])
        const deps = fixture.deps({ runs_max: 3, batch_days_max: step.batch_days_max })
        if (step.dies_at > 0) await mergeThatDies(fixture, step)
        // A merge that dies at its last put may have done everything.
        const outcome = await mergeSite(SITE, deps)
        assert.equal(outcome.kind, 'done')
        await checkInvariants(fixture.store)
      }
      const last = steps.at(-1)
      assert(last)
      await using once = await reducerFixture()
      for (const day of wantedBy(days, last)) await once.compute(day)
      await once.plan(wantedBy(days, last), FILTERS[last.filter])
      await mergeSite(SITE, once.deps())
      assert.deepEqual(await contentsOf(fixture.store), await contentsOf(once.store))
    }),
    { numRuns: 4, endOnFailure: true },
  )
})

async function mergeThatDies(fixture: Awaited<ReturnType<typeof reducerFixture>>, step: Step): Promise<void> {
  const controller = new AbortController()
  let puts = 0
  const store = interposed(fixture.store, async () => {
    puts += 1
    if (puts < step.dies_at) return
    controller.abort()
    controller.signal.throwIfAborted()
  })
  const { signal } = controller
  await mergeSite(SITE, fixture.deps({ results: store, runs_max: 3, batch_days_max: step.batch_days_max, signal }))
}
