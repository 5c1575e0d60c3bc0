// Power cuts: processes and the queue end without a word in the middle of their work. Each time the databases come out as
// in an undisturbed run, and no day is computed more often than the fault explains.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Cluster, withCluster } from '../fixtures/a_cluster.ts'
import { aPackage, BUSY_DATE, type TestPackage } from '../fixtures/a_package.ts'
import { Project, type ProjectOptions } from '../fixtures/a_project.ts'
import { type Contents, contentsOf } from '../fixtures/contents.ts'
import { receiptsOf } from '../fixtures/invariants.ts'
import type { RoleProcess } from '../fixtures/role_process.ts'
import { until } from '../fixtures/until.ts'

let made: TestPackage
let options: ProjectOptions
let oracle: Contents
before(async () => {
  made = await aPackage({ days: 5, busy: true })
  // Three of the courses: these tests are about days and queues.
  options = { ...made, settings: { courses: { include: ['TinyX/*'] } } }
  await using project = await Project.make(options)
  await project.run()
  await using results = await project.open('results')
  oracle = await contentsOf(results)
})
after(() => made?.[Symbol.asyncDispose]())

/** Stops a worker in its tracks while it works on the busy day, so that what comes next certainly comes in the middle. */
async function freezeAtWork(worker: RoleProcess): Promise<void> {
  await until('the worker is at work', async () => (await worker.metric('jobs_running')) > 0)
  worker.signal('SIGSTOP')
  const done = await worker.events('day_done')
  assert.ok(!done.some(({ date }) => date === BUSY_DATE), 'the worker is in the middle of the busy day')
}

async function equalsOracle({ project }: Cluster): Promise<void> {
  await using results = await project.open('results')
  assert.deepEqual(await contentsOf(results), oracle, 'I4')
}

async function attemptsOf({ project }: Cluster): Promise<ReadonlyMap<string, number>> {
  await using results = await project.open('results')
  const receipts = await receiptsOf(results)
  return new Map(receipts.map(({ log_file: { day }, attempt }) => [`${day.site} ${day.date}`, attempt]))
}

test('a worker killed in the middle of a day costs that day one more attempt', async () => {
  await withCluster(options, async (cluster) => {
    await cluster.startAll('coordinator', 'reducer')
    const victim = await cluster.start('worker')
    await freezeAtWork(victim)
    await victim.kill()
    await cluster.start('worker')
    await cluster.settled()
    const attempts = await attemptsOf(cluster)
    assert.equal(attempts.get(`edx ${BUSY_DATE}`), 2)
    const again = [...attempts.values()].filter((attempt) => attempt > 1)
    assert.ok(again.length <= 2 && Math.max(...again) === 2, 'I6: only what the worker had in its two hands')
    for (const [day, times] of await cluster.executions()) assert.equal(times, 1, `I6: ${day} came to an end once`)
    await equalsOracle(cluster)
  })
})

test('a worker that stood still for longer than its jobs were its own does no harm when it goes on', async () => {
  await withCluster(options, async (cluster) => {
    await cluster.startAll('coordinator', 'reducer')
    const zombie = await cluster.start('worker')
    await freezeAtWork(zombie)
    await cluster.start('worker')
    await cluster.settled()
    zombie.signal('SIGCONT')
    await until('the worker has let go', async () => (await zombie.metric('jobs_running')) === 0)
    for (const { how } of await zombie.events('day_done')) assert.equal(how, 'deduplicated', 'the other was first')
    assert.equal(await zombie.stop(), 0)
    await cluster.settled()
    await equalsOracle(cluster)
  })
})

test('a reducer killed between two courses leaves heads that the next one completes', async () => {
  await withCluster(options, async (cluster) => {
    await cluster.startAll('coordinator', 'worker')
    const victim = await cluster.start('reducer')
    await victim.logged('course_merged')
    await victim.kill()
    await cluster.start('reducer')
    await cluster.settled()
    await equalsOracle(cluster)
  })
})

for (const wiped of [false, true])
  test(`a queue that is killed ${wiped ? 'and loses its store' : 'in the middle of a run'} costs time and changes nothing`, async () => {
    await withCluster(options, async (cluster) => {
      const processes = await cluster.startAll('coordinator', 'worker', 'reducer')
      const worker = processes[1]
      assert.ok(worker)
      await until('the worker is at work', async () => (await worker.metric('jobs_running')) > 0)
      await cluster.killNats()
      if (wiped) await cluster.wipeNats()
      await Promise.all(processes.map((each) => each.logged('nats_disconnected')))
      const before_restart = (await attemptsOf(cluster)).size
      await cluster.restartNats()
      await cluster.settled()
      const after_all = await attemptsOf(cluster)
      assert.ok(before_restart < after_all.size, 'the queue was away in the middle of the run')
      const executions = [...(await cluster.executions()).values()]
      assert.ok(
        executions.every((times) => times <= 2),
        'I6: at most once more for the one fault',
      )
      assert.ok(executions.filter((times) => times === 2).length <= 2, 'I6: only what was in the worker’s two hands')
      for (const each of processes) assert.ok(each.running, `${each.name} has outlived the queue`)
      await equalsOracle(cluster)
    })
  })
