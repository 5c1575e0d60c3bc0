// When the coordinator asks for a merge: for databases or a catalogue that are behind, not too late, and not for ever.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MapJob, MergeJob } from '../../contracts/job.ts'
import { quarantinePrefix, siteHeadKey } from '../../contracts/store_layout.ts'
import { dryRun } from '../../coordinator/dry_run.ts'
import { readSiteRecords } from '../../coordinator/site_records.ts'
import { putRecord } from '../../runtime/object_store/records.ts'
import { Cluster } from './a_cluster.ts'
import { aSite, dates } from './a_plan.ts'
import { until } from './until_status.ts'

const TIME_MS = 60_000
const start = (): Promise<Cluster> => Cluster.start(AbortSignal.timeout(TIME_MS))

describe('coordinator', { timeout: TIME_MS }, () => {
  it('has the catalogue made again for a changed quarantine or an empty log file, and computes and plans nothing else', async () => {
    await using cluster = await start()
    const { signal, results } = cluster
    const dry = () => dryRun({ ...cluster, config: cluster.config(), threads: 1 })
    await cluster.publish(dates('2014-01-01', 3))
    const ran: MapJob[] = []
    const merges: MergeJob[] = []
    await cluster.worker(ran, ({ log_file }) => (log_file.day.date === '2014-01-02' ? 'quarantine' : 'done'))
    await cluster.reducer(merges)
    const coordinator = await cluster.coordinator()
    await coordinator.settled(signal)
    assert.equal((await dry()).work, false, 'a quarantined day is no work')
    assert.equal(merges.length, 1)

    const settledAgain = async (): Promise<void> => {
      const site = (await dry()).sites.get(aSite())
      assert.deepEqual([site?.catalog, site?.merge, site?.survey.totals.wanted], [true, false, 0])
      assert.equal((await dry()).work, true)
      const { sweeps } = coordinator.status()
      coordinator.sweepNow()
      await until(coordinator, (now) => now.settled && now.sweeps > sweeps)
      assert.equal((await dry()).work, false)
    }
    for await (const { key } of results.list(quarantinePrefix(aSite()), { signal }))
      await results.copy(key, key.replace(/[0-9a-f]{32}/, '0'.repeat(32)), { signal })
    await settledAgain()
    await cluster.publish(['2014-01-05'], '')
    await settledAgain()
    assert.deepEqual([ran.length, merges.length], [3, 3])
  })

  it('stops asking for a catalogue that reducers do not make, and is settled all the same', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 2))
    const merges: MergeJob[] = []
    await cluster.worker([])
    await cluster.reducer(merges, { catalog: false })
    const status = await (await cluster.coordinator()).settled(cluster.signal)
    assert.equal(status.sites[0]?.survey.totals.days.merged, 2)
    assert.equal(merges.length, 3, 'one for the days and two for the catalogue')
    assert.equal((await dryRun({ ...cluster, config: cluster.config(), threads: 1 })).work, true)
  })

  it('asks for a merge that changes nothing once in a sweep, however many sites there are', async () => {
    await using cluster = await start()
    for (const site of ['edx', 'edge']) await cluster.publish(dates('2014-01-01', 2), 'x', site)
    await cluster.worker([])
    let merges = 0
    await cluster.idleReducer(() => merges++)
    const coordinator = await cluster.coordinator()
    for (let sweeps = 1; sweeps <= 5; sweeps++) {
      await until(coordinator, (now) => now.sweeps >= sweeps && merges >= 2 * sweeps)
      coordinator.sweepNow()
    }
    await until(coordinator, (now) => now.sweeps >= 6 && merges >= 12)
    assert.ok(merges <= 2 * coordinator.status().sweeps, `${merges} merges`)
  })

  it('has two coordinators agree on a catalogue', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 3))
    await cluster.publish(['2014-01-07'], '')
    const merges: MergeJob[] = []
    const both = await Promise.all([cluster.coordinator(), cluster.coordinator()])
    await cluster.worker([], () => 'quarantine')
    await cluster.reducer(merges)
    for (const coordinator of both) await coordinator.settled(cluster.signal)
    assert.ok(merges.length >= 1 && merges.length <= 4, `${merges.length} merges`)
    assert.equal((await dryRun({ ...cluster, config: cluster.config(), threads: 1 })).work, false)
  })

  it('merges a site whose head is of other declarations, and computes nothing', async () => {
    await using cluster = await start()
    const { signal, results } = cluster
    await cluster.publish(dates('2014-01-01', 2))
    const ran: MapJob[] = []
    await cluster.worker(ran)
    await cluster.reducer()
    const coordinator = await cluster.coordinator()
    await coordinator.settled(signal)
    const { head } = await readSiteRecords(results, aSite(), { signal })
    const older = { ...head, number: 2, declarations: 'of an older release' }
    await putRecord(results, siteHeadKey(aSite(), 2), older, { create_only: true, signal })
    const dry = await dryRun({ ...cluster, config: cluster.config(), threads: 1 })
    assert.deepEqual([dry.next.length, dry.work, dry.sites.get(aSite())?.merge], [0, true, true])
    coordinator.sweepNow()
    await until(coordinator, (now) => now.settled && now.sites[0]?.head_number === 3)
    assert.equal(ran.length, 2)
  })

  it('merges what is done of a long backlog while days are still computed, without waiting for a sweep', async () => {
    await using cluster = await start()
    await cluster.publish(dates('2014-01-01', 80))
    const coordinator = await cluster.coordinator()
    const ran: MapJob[] = []
    const merged = until(coordinator, (now) => now.sites[0]?.head_number === 1)
    await cluster.worker(ran, async (): Promise<'done'> => {
      // The seventieth day is not computed before the others are merged.
      if (ran.length === 70) await merged
      return 'done'
    })
    await cluster.reducer()
    const status = await merged
    assert.equal(status.sweeps, 1)
    assert.ok((status.sites[0]?.survey.totals.wanted ?? 0) > 0)
    assert.equal((await coordinator.settled(cluster.signal)).sites[0]?.survey.totals.days.merged, 80)
  })
})
