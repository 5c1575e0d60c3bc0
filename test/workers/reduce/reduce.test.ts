// The reducer process against a real queue: a job is merged, acknowledged and told of, and a stop leaves nothing behind.
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Config } from '../../../config/schema.ts'
import type { MergeJob } from '../../../contracts/job.ts'
import { Ended, Progress } from '../../../contracts/progress.ts'
import { OUR_TABLES } from '../../../contracts/registry.ts'
import { siteHeadKey } from '../../../contracts/store_layout.ts'
import type { Bus } from '../../../runtime/bus/bus.ts'
import { createStop, type Stop } from '../../../runtime/stop.ts'
import { runReducer } from '../../../workers/reduce/reduce.ts'
import { aServer, type TestServer } from '../../runtime/bus/a_server.ts'
import { type FixtureDay, interposed, type ReducerFixture, reducerFixture, SITE } from './partial_fixture.ts'

const DAY: FixtureDay = {
  date: '2020-03-01',
  events: [{ course_id: 'acme/A/1', time: '2020-03-01T10:00:00', actor_id: 1, username: 'ada' }],
}

const mergeJob = (plan_number: number, { declarations } = OUR_TABLES): MergeJob => ({
  kind: 'merge',
  site: SITE,
  plan_number,
  declarations,
})

describe('the reducer', { timeout: 60_000 }, () => {
  const signal = AbortSignal.timeout(55_000)
  let server: TestServer

  before(async () => {
    server = await aServer(signal)
  })
  after(() => server[Symbol.asyncDispose]())

  async function starting(
    fixture: ReducerFixture,
    bus: Bus,
    beforePut: (key: string, stop: Stop) => void = () => {},
  ): Promise<{ stop: Stop; running: Promise<void>; progress: Progress[] }> {
    await bus.ensureQueue(bus.subjects.merge, { signal })
    const config = Config.parse({
      organisation: 'acme',
      source: fixture.folder,
      results: fixture.folder,
      reducers: { scratch: 'scratch' },
    })
    const { log, metrics } = fixture.deps()
    const stop = createStop()
    const progress: Progress[] = []
    const running = runReducer({
      config,
      base: fixture.folder,
      tables: OUR_TABLES,
      bus,
      results: interposed(fixture.store, async (key) => beforePut(key, stop)),
      log,
      metrics,
      stop,
      process_id: 'reducer-1',
      on_progress: (told) => progress.push(told),
    })
    return { stop, running, progress }
  }

  const published = (bus: Bus, body: unknown, id: string): Promise<unknown> =>
    bus.publish(bus.subjects.mergeJob(SITE), body, { id, signal })

  it('merges the site of a job, passes over what is no job, and ends at the soft stop', async () => {
    await using fixture = await reducerFixture()
    await using bus = await server.connect(signal)
    await fixture.compute(DAY)
    const plan_number = await fixture.plan([DAY])
    const ended = Promise.withResolvers<Ended>()
    await using _listening = await bus.listen(bus.subjects.ended, (body) => ended.resolve(Ended.parse(body)))
    const { stop, running, progress } = await starting(fixture, bus)
    await published(bus, { kind: 'unheard of' }, 'odd')
    await published(bus, mergeJob(plan_number), 'first')
    assert.deepEqual(await ended.promise, { kind: 'merge', site: 'edx', result: 'done' })
    stop.requestStop()
    await running
    assert.equal((await fixture.courseHead('acme/A/1'))?.number, 1)
    assert.equal((await bus.queueState(bus.subjects.merge, { signal })).messages, 0)
    assert.ok((await fixture.logged()).includes('job_unreadable'))
    for (const told of progress) Progress.parse(told)
    assert.deepEqual(await readdir(join(fixture.folder, 'scratch')), [])
    assert.match(await fixture.metrics.registry.metrics(), /millrace_merges_total\{result="computed"\} 1/)
  })

  it('gives a job for other tables back and merges nothing', async () => {
    await using fixture = await reducerFixture()
    await using bus = await server.connect(signal)
    await fixture.compute(DAY)
    const plan_number = await fixture.plan([DAY])
    const ended = Promise.withResolvers<Ended>()
    await using _listening = await bus.listen(bus.subjects.ended, (body) => ended.resolve(Ended.parse(body)))
    const { stop, running } = await starting(fixture, bus)
    await published(bus, mergeJob(plan_number, { ...OUR_TABLES, declarations: 'of others' }), 'others')
    assert.deepEqual(await ended.promise, { kind: 'merge', site: 'edx', result: 'retry' })
    stop.requestStop()
    await running
    assert.equal(await fixture.siteHead(), null)
    assert.equal((await bus.queueState(bus.subjects.merge, { signal })).messages, 1)
    await bus.drop(bus.subjects.merge, () => true, { signal })
  })

  it('gives its job back at the hard stop, and the next reducer finishes it', async () => {
    await using fixture = await reducerFixture()
    await using bus = await server.connect(signal)
    await fixture.compute(DAY)
    const plan_number = await fixture.plan([DAY])
    const results: string[] = []
    const second = Promise.withResolvers<void>()
    await using _listening = await bus.listen(bus.subjects.ended, (body) => {
      results.push(Ended.parse(body).result)
      if (results.length === 2) second.resolve()
    })
    const first = await starting(fixture, bus, (key, stop) => {
      if (key !== siteHeadKey(SITE, 1)) return
      stop.requestStop()
      stop.requestStop()
    })
    await published(bus, mergeJob(plan_number), 'second')
    await first.running
    assert.equal(await fixture.siteHead(), null)
    const next = await starting(fixture, bus)
    await second.promise
    next.stop.requestStop()
    await next.running
    assert.deepEqual(results, ['retry', 'done'])
    assert.equal((await fixture.courseHead('acme/A/1'))?.number, 1)
    assert.equal((await fixture.siteHead())?.number, 1)
  })
})
