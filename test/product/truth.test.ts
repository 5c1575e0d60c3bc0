// Every table against what the sample meant: a second reading of the same lines would share the first one's mistakes. The
// rows that each table must have are worked out in the files of test/product/ that are called meant_….
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Comparison, compare, isDeclared } from './comparison.ts'
import { ACTIVITY } from './meant_activity.ts'
import { ANSWERS } from './meant_answers.ts'
import { EFFORT } from './meant_effort.ts'
import { ENROLLMENT } from './meant_enrollment.ts'
import { FORUM } from './meant_forum.ts'
import { GROUPS } from './meant_groups.ts'
import { PAGES } from './meant_pages.ts'
import { PEOPLE } from './meant_people.ts'
import { PROBLEMS } from './meant_problems.ts'
import { STATES } from './meant_states.ts'
import { TOOLS } from './meant_tools.ts'
import { VIDEO } from './meant_video.ts'
import { type TruthWorld, tellTruthWorld } from './truth_world.ts'

const COMPARISONS: readonly Comparison[] = [
  ...ACTIVITY,
  ...EFFORT,
  ...PAGES,
  ...VIDEO,
  ...PROBLEMS,
  ...ANSWERS,
  ...FORUM,
  ...ENROLLMENT,
  ...STATES,
  ...GROUPS,
  ...TOOLS,
  ...PEOPLE,
]

for (const from of ['2013-03-01', '2014-12-27', '2016-04-29', '2019-03-01'])
  describe(`ten days from ${from}`, () => {
    let world: TruthWorld
    before(async () => {
      world = await tellTruthWorld(from)
    })
    after(async () => {
      await world?.database[Symbol.asyncDispose]()
    })

    test('every ledger says what the sample put into the file', () => {
      for (const [date, file] of Object.entries(world.truth.files)) {
        const { wrapping: _wrapping, min_time_us: _min, max_time_us: _max, ...counts } = file
        const { min_time: _from, max_time: _to, ...ledger } = world.ledgers.get(date) ?? {}
        assert.deepEqual({ date, ...ledger }, { date, ...counts })
      }
    })

    for (const comparison of COMPARISONS.filter(isDeclared))
      test(`${comparison.table} is what was meant`, async () => {
        await compare(world, comparison, from)
      })
  })
