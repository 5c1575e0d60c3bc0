// What is planned beside what was recorded: a plan that says the same is known by its text, one that does not is read.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { PlanRecords } from '../../coordinator/plan_records.ts'
import { planInventory } from '../../coordinator/planned_sites.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, inventoryFrom } from './a_plan.ts'

const { signal } = new AbortController()
let base: string
let store: ObjectStore
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'millrace-plans-'))
  store = await openObjectStore({ url: './store', path_style: false }, { base, signal })
})
after(async () => {
  await store[Symbol.asyncDispose]()
  await rm(base, { recursive: true })
})

/** Plans days of one site as a process does that has just started. */
async function planned(days: number, size?: number) {
  const records = new PlanRecords(store)
  const files = dates('2024-01-01', days).map((date) => aLogFile({ date, ...(size === undefined ? {} : { size }) }))
  const given = { config: aConfig(), ...aMeaning(), records }
  const found = (await planInventory(await inventoryFrom(files), given, { signal })).get(aSite())
  assert(found !== undefined)
  return { ...found, records }
}

test('planInventory() takes a recorded plan of the same text for the plan, and one that says something else for itself', async () => {
  // Few days are stored as they are, many as gzip.
  for (const days of [3, 1_000]) {
    const first = await planned(days)
    const { number } = await first.records.record(first.plan, { signal })

    const same = await planned(days)
    assert.equal(same.latest?.number, number)
    assert.equal(same.latest.plan, same.plan, 'not read day by day')
    assert.deepEqual(same.plan, first.plan)
    assert.equal((await same.records.record(same.plan, { signal })).number, number, 'nothing new is recorded')

    const other = await planned(days, 101)
    assert.equal(other.latest?.number, number)
    assert.deepEqual(other.latest.plan, first.plan)
    assert.notDeepEqual(other.plan, first.plan)
    assert.equal((await other.records.record(other.plan, { signal })).number, number + 1)
  }
})
