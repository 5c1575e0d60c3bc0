// Results of days as workers leave them, made from a few events each: real parts by the declared SQL, real receipts and
// plans, in a directory store. The tests of the reducer start from these.
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CalendarDate, Organisation, Site } from '../../../contracts/day.ts'
import { Fingerprint } from '../../../contracts/fingerprint.ts'
import { CourseHead, SiteHead } from '../../../contracts/head.ts'
import type { LogFile } from '../../../contracts/log_file.ts'
import type { CourseFilter, SitePlan } from '../../../contracts/plan_record.ts'
import type { Part, Receipt } from '../../../contracts/receipt.ts'
import { OUR_TABLES } from '../../../contracts/registry.ts'
import {
  courseHeadKey,
  courseHeadPrefix,
  editionKey,
  partKey,
  planKey,
  receiptKey,
  siteHeadKey,
  siteHeadPrefix,
} from '../../../contracts/store_layout.ts'
import { literal } from '../../../contracts/table_sql.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { createLog } from '../../../runtime/log.ts'
import { createMetrics } from '../../../runtime/metrics.ts'
import type { ObjectStore } from '../../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import { latestNumber, putRecord, readRecord } from '../../../runtime/object_store/records.ts'
import { contentOf } from '../../../workers/reduce/content.ts'
import type { MergeDeps } from '../../../workers/reduce/merge_deps.ts'
import { type FixtureEvent, partsOf } from './day_parts.ts'

export const SITE = Site.parse('edx')
const SIGNAL = new AbortController().signal

export const printOf = (text: string): Fingerprint =>
  Fingerprint.parse(createHash('sha256').update(text).digest('hex').slice(0, 32))

export interface FixtureDay {
  readonly date: string
  /** Another version of a day has other events and another fingerprint. */
  readonly version?: string
  readonly events: readonly FixtureEvent[]
  readonly rejected?: number
}

const fingerprintOf = (day: FixtureDay): Fingerprint => printOf(`${day.date} ${day.version ?? '1'}`)

const logFileOf = (day: FixtureDay): LogFile => ({
  day: { organisation: Organisation.parse('acme'), site: SITE, date: CalendarDate.parse(day.date) },
  key: `acme/edx/events/acme-edx-events-${day.date}.log.gz.gpg`,
  etag: `etag-${day.version ?? '1'}`,
  size: 1_000,
  last_modified: '2021-01-01T00:00:00Z',
  wrapping: 'gpg',
})

/** A directory store with what a reducer needs around it. */
export class ReducerFixture implements AsyncDisposable {
  readonly folder: string
  readonly store: ObjectStore
  readonly metrics = createMetrics('reducer')

  constructor(folder: string, store: ObjectStore) {
    this.folder = folder
    this.store = store
  }

  deps(changes: Partial<MergeDeps> = {}): MergeDeps {
    return {
      results: this.store,
      tables: OUR_TABLES,
      organisations: ['acme'],
      scratch: this.folder,
      memory_mb: 512,
      threads: 1,
      batch_days_max: 100,
      batch_bytes_max: 1_000_000_000,
      runs_max: 32,
      check_all: false,
      log: createLog({ role: 'reducer', level: 'debug', destination: join(this.folder, 'log') }),
      metrics: this.metrics,
      progress: () => {},
      signal: SIGNAL,
      ...changes,
    }
  }

