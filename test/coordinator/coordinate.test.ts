// The coordinator against a real queue and a real store: what it sends, when it is content, and what it survives.
import assert from 'node:assert/strict'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { MapJob } from '../../contracts/job.ts'
import { planPrefix } from '../../contracts/store_layout.ts'
import { dryRun } from '../../coordinator/dry_run.ts'
import { releaseQuarantined } from '../../coordinator/release.ts'
import { readSiteRecords } from '../../coordinator/site_records.ts'
import type { CoordinatorStatus } from '../../coordinator/status.ts'
import type { Bus } from '../../runtime/bus/bus.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { Cluster } from './a_cluster.ts'
import { aSite, dates } from './a_plan.ts'
import { until } from './until_status.ts'

const TIME_MS = 60_000
const start = (): Promise<Cluster> => Cluster.start(AbortSignal.timeout(TIME_MS))

const keys = async (store: ObjectStore, prefix: string, signal: AbortSignal): Promise<readonly string[]> => {
  const found: string[] = []
  for await (const { key } of store.list(prefix, { signal })) found.push(key)
  return found
}
const inQueue = async (bus: Bus, signal: AbortSignal): Promise<readonly string[]> =>
  [...(await bus.outstanding(bus.subjects.map, { signal })).keys()]
    .map((subject) => subject.split('.').slice(-2).join(' '))
    .sort()
const datesOf = (jobs: readonly MapJob[]): readonly string[] => jobs.map((job) => job.log_file.day.date)
const swept = (status: CoordinatorStatus): boolean => status.sweeps > 0

