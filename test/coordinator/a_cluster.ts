// A real nats-server, a source and a results directory, coordinators on them, and stand-ins for workers and reducers that
// speak the same protocol with the same records, so that coordination is tested without computing anything.
import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../../config/schema.ts'
import { catalogBasis, catalogSourceOf } from '../../contracts/catalog_source.ts'
import type { CatalogSource } from '../../contracts/head.ts'
import { MapJob, MergeJob } from '../../contracts/job.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import type { Ended } from '../../contracts/progress.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import {
  catalogHeadKey,
  catalogHeadPrefix,
  quarantineKey,
  receiptKey,
  siteHeadKey,
} from '../../contracts/store_layout.ts'
import { type Coordinator, runCoordinator } from '../../coordinator/coordinate.ts'
import { PlanRecords } from '../../coordinator/plan_records.ts'
import { readSiteRecords } from '../../coordinator/site_records.ts'
import type { Bus } from '../../runtime/bus/bus.ts'
import { settle } from '../../runtime/bus/settle.ts'
import { createLog } from '../../runtime/log.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { latestNumber, putRecord } from '../../runtime/object_store/records.ts'
import { aServer, type TestServer } from '../runtime/bus/a_server.ts'
import { aConfig } from './a_plan.ts'

/** What a stand-in worker does with a day. */
export type Verdict = (job: MapJob) => 'done' | 'quarantine' | Promise<'done'>

export class Cluster implements AsyncDisposable {
  readonly folder: string
  readonly server: TestServer
  readonly source: ObjectStore
  readonly results: ObjectStore
  readonly signal: AbortSignal
  readonly tables = OUR_TABLES
  /** Of the coordinators, unless a test says otherwise. */
  readonly recipe = 1
  readonly #stack = new AsyncDisposableStack()
  readonly #over = new AbortController()

  private constructor(given: Pick<Cluster, 'folder' | 'server' | 'source' | 'results' | 'signal'>) {
    this.folder = given.folder
    this.server = given.server
    this.source = given.source
    this.results = given.results
    this.signal = AbortSignal.any([given.signal, this.#over.signal])
  }

  static async start(signal: AbortSignal): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-coordinator-'))
    const open = async (name: 'source' | 'results'): Promise<ObjectStore> => {
      await mkdir(join(folder, name))
      return await openObjectStore({ url: name, path_style: false }, { base: folder, use: name, signal })
    }
    const [source, results] = [await open('source'), await open('results')]
    return new Cluster({ folder, server: await aServer(signal), source, results, signal })
  }

  /** Where a day's log file lies. */
  path(date: string, site = 'edx'): string {
    return join(
      this.folder,
      'source',
      'mitx',
      site,
      'events',
      date.slice(0, 4),
      `mitx-${site}-events-${date}.log.gz.gpg`,
    )
  }

  async publish(dates: readonly string[], content = 'x', site = 'edx'): Promise<void> {
    for (const date of dates) {
      await mkdir(dirname(this.path(date, site)), { recursive: true })
      await writeFile(this.path(date, site), content)
    }
  }

  async unpublish(dates: readonly string[], site = 'edx'): Promise<void> {
    for (const date of dates) await unlink(this.path(date, site))
  }

  async bus(): Promise<Bus> {
    const bus = await this.server.connect(this.signal)
    this.#stack.use(bus)
    return bus
  }

  config(changes: Readonly<Record<string, unknown>> = {}): Config {
    return aConfig({ sweep_s: 3600, ...changes })
  }

  /** Starts a coordinator that sweeps once and then waits for what happens. */
  async coordinator(config: Config = this.config(), recipe = this.recipe): Promise<Coordinator> {
    const coordinator = await runCoordinator({
      config,
      base: this.folder,
      tables: this.tables,
      source: this.source,
      results: this.results,
      bus: await this.bus(),
      log: createLog({ role: 'coordinator', destination: join(this.folder, 'log') }),
      metrics: createMetrics('coordinator'),
      stop: { soft: this.signal },
      recipe,
    })
    this.#stack.use(coordinator)
    return coordinator
  }

  /** Starts a worker of one slot; `ran` collects what it was given. */
  async worker(ran: MapJob[], verdict: Verdict = () => 'done'): Promise<void> {
    const bus = await this.bus()
    this.#run(async () => {
      const delivery = await bus.next(bus.subjects.map, { signal: this.signal })
      const job = MapJob.parse(delivery.body)
      ran.push(job)
      const result = await verdict(job)
      await (result === 'done'
        ? putReceipt(this.results, job, this.signal)
        : putQuarantine(this.results, job, this.signal))
      const { site, date } = job.log_file.day
      const outcome: Outcome =
        result === 'done'
          ? { kind: 'done', how: 'computed' }
          : { kind: 'quarantine', class: 'key', code: 'no_key', reason: 'no key' }
      await settle(delivery, outcome, { signal: this.signal })
      const ended: Ended = { kind: 'map', site, date, fingerprint: job.fingerprint, result }
      bus.broadcast(bus.subjects.ended, ended)
    })
  }

  /** Starts a reducer that names in a new head whatever is done, unless it is done already, and then makes a catalogue. */
  async reducer(ran: MergeJob[] = [], publishes: { readonly catalog: boolean } = { catalog: true }): Promise<void> {
    const bus = await this.bus()
    this.#run(async () => {
      const delivery = await bus.next(bus.subjects.merge, { signal: this.signal })
      const job = MergeJob.parse(delivery.body)
      const { site } = job
      ran.push(job)
      await putHead(this.results, site, this.signal)
      if (publishes.catalog) await putCatalog(this.results, this.signal)
      await settle(delivery, { kind: 'done', how: 'computed' }, { signal: this.signal })
      bus.broadcast(bus.subjects.ended, { kind: 'merge', site, result: 'done' } satisfies Ended)
    })
  }

  /** Starts a reducer that finds nothing to do; `merged` is called before it says so. */
  async idleReducer(merged: () => void): Promise<void> {
    const bus = await this.bus()
    this.#run(async () => {
      const delivery = await bus.next(bus.subjects.merge, { signal: this.signal })
      const { site } = MergeJob.parse(delivery.body)
      merged()
      await settle(delivery, { kind: 'done', how: 'deduplicated' }, { signal: this.signal })
      bus.broadcast(bus.subjects.ended, { kind: 'merge', site, result: 'done' } satisfies Ended)
    })
  }

  #run(turn: () => Promise<void>): void {
    const loop = (async () => {
      while (!this.signal.aborted) await turn()
    })().catch((error: unknown) => {
      if (!this.signal.aborted) throw error
    })
    this.#stack.defer(() => loop)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    await this.#stack.disposeAsync()
    await this.server[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true })
  }
}

