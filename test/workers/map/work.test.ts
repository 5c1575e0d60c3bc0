// The worker process against a real queue, real threads and a real key service: every way in which a job can end, and
// what stands in the store and in the queue afterwards.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { Config } from '../../../config/schema.ts'
import type { MapJob } from '../../../contracts/job.ts'
import { DELIVERIES_MAX } from '../../../contracts/limits.ts'
import { Ended, Progress } from '../../../contracts/progress.ts'
import { Quarantine } from '../../../contracts/quarantine.ts'
import { Receipt } from '../../../contracts/receipt.ts'
import { OUR_TABLES } from '../../../contracts/registry.ts'
import { quarantineKey, receiptKey } from '../../../contracts/store_layout.ts'
import { serveKeys } from '../../../coordinator/key_service.ts'
import type { Bus } from '../../../runtime/bus/bus.ts'
import { settle } from '../../../runtime/bus/settle.ts'
import { createLog } from '../../../runtime/log.ts'
import { createMetrics, type Metrics } from '../../../runtime/metrics.ts'
import { readRecord } from '../../../runtime/object_store/records.ts'
import { createStop, type Stop } from '../../../runtime/stop.ts'
import { runWorker } from '../../../workers/map/work.ts'
import { aServer, type TestServer } from '../../runtime/bus/a_server.ts'
import { type DayRoom, DIES, DIES_ONCE, gzipped, keysOf, logOf, openDayRoom, WAITS } from './day_fixture.ts'
import { type KeyRoom, openKeyRoom } from './extract_fixture.ts'

interface Worker {
  readonly bus: Bus
  readonly stop: Stop
  readonly metrics: Metrics<'worker'>
  /** Puts the job into the queue and waits for word of its end. */
  done(job: MapJob): Promise<Ended>
  publish(job: MapJob): Promise<void>
  ended(count: number): Promise<readonly Ended[]>
  readonly running: Promise<void>
  readonly progress: Progress[]
  log(): Promise<readonly Record<string, unknown>[]>
}