describe('coordinator', { timeout: TIME_MS }, () => {
  it('sends no more than the window, newest first, and exactly what the dry run said, which writes nothing', async () => {
    await using cluster = await start()
    const { signal } = cluster
    await cluster.publish(dates('2014-01-01', 70))
    await cluster.publish(dates('2014-01-01', 10), 'x', 'edge')
    const dry = await dryRun({ ...cluster, config: cluster.config(), threads: 1 })
    assert.deepEqual(await keys(cluster.results, '', signal), [])
    assert.equal(dry.next.length, 80)
    assert.equal(dry.work, true)

    const status = await until(await cluster.coordinator(), swept)
    assert.deepEqual([status.outstanding, status.window], [50, 50])
    const expected = dry.next.slice(0, 50).map((day) => `${day.log_file.day.date} ${day.fingerprint}`)
    assert.deepEqual(await inQueue(await cluster.bus(), signal), expected.sort())
    assert.equal(dry.next[0]?.log_file.day.date, '2014-01-10', 'the smaller site starts')
    assert.equal(dry.next[1]?.log_file.day.date, '2014-03-11')
  })

  it('follows hints to the end without another listing, runs each day once, merges each site, and is settled', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 70))
    await cluster.publish(dates('2014-02-01', 5), 'x', 'edge')
    const ran: MapJob[] = []
    const coordinator = await cluster.coordinator()
    await cluster.worker(ran)
    await cluster.worker(ran)
    await cluster.reducer()
    const status = await coordinator.settled(cluster.signal)
    assert.equal(ran.length, 75)
    assert.equal(new Set(ran.map((job) => job.fingerprint)).size, 75)
    assert.deepEqual(
      status.sites.map((site) => [site.site, site.survey.totals.days.merged, site.head_number !== null]),
      [
        ['edge', 5, true],
        ['edx', 70, true],
      ],
    )
    assert.ok(status.sites.every((site) => site.merge === 'reached'))
    const again = await dryRun({ ...cluster, config: cluster.config(), threads: 2 })
    assert.deepEqual([again.next.length, again.work], [0, false])
  })

  it('sends everything again after the queue lost its store', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 60))
    const coordinator = await cluster.coordinator()
    await until(coordinator, swept)
    const bus = await cluster.bus()
    const before = await inQueue(bus, cluster.signal)
    await cluster.server.server().kill()
    await until(coordinator, (status) => !status.connected)
    await rm(join(cluster.server.store_dir, 'jetstream'), { recursive: true })
    await cluster.server.restart(cluster.signal)
    await until(coordinator, (status) => status.sweeps > 1)
    assert.deepEqual(await inQueue(bus, cluster.signal), before)
    const ran: MapJob[] = []
    await cluster.worker(ran)
    await cluster.reducer()
    await coordinator.settled(cluster.signal)
    assert.deepEqual([...datesOf(ran)].sort(), dates('2014-01-01', 60))
  })

  it('is harmless twice: one plan record, every day merged', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 60))
    const both = await Promise.all([cluster.coordinator(), cluster.coordinator()])
    const ran: MapJob[] = []
    await cluster.worker(ran)
    await cluster.reducer()
    for (const coordinator of both) await coordinator.settled(cluster.signal)
    assert.equal((await keys(cluster.results, planPrefix(aSite()), cluster.signal)).length, 1)
    assert.deepEqual([...new Set(datesOf(ran))].sort(), dates('2014-01-01', 60))
    const { head } = await readSiteRecords(cluster.results, aSite(), { signal: cluster.signal })
    assert.equal(Object.keys(head?.days ?? {}).length, 60)
  })

  it('drops the jobs that a changed config does not want any more, and sends those it wants', async () => {
    await using cluster = await start()
    const { signal } = cluster
    await cluster.publish(dates('2014-01-01', 20))
    const first = await cluster.coordinator()
    await until(first, swept)
    const bus = await cluster.bus()
    const before = await inQueue(bus, signal)
    await first[Symbol.asyncDispose]()
    const reprocess = [{ from: '2014-01-02', to: '2014-01-03', epoch: 1, reason: 'r' }]
    const config = cluster.config({ to: '2014-01-05', reprocess })
    await until(await cluster.coordinator(config), swept)
    const after = await inQueue(bus, signal)
    const old_days = (queued: readonly string[]) => queued.map((job) => job.slice(0, 10))
    assert.deepEqual(old_days(after), dates('2014-01-01', 5))
    assert.deepEqual(old_days(after.filter((job) => !before.includes(job))), ['2014-01-02', '2014-01-03'])
  })

  it('is settled with a quarantined day, and sends it again once it is released', async () => {
    await using cluster = await start()
    const { signal } = cluster
    await cluster.publish(dates('2014-01-01', 4))
    const coordinator = await cluster.coordinator()
    const ran: MapJob[] = []
    const tried = new Set<string>()
    await cluster.worker(ran, ({ log_file }) => {
      const { date } = log_file.day
      const first = date === '2014-01-02' && !tried.has(date)
      tried.add(date)
      return first ? 'quarantine' : 'done'
    })
    await cluster.reducer()
    const status = await coordinator.settled(signal)
    assert.deepEqual(
      [status.sites[0]?.survey.totals.days.merged, status.sites[0]?.survey.totals.days.quarantined],
      [3, 1],
    )

    assert.deepEqual(await releaseQuarantined(cluster.results, { classes: ['bomb'] }, { signal }), [])
    assert.deepEqual(await releaseQuarantined(cluster.results, { from: '2014-01-03' }, { signal }), [])
    const released = await releaseQuarantined(cluster.results, { classes: ['key'], sites: [aSite()] }, { signal })
    assert.deepEqual(
      released.map((record) => record.log_file.day.date),
      ['2014-01-02'],
    )
    coordinator.sweepNow()
    await until(coordinator, (now) => now.settled && now.sites[0]?.survey.totals.days.merged === 4)
    assert.equal(ran.length, 5)
  })

  it('computes exactly a re-published day again, and merges for a filter and for a removed day without computing', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 5))
    const ran: MapJob[] = []
    await cluster.worker(ran)
    await cluster.reducer()
    const settledHead = async (config = cluster.config()): Promise<CoordinatorStatus['sites'][number] | undefined> => {
      await using coordinator = await cluster.coordinator(config)
      return (await coordinator.settled(cluster.signal)).sites[0]
    }
    assert.equal((await settledHead())?.head_number, 1)
    assert.equal((await settledHead())?.head_number, 1, 'nothing to do')
    assert.equal(ran.length, 5)

    await cluster.publish(['2014-01-03'], 'corrected')
    const dry = await dryRun({ ...cluster, config: cluster.config(), threads: 1 })
    assert.deepEqual(dry.sites.get(aSite())?.survey.totals.wanted_why, { 're-published': 1 })
    assert.ok((dry.sites.get(aSite())?.survey.totals.estimated_seconds ?? 0) > 0)
    assert.equal((await settledHead())?.head_number, 2)
    assert.deepEqual(datesOf(ran.slice(5)), ['2014-01-03'])

    const filtered = cluster.config({ courses: { include: ['X/*'] } })
    assert.equal((await settledHead(filtered))?.head_number, 3)
    await cluster.unpublish(['2014-01-01'])
    assert.equal((await settledHead(filtered))?.survey.totals.days.merged, 4)
    assert.equal(ran.length, 6)
  })

  it('goes on by the recorded plan while the source is away, says so, and finds it again', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 3))
    const coordinator = await cluster.coordinator(cluster.config({ sweep_s: 0.2 }))
    await until(coordinator, swept)
    const source = join(cluster.folder, 'source')
    await rename(source, `${source}.away`)
    const away = await until(coordinator, (status) => status.source_problem !== null)
    assert.equal(away.source_problem?.code, 'source_unreachable')
    assert.equal(away.sites[0]?.survey.totals.wanted, 3)
    assert.equal(away.settled, false)
    const ran: MapJob[] = []
    await cluster.worker(ran)
    await cluster.reducer()
    await until(coordinator, (status) => status.sites[0]?.survey.totals.days.merged === 3)
    assert.equal(coordinator.status().settled, false, 'not while nobody knows what the source has')
    await rename(`${source}.away`, source)
    assert.equal((await coordinator.settled(cluster.signal)).source_problem, null)
  })

  it('keeps the days of a source that suddenly lists nothing', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 8))
    const ran: MapJob[] = []
    await cluster.worker(ran)
    await cluster.reducer()
    const coordinator = await cluster.coordinator()
    await coordinator.settled(cluster.signal)
    await cluster.unpublish(dates('2014-01-01', 8))
    coordinator.sweepNow()
    const status = await until(coordinator, (now) => (now.sites[0]?.held ?? 0) > 0)
    assert.equal(status.sites[0]?.held, 8)
    assert.equal(status.sites[0]?.survey.totals.days.merged, 8)
    assert.equal((await coordinator.settled(cluster.signal)).sites[0]?.head_number, 1)
  })

  it('ends at the soft stop, and whoever waits for it to settle hears of it', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 2))
    const coordinator = await cluster.coordinator()
    await until(coordinator, swept)
    const waiting = assert.rejects(coordinator.settled(cluster.signal), { code: 'aborted' })
    await coordinator[Symbol.asyncDispose]()
    await waiting
    await coordinator.ended
  })
})
