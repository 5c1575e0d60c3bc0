// More processes of a kind than are needed, and fewer than before: two coordinators, two reducers on one site, and workers
// that are told to go. None of it is a fault, and none of it may show in the databases.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { type Cluster, withCluster } from '../fixtures/a_cluster.ts'
import { aPackage, BUSY_DATE, type TestPackage } from '../fixtures/a_package.ts'
import { Project, type ProjectOptions } from '../fixtures/a_project.ts'
import { type Contents, contentsOf } from '../fixtures/contents.ts'
import { receiptsOf } from '../fixtures/invariants.ts'
import { until } from '../fixtures/until.ts'

let made: TestPackage
let options: ProjectOptions
let oracle: Contents
let days: number
before(async () => {
  made = await aPackage({ days: 4, busy: true })
  // Three of the courses: these tests are about processes.
  options = { ...made, settings: { courses: { include: ['TinyX/*'] } } }
  await using project = await Project.make(options)
  await project.run()
  await using results = await project.open('results')
  oracle = await contentsOf(results)
  days = (await receiptsOf(results)).length
})
after(() => made?.[Symbol.asyncDispose]())

/** The databases are the oracle's, and every day was worked on once. */
async function isUndisturbed(cluster: Cluster): Promise<void> {
  await using results = await cluster.project.open('results')
  const executions = await cluster.executions()
  assert.equal(executions.size, days)
  for (const [day, times] of executions) assert.equal(times, 1, `I6: ${day}`)
  assert.deepEqual(await contentsOf(results), oracle, 'I4')
}

test('two coordinators at once do no more than one', async () => {
  await withCluster(options, async (cluster) => {
    await cluster.startAll('coordinator', 'coordinator', 'worker', 'reducer')
    await cluster.settled()
    await isUndisturbed(cluster)
    await cluster.stopAll()
  })
})

test('two reducers at once on one site: one creates each head, the other goes on from it', async () => {
  await withCluster(options, async (cluster) => {
    await cluster.startAll('coordinator', 'worker')
    await using results = await cluster.project.open('results')
    await until('every day is computed', async () => (await receiptsOf(results)).length === days)
    await using bus = await cluster.connect()
    for (const id of ['second', 'third', 'fourth']) {
      const job = { kind: 'merge', site: 'edx', plan_number: 1, declarations: OUR_TABLES.declarations }
      await bus.publish(bus.subjects.mergeJob('edx'), job, { id, signal: AbortSignal.timeout(10_000) })
    }
    const reducers = await cluster.startAll('reducer', 'reducer')
    await cluster.settled()
    for (const reducer of reducers) assert.ok((await reducer.metric('merges_total')) > 0, `${reducer.name} had a merge`)
    await isUndisturbed(cluster)
  })
})

test('a worker that is told to go finishes what it has in hand, takes nothing more and ends with 0', async () => {
  await withCluster(options, async (cluster) => {
    await cluster.startAll('coordinator', 'reducer')
    const going = await cluster.start('worker')
    await until('the worker is at work', async () => (await going.metric('jobs_running')) > 0)
    assert.equal(await going.stop(), 0)
    const done = await going.events('day_done')
    assert.ok(done.length >= 1 && done.length <= 2, 'what it had in its two hands')
    assert.ok(done.some(({ date }) => date === BUSY_DATE))
    await cluster.start('worker')
    await cluster.settled()
    await isUndisturbed(cluster)
    await using results = await cluster.project.open('results')
    for (const { attempt } of await receiptsOf(results)) assert.equal(attempt, 1, 'nothing was delivered twice')
  })
})

test('a worker that is told twice hands back what it has, and another takes it at once', async () => {
  await withCluster(options, async (cluster) => {
    // With so long a wait for a silent worker, only what was handed back can be settled in time.
    await cluster.project.edit({ queue: { ...(await cluster.project.config()).queue, ack_wait_s: 300 } })
    await cluster.startAll('coordinator', 'reducer')
    const going = await cluster.start('worker')
    await until('the worker is at work', async () => (await going.metric('jobs_running')) > 0)
    going.signal('SIGTERM')
    await until('the worker stops', async () => (await going.metric('shutdown_in_progress')) > 0)
    assert.equal(await going.stop(), 0)
    const handed_back = await going.events('day_given_back')
    assert.deepEqual(new Set(handed_back.map(({ code }) => code)), new Set(['aborted']))
    await cluster.start('worker')
    await cluster.settled()
    await isUndisturbed(cluster)
  })
})