  /** The events that were logged, oldest first. */
  async logged(): Promise<readonly string[]> {
    const lines = (await readFile(join(this.folder, 'log'), 'utf8').catch(() => '')).split('\n')
    // Written by our own log, one JSON object with `event` a line.
    return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { event: string }).event)
  }

  /** Makes the partial of a day and its receipt, changed by `forge` when the test needs a wrong one. */
  async compute(day: FixtureDay, forge: (receipt: Receipt) => Receipt = (receipt) => receipt): Promise<Receipt> {
    const log_file = logFileOf(day)
    const fingerprint = fingerprintOf(day)
    const parts = await this.#parts(day, fingerprint)
    const by_course = Map.groupBy(day.events, (event) => event.course_id)
    const rejected = day.rejected ?? 0
    const receipt = forge({
      version: 1,
      log_file,
      fingerprint,
      recipe: 1,
      ledger: {
        lines: day.events.length + rejected,
        events: day.events.length,
        blank: 0,
        duplicates: 0,
        rejected,
        rejected_by_reason: rejected > 0 ? { bad_json: rejected } : {},
        rescued: 0,
        prefixed: 0,
        truncated_payload: 0,
        no_course: by_course.get(null)?.length ?? 0,
        foreign_org: 0,
        min_time: null,
        max_time: null,
      },
      bytes: { encrypted: 1_000, gzip: 900, raw: 9_000 },
      sha256_raw: createHash('sha256').update(day.date).digest('hex'),
      key_id: '0123456789ABCDEF',
      encrypted_at: '2021-01-01T00:00:00Z',
      courses: [...by_course].flatMap(([course_id, events]) =>
        course_id === null ? [] : [{ course_id, events: events.length }],
      ),
      parts,
      worker: 'fixture',
      attempt: 1,
      started_at: '2021-01-01T00:00:00Z',
      seconds: 1,
      stages: {},
    })
    const key = receiptKey(SITE, log_file.day.date, fingerprint)
    await putRecord(this.store, key, receipt, { create_only: true, signal: SIGNAL })
    return receipt
  }

  async #parts(day: FixtureDay, fingerprint: Fingerprint): Promise<readonly Part[] & Part[]> {
    const parts: Part[] = []
    for (const { table, rows, body } of await partsOf({ events: day.events, rejected: day.rejected ?? 0 })) {
      const sha256 = createHash('sha256').update(body).digest('hex')
      const key = partKey({ site: SITE, date: CalendarDate.parse(day.date), fingerprint, table, sha256 })
      await this.store.put(key, body, { create_only: true, signal: SIGNAL })
      parts.push({ table, key, rows, bytes: body.length, sha256 })
    }
    return parts
  }

  /** Writes the plan of the site that wants these days. */
  async plan(days: readonly FixtureDay[], courses: CourseFilter = { include: ['*'], exclude: [] }): Promise<number> {
    const number = ((await latestNumber(this.store, `plans/${SITE}/`, { signal: SIGNAL })) ?? 0) + 1
    const plan: SitePlan = {
      version: 1,
      site: SITE,
      recipe: 1,
      days: [...days]
        .sort((a, b) => (a.date < b.date ? -1 : 1))
        .map((day) => ({ log_file: logFileOf(day), fingerprint: fingerprintOf(day), epoch: 0 })),
      superseded: [],
      empty: [],
      missing: [],
      held: [],
      courses,
    }
    await putRecord(this.store, planKey(SITE, number), plan, { create_only: true, signal: SIGNAL })
    return number
  }

  async siteHead(): Promise<SiteHead | null> {
    const number = await latestNumber(this.store, siteHeadPrefix(SITE), { signal: SIGNAL })
    return number === null
      ? null
      : await readRecord(this.store, siteHeadKey(SITE, number), SiteHead, { signal: SIGNAL })
  }

  async courseHead(course_id: string): Promise<CourseHead | null> {
    const number = await latestNumber(this.store, courseHeadPrefix(SITE, course_id), { signal: SIGNAL })
    return number === null
      ? null
      : await readRecord(this.store, courseHeadKey(SITE, course_id, number), CourseHead, { signal: SIGNAL })
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const { key } of this.store.list(prefix, { signal: SIGNAL })) keys.push(key)
    return keys
  }

  editions(course_id: string): Promise<readonly string[]> {
    return this.keys(editionKey(SITE, course_id, ''))
  }

  /** Content of the current database of a course; null when it has none. */
  async content(course_id: string): Promise<Readonly<Record<string, unknown>> | null> {
    const head = await this.courseHead(course_id)
    if (!head?.database) return null
    return await this.#opened(head.database.key, async (path) => Object.fromEntries(await contentOf(path)))
  }

  /** Reads a database of the store. */
  async query<T extends object>(key: string, sql: string): Promise<readonly T[]> {
    return await this.#opened(key, async (path) => {
      await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
      await database.run(`attach ${literal(path)} as db (read_only)`)
      await database.run('use db')
      return await database.rows<T>(sql)
    })
  }

  async #opened<T>(key: string, read: (path: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(this.folder, 'read-'))
    const path = join(folder, 'database.duckdb')
    await this.store.getFile(key, path, { signal: SIGNAL })
    const answer = await read(path)
    await rm(folder, { recursive: true })
    return answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Makes an empty store in a folder of its own. */
export async function reducerFixture(): Promise<ReducerFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-reduce-'))
  const store = await openObjectStore(
    { url: join(folder, 'results'), path_style: false },
    { base: folder, use: 'results', signal: SIGNAL },
  )
  return new ReducerFixture(folder, store)
}

/** The same store, where something happens just before an object is put. */
export const interposed = (store: ObjectStore, before: (key: string) => Promise<void>): ObjectStore => ({
  url: store.url,
  list: (prefix, options) => store.list(prefix, options),
  keys: (prefix, options) => store.keys(prefix, options),
  open: (key, options) => store.open(key, options),
  read: (key, options) => store.read(key, options),
  put: async (key, body, options) => {
    await before(key)
    return await store.put(key, body, options)
  },
  putFile: (key, path, options) => store.putFile(key, path, options),
  getFile: (key, path, options) => store.getFile(key, path, options),
  copy: (from, to, options) => store.copy(from, to, options),
  remove: (key, options) => store.remove(key, options),
  urlOf: (key) => store.urlOf(key),
  [Symbol.asyncDispose]: async () => {},
})