describe('the worker', { timeout: 120_000 }, () => {
  const signal = AbortSignal.timeout(115_000)
  let keys: KeyRoom
  let server: TestServer
  let room: DayRoom
  let open: AsyncDisposableStack

  before(async () => {
    keys = await openKeyRoom()
    server = await aServer(signal)
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await keys[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    open = new AsyncDisposableStack()
    room = open.use(await openDayRoom())
  })
  afterEach(() => open.disposeAsync())

  /** Starts a worker with two threads; unless told otherwise, with a key service. */
  async function aWorker(
    options: { readonly keys?: false; readonly ack_wait_s?: number; readonly queue?: 'as it is' } = {},
  ): Promise<Worker> {
    const ack_wait_s = options.ack_wait_s ?? 30
    const bus = open.use(await server.connect(signal, { ack_wait_s }))
    await bus.ensureQueue(bus.subjects.map, { signal })
    if (options.queue === undefined) await bus.drop(bus.subjects.map, () => true, { signal })
    const log_path = join(room.folder, 'log')
    const log = createLog({ role: 'worker', level: 'debug', destination: log_path })
    if (options.keys !== false) open.use(await serveKeys(bus, keys.ring, { log }))
    const heard: Ended[] = []
    let wake = (): void => undefined
    open.use(
      await bus.listen(bus.subjects.ended, (body) => {
        heard.push(Ended.parse(body))
        wake()
      }),
    )
    const ended = async (count: number): Promise<readonly Ended[]> => {
      while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve))
      return heard
    }
    const publish = async (job: MapJob): Promise<void> => {
      const { site, date } = job.log_file.day
      const subject = bus.subjects.mapJob(site, date, job.fingerprint)
      await bus.publish(subject, job, { id: crypto.randomUUID(), signal })
    }
    const progress: Progress[] = []
    const stop = createStop()
    const metrics = createMetrics('worker')
    const config = Config.parse({
      organisation: 'DemoX',
      source: 'source',
      results: 'results',
      workers: { threads: 2, thread_memory_mb: 192, scratch: '.' },
      queue: { ack_wait_s },
    })
    const running = runWorker({
      config,
      base: room.folder,
      tables: OUR_TABLES,
      bus,
      results: room.results,
      log,
      metrics,
      stop,
      process_id: 'w1',
      on_progress: (told) => progress.push(Progress.parse(told)),
      thread_program: new URL('./a_mortal_thread.ts', import.meta.url),
    })
    open.defer(async () => {
      stop.requestStop()
      stop.requestStop()
      await running
    })
    return {
      bus,
      stop,
      metrics,
      publish,
      ended,
      done: async (job) => {
        const before_job = heard.length
        await publish(job)
        const end = (await ended(before_job + 1))[before_job]
        assert(end)
        return end
      },
      running,
      progress,
      log: async () => {
        const lines = (await readFile(log_path, 'utf8')).trimEnd().split('\n')
        return lines.map((line): Record<string, unknown> => JSON.parse(line))
      },
    }
  }

  const encrypted = (log: Buffer, recipients: readonly string[] = ['master', 'czar']) =>
    keys.gpg.encrypt(gzipped(log), { recipients })
  const receiptOf = ({ log_file, fingerprint }: MapJob) =>
    readRecord(room.results, receiptKey(log_file.day.site, log_file.day.date, fingerprint), Receipt, { signal })
  const quarantineOf = ({ log_file, fingerprint }: MapJob) =>
    readRecord(room.results, quarantineKey(log_file.day.site, log_file.day.date, fingerprint), Quarantine, { signal })
  const resultOf = ({ kind, result }: Ended) => [kind, result]

  it('makes the partials of encrypted days, tells their end, and stops softly with an empty queue', async () => {
    const worker = await aWorker()
    const dates = ['2016-03-01', '2016-03-02', '2016-03-03', '2016-03-04']
    const jobs: MapJob[] = []
    for (const date of dates) jobs.push(await room.put(date, await encrypted(logOf(date, 300)), 'gpg'))
    for (const job of jobs) await worker.publish(job)
    const ends = await worker.ended(dates.length)
    assert.deepEqual(
      ends.map(resultOf),
      dates.map(() => ['map', 'done']),
    )
    for (const job of jobs) assert.equal((await receiptOf(job)).ledger.events, 300)
    worker.stop.requestStop()
    await worker.running
    assert.deepEqual(await worker.bus.outstanding(worker.bus.subjects.map, { signal }), new Map())
    const idle = (await worker.log()).flatMap(({ event, idle_ms }) => (event === 'day_done' ? [idle_ms] : []))
    assert.equal(idle.length, dates.length)
    // Two slots: whoever has had a job tells how long it had none.
    assert.ok(idle.filter((idle_ms) => typeof idle_ms === 'number' && idle_ms >= 0).length >= 2)
    const last = worker.progress.at(-1)
    assert.deepEqual([last?.days_done, last?.days_failed, last?.running, last?.events], [4, 0, [], 1200])
    const text = await worker.metrics.registry.metrics()
    assert.match(text, /millrace_jobs_completed_total\{[^}]*result="computed"[^}]*\} 4\n/)
    assert.match(text, /millrace_lines_total\{[^}]*result="event"[^}]*\} 1200\n/)
    assert.match(text, /millrace_lines_total\{[^}]*result="rejected"[^}]*\} 4\n/)
    assert.deepEqual(
      (await keysOf(room.results)).filter((key) => !/^(done|parts)\//.test(key)),
      [],
    )
  })

  it('answers a job whose receipt stands without doing it again', async () => {
    const worker = await aWorker()
    const job = await room.put('2016-03-01', gzipped(logOf('2016-03-01', 50)), 'gzip')
    assert.deepEqual(resultOf(await worker.done(job)), ['map', 'done'])
    const receipt = await receiptOf(job)
    assert.deepEqual(resultOf(await worker.done(job)), ['map', 'done'])
    assert.deepEqual(await receiptOf(job), receipt)
    const how = (await worker.log()).filter(({ event }) => event === 'day_done').map((line) => line.how)
    assert.deepEqual(how, ['computed', 'deduplicated'])
  })

  it('puts a damaged file and a file without a key away, and goes on', async () => {
    const worker = await aWorker()
    const file = await encrypted(logOf('2016-03-01', 3_000))
    const cut = await room.put('2016-03-01', file.subarray(0, file.length - 40), 'gpg')
    assert.deepEqual(resultOf(await worker.done(cut)), ['map', 'quarantine'])
    const record = await quarantineOf(cut)
    assert.deepEqual([record.class, record.code, record.attempts], ['decrypt', 'decrypt_corrupt', 1])
    assert.match(record.reason, /^Cannot extract "DemoX\/edx\/events\/2016\/demox-edx-events-2016-03-01/)
    const foreign = await room.put('2016-03-02', await encrypted(logOf('2016-03-02', 10), ['master']), 'gpg')
    assert.deepEqual(resultOf(await worker.done(foreign)), ['map', 'quarantine'])
    assert.deepEqual([(await quarantineOf(foreign)).class, (await quarantineOf(foreign)).code], ['key', 'no_key'])
    const sound = await room.put('2016-03-03', gzipped(logOf('2016-03-03', 10)), 'gzip')
    assert.deepEqual(resultOf(await worker.done(sound)), ['map', 'done'])
    assert.deepEqual(await worker.bus.outstanding(worker.bus.subjects.map, { signal }), new Map())
  })

  it('tries again later when no key service answers', async () => {
    const worker = await aWorker({ keys: false })
    const job = await room.put('2016-03-01', await encrypted(logOf('2016-03-01', 10)), 'gpg')
    assert.deepEqual(resultOf(await worker.done(job)), ['map', 'retry'])
    assert.equal((await worker.bus.outstanding(worker.bus.subjects.map, { signal })).size, 1)
    const given_back = (await worker.log()).find(({ event }) => event === 'day_given_back')
    assert.equal(given_back?.code, 'key_service_silent')
    assert.deepEqual(await keysOf(room.results), [])
  })

  it('gives a job of another recipe or for other tables back and computes nothing under its fingerprint', async () => {
    const worker = await aWorker()
    const job = await room.put('2016-03-01', gzipped(logOf('2016-03-01', 10)), 'gzip')
    for (const other of [{ recipe: job.recipe + 1 }, { rules: { ...job.rules, tables: 'others' } }])
      assert.deepEqual(resultOf(await worker.done({ ...job, ...other })), ['map', 'retry'])
    assert.deepEqual(await keysOf(room.results), [])
  })

  it('lets a job go whose file was replaced or is gone, and claims no receipt for it', async () => {
    const worker = await aWorker()
    const job = await room.put('2016-03-01', gzipped(logOf('2016-03-01', 10)), 'gzip')
    await room.put('2016-03-01', gzipped(logOf('2016-03-01', 11)), 'gzip')
    const gone = { ...job, log_file: { ...job.log_file, key: `${job.log_file.key}.gone` } }
    for (const overtaken of [job, gone]) assert.deepEqual(resultOf(await worker.done(overtaken)), ['map', 'retry'])
    while ((await worker.bus.queueState(worker.bus.subjects.map, { signal })).messages > 0);
    assert.deepEqual(await keysOf(room.results), [])
  })

  it('does a day again when its thread died, and the other thread goes on meanwhile', async () => {
    const worker = await aWorker()
    const dying = await room.put(DIES_ONCE, gzipped(logOf(DIES_ONCE, 20)), 'gzip')
    const sound = await room.put('2016-03-01', gzipped(logOf('2016-03-01', 20)), 'gzip')
    await worker.publish(dying)
    await worker.publish(sound)
    const ends = await worker.ended(3)
    assert.deepEqual(ends.filter(({ result }) => result === 'retry').length, 1)
    assert.equal((await receiptOf(dying)).attempt, 2)
    assert.equal((await receiptOf(sound)).attempt, 1)
    assert.match(await worker.metrics.registry.metrics(), /millrace_thread_exits_total\{reason="error"\} 1\n/)
  })

  it('puts a day away that ended without an outcome too often', async () => {
    await using bus = await server.connect(signal)
    await bus.ensureQueue(bus.subjects.map, { signal })
    await bus.drop(bus.subjects.map, () => true, { signal })
    const job = await room.put(DIES, gzipped(logOf(DIES, 20)), 'gzip')
    await bus.publish(bus.subjects.mapJob('edx', DIES, job.fingerprint), job, { id: crypto.randomUUID(), signal })
    for (let attempt = 1; attempt <= DELIVERIES_MAX; attempt++) {
      const delivery = await bus.next(bus.subjects.map, { signal })
      await settle(delivery, { kind: 'retry', after_ms: 0, code: 'thread_lost', reason: 'test' }, { signal })
    }
    const worker = await aWorker({ queue: 'as it is' })
    assert.deepEqual((await worker.ended(1)).map(resultOf), [['map', 'quarantine']])
    const record = await quarantineOf(job)
    assert.deepEqual([record.class, record.attempts], ['crash_loop', DELIVERIES_MAX + 1])
  })

  it('settles a message that is no job, so that it does not come back', async () => {
    const worker = await aWorker()
    const subject = worker.bus.subjects.mapJob('edx', '2016-03-01', 'f'.repeat(32))
    await worker.bus.publish(subject, { kind: 'map', of: 'another version' }, { id: crypto.randomUUID(), signal })
    const job = await room.put('2016-03-01', gzipped(logOf('2016-03-01', 10)), 'gzip')
    await worker.done(job)
    while ((await worker.bus.queueState(worker.bus.subjects.map, { signal })).messages > 0);
    assert.ok((await worker.log()).some(({ event }) => event === 'job_unreadable'))
  })

  it('finishes what is in hand at a soft stop, and gives it back at a hard one', async () => {
    const worker = await aWorker()
    const job = await room.put(WAITS, gzipped(logOf(WAITS, 10)), 'gzip')
    await worker.publish(job)
    while (!worker.progress.some(({ running }) => running.length === 1))
      await new Promise((resolve) => setTimeout(resolve, 20))
    worker.stop.requestStop()
    const first = await Promise.race([
      worker.running.then(() => 'ended'),
      worker.bus.request('nobody', 0, { timeout_ms: 50, signal }).catch(() => 'going on'),
    ])
    assert.equal(first, 'going on')
    worker.stop.requestStop()
    await worker.running
    // How often it was delivered is not asked: nats-server 2.9 forgets a delivery whose pull was just taken back.
    const again = await worker.bus.next(worker.bus.subjects.map, { signal })
    assert.deepEqual(again.body, job)
    await settle(again, { kind: 'done', how: 'superseded' }, { signal })
  })

  it('ends a thread that stands still and gives its job back', async () => {
    const worker = await aWorker({ ack_wait_s: 1 })
    const job = await room.put(WAITS, gzipped(logOf(WAITS, 10)), 'gzip')
    assert.equal((await worker.done(job)).result, 'retry')
    const given_back = (await worker.log()).find(({ event }) => event === 'day_given_back')
    assert.equal(given_back?.code, 'stalled')
    assert.match(await worker.metrics.registry.metrics(), /millrace_job_stalls_total 1\n/)
  })
})