const at = '2024-01-01T00:00:00.000Z'

export async function putReceipt(results: ObjectStore, job: MapJob, signal: AbortSignal): Promise<void> {
  const { day, size } = job.log_file
  const zeros = {
    lines: 0,
    events: 0,
    blank: 0,
    duplicates: 0,
    rejected: 0,
    rescued: 0,
    prefixed: 0,
    truncated_payload: 0,
  }
  const receipt = {
    version: 1,
    log_file: job.log_file,
    fingerprint: job.fingerprint,
    recipe: job.recipe,
    ledger: { ...zeros, rejected_by_reason: {}, no_course: 0, foreign_org: 0, min_time: null, max_time: null },
    bytes: { encrypted: size, gzip: size, raw: size },
    sha256_raw: '0'.repeat(64),
    key_id: null,
    encrypted_at: null,
    courses: [],
    parts: [],
    worker: 'test',
    attempt: 1,
    started_at: at,
    seconds: 0.5,
    stages: {},
  }
  await putRecord(results, receiptKey(day.site, day.date, job.fingerprint), receipt, { create_only: true, signal })
}

async function putQuarantine(results: ObjectStore, job: MapJob, signal: AbortSignal): Promise<void> {
  const { day } = job.log_file
  const reason = { class: 'key', code: 'no_key', reason: 'no key', attempts: 1, worker: 'test', recorded_at: at }
  const record = { version: 1, log_file: job.log_file, fingerprint: job.fingerprint, ...reason }
  await putRecord(results, quarantineKey(day.site, day.date, job.fingerprint), record, { create_only: true, signal })
}

/** Names every planned day with a receipt in the next head, as a reducer does once its editions are published. */
async function putHead(results: ObjectStore, site: MergeJob['site'], signal: AbortSignal): Promise<void> {
  const records = new PlanRecords(results)
  const latest = await records.latest(site, { signal })
  const { receipts, head } = await readSiteRecords(results, site, { signal })
  const done = latest?.plan.days.filter((day) => receipts.get(day.log_file.day.date)?.has(day.fingerprint)) ?? []
  const days = Object.fromEntries(done.map((day) => [day.log_file.day.date, day.fingerprint]))
  if (head === null && done.length === 0) return
  const reached = head && (await records.read(site, head.plan_number, { signal }))
  const decisive = { days, declarations: OUR_TABLES.declarations, courses: latest?.plan.courses }
  const present = { days: head?.days, declarations: head?.declarations, courses: reached?.courses }
  if (isDeepStrictEqual(present, decisive)) return
  const made = { plan_number: latest?.number, declarations: OUR_TABLES.declarations }
  const number = (head?.number ?? 0) + 1
  const filter = latest?.plan.courses
  const files = { runs: [{ number, file: A_FILE }], names: A_FILE }
  const record = { version: 2, number, site, ...made, filter, ...files, days, courses: {} }
  await putRecord(results, siteHeadKey(site, number), record, { create_only: true, signal })
}

const A_FILE = { key: 'rows', bytes: 0, sha256: '0'.repeat(64) }

/** Names in the next catalogue how all sites stand. */
async function putCatalog(results: ObjectStore, signal: AbortSignal): Promise<void> {
  const records = new PlanRecords(results)
  const sites: Record<string, CatalogSource> = {}
  for (const site of await records.sites({ signal })) {
    const { head, quarantines } = await readSiteRecords(results, site, { signal })
    const quarantined = [...quarantines].flatMap(([date, prints]) => [...prints].map((print) => `${date}/${print}`))
    const plan_number = (await records.latest(site, { signal }))?.number ?? 1
    sites[site] = catalogSourceOf({ head_number: head?.number ?? null, plan_number, quarantined })
  }
  const number = ((await latestNumber(results, catalogHeadPrefix, { signal })) ?? 0) + 1
  const record = { version: 1, number, edition: 'e', database: A_FILE, basis: catalogBasis(['mitx']), sites }
  await putRecord(results, catalogHeadKey(number), record, { create_only: true, signal })
}
