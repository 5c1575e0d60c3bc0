// One day from its encrypted log file to its receipt. Nothing is visible to anybody before the file has proved itself
// whole, and the receipt, written last and only once, is what makes the day done.
import type { MapJob } from '../../contracts/job.ts'
import type { SessionKeyReply } from '../../contracts/key_exchange.ts'
import type { LineLedger } from '../../contracts/ledger.ts'
import type { Part, Receipt } from '../../contracts/receipt.ts'
import { receiptKey } from '../../contracts/store_layout.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { putRecord } from '../../runtime/object_store/records.ts'
import type { Aggregate } from './aggregate.ts'
import type { CountryOf } from './countries.ts'
import { type ExtractFacts, openLogFile } from './extract.ts'
import { LateAggregate } from './late_aggregate.ts'
import type { MapTools } from './map_tools.ts'
import { readEvents } from './read_events.ts'
import type { SharedProgress } from './shared_progress.ts'
import { writePartial } from './write_partial.ts'

export interface MakePartialDeps {
  readonly source: Pick<ObjectStore, 'open'>
  readonly results: ObjectStore
  /** Asks the key service with the file's session-key packets. */
  readonly sessionKey: (packets: Uint8Array) => Promise<SessionKeyReply>
  readonly tools: MapTools
  readonly tables: TableSet
  readonly countryOf: CountryOf
  /** Folder for temporary Parquet files. */
  readonly scratch: string
  readonly worker: string
  readonly attempt: number
  readonly allow_unauthenticated: boolean
  readonly progress: SharedProgress
  readonly now: Clock
  readonly signal: AbortSignal
}

export interface MadePartial {
  readonly receipt: Receipt
  /** False when somebody else's receipt stood there first. */
  readonly first: boolean
}

interface Timings {
  /** Waiting for rows: reading and normalising, and all that comes before them. */
  rows: number
  /** Handing rows to the database and waiting for it. */
  aggregate: number
  write: number
}

/** Makes the partial of a day and its receipt; fails with a MillraceError that says what is wrong with the file. */
export async function makePartial(job: MapJob, deps: MakePartialDeps): Promise<MadePartial> {
  const started_at = deps.now().toISOString()
  const started = performance.now()
  const timings: Timings = { rows: 0, aggregate: 0, write: 0 }
  try {
    const { site, date } = job.log_file.day
    const aggregator = new LateAggregate(() => deps.tools.aggregator())
    const { facts, ledger } = await read(job, aggregator, timings, deps)
    const aggregate = await timed(timings, 'aggregate', () => aggregator.finish())
    const parts = await timed(timings, 'write', () => write(job, aggregate, deps))
    const receipt = receiptOf(job, { facts, ledger, parts, courses: aggregate.courses }, deps, {
      started_at,
      seconds: (performance.now() - started) / 1000,
      stages: stagesOf(facts, timings),
    })
    const key = receiptKey(site, date, job.fingerprint)
    const put = await putRecord(deps.results, key, receipt, { create_only: true, signal: deps.signal })
    return { receipt, first: put === 'stored' }
  } catch (error) {
    await deps.tools.discard()
    throw error
  }
}

/** Reads the file to its end; only then are its facts and its ledger known, and the slices worth keeping. */
async function read(
  job: MapJob,
  aggregator: LateAggregate,
  timings: Timings,
  deps: MakePartialDeps,
): Promise<{ readonly facts: ExtractFacts; readonly ledger: LineLedger }> {
  const { progress, signal } = deps
  const file = await openLogFile(deps.source, job.log_file, {
    sessionKey: deps.sessionKey,
    allow_unauthenticated: deps.allow_unauthenticated,
    observe: ({ encrypted_bytes, raw_bytes }) => {
      progress.set('encrypted_bytes', encrypted_bytes)
      progress.set('raw_bytes', raw_bytes)
    },
    signal,
  })
  const batches = readEvents(file.bytes, {
    date: job.log_file.day.date,
    rules: job.rules,
    tables: deps.tables,
    countryOf: deps.countryOf,
    scanner: deps.tools.scanner,
    batch: deps.tools.batch,
    rejected: (line) => aggregator.reject(line),
    scratch: deps.scratch,
    progress: (_raw_bytes, events) => progress.set('events', events),
    signal,
  })
  try {
    for (;;) {
      const step = await timed(timings, 'rows', () => batches.next())
      if (step.done) return { facts: file.facts(), ledger: step.value }
      await timed(timings, 'aggregate', () => aggregator.add(step.value))
      step.value.clear()
      progress.step()
    }
  } finally {
    // Closes file and connection when a slice could not be aggregated; does nothing at the end.
    await closed(batches)
  }
}

async function closed(batches: ReturnType<typeof readEvents>): Promise<void> {
  // What the generator would return is wanted by nobody here: the type asks for a ledger all the same.
  const end: AsyncIterator<unknown, unknown> = batches
  await end.return?.()
}

async function write(
  job: MapJob,
  { pieces }: Aggregate,
  { results, progress, signal }: MakePartialDeps,
): Promise<readonly Part[]> {
  const { site, date } = job.log_file.day
  const address = { site, date, fingerprint: job.fingerprint }
  return await writePartial(pieces, { results, address, signal, stored: () => progress.step() })
}

function receiptOf(
  job: MapJob,
  made: {
    readonly facts: ExtractFacts
    readonly ledger: LineLedger
    readonly parts: readonly Part[]
    readonly courses: Aggregate['courses']
  },
  { worker, attempt }: MakePartialDeps,
  times: Pick<Receipt, 'started_at' | 'seconds' | 'stages'>,
): Receipt {
  const { facts, ledger, parts, courses } = made
  return {
    version: 1,
    log_file: job.log_file,
    fingerprint: job.fingerprint,
    recipe: job.recipe,
    ledger,
    bytes: { encrypted: facts.encrypted_bytes, gzip: facts.gzip_bytes, raw: facts.raw_bytes },
    sha256_raw: facts.sha256_raw,
    key_id: facts.key_id,
    encrypted_at: facts.encrypted_at,
    courses: [...courses],
    parts: [...parts],
    worker,
    attempt,
    ...times,
  }
}

function stagesOf({ stages }: ExtractFacts, timings: Timings): Receipt['stages'] {
  const before = stages.download + stages.decrypt + stages.inflate + stages.hash
  return {
    ...stages,
    parse: Math.max(0, timings.rows - before),
    aggregate: timings.aggregate,
    write: timings.write,
  }
}

async function timed<T>(timings: Timings, stage: keyof Timings, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await work()
  } finally {
    timings[stage] += (performance.now() - started) / 1000
  }
}
