// The coordinator: sweeps again and again, and between sweeps sends the next job as soon as one ends. It keeps nothing
// that a sweep does not find again, so it may be killed, or run twice, at any time.
//
// States: sweeping ⇄ resting (until `sweep_s` is over, a reconnect, `sweepNow`, or a retry after a failure); ended by the
// soft stop, by disposal, or by a broken invariant, which `ended` reports.
import { resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { MillraceError } from '../contracts/errors.ts'
import { Ended } from '../contracts/progress.ts'
import type { TableSet } from '../contracts/table_set.ts'
import { delayMs } from '../runtime/backoff.ts'
import type { Bus } from '../runtime/bus/bus.ts'
import type { Log } from '../runtime/log.ts'
import type { CoordinatorMetrics } from '../runtime/metrics_coordinator.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import type { Stop } from '../runtime/stop.ts'
import { Coordination } from './coordination.ts'
import { loadKeys } from './key_ring.ts'
import { serveKeys } from './key_service.ts'
import type { CoordinatorStatus } from './status.ts'
import { Bell } from './turns.ts'

/** A sweep that failed is tried again after at most this long, or `sweep_s` if that is shorter. */
const RETRY = { base_ms: 500, cap_ms: 30_000 }
/** When all but a last acknowledgement is settled, a sweep a moment later tells. */
const SETTLING_MS = 250
/** Hints that come together are answered together. */
const GATHER_MS = 10
const CONNECTION_POLL_MS = 250

export interface CoordinatorOptions {
  readonly config: Config
  /** Folder that relative paths of the config start from. */
  readonly base: string
  readonly tables: TableSet
  readonly source: ObjectStore
  readonly results: ObjectStore
  readonly bus: Bus
  readonly log: Log
  readonly metrics: CoordinatorMetrics
  readonly stop: Pick<Stop, 'soft'>
  /** Instead of the recipe of this release. */
  readonly recipe?: number
}

export interface Coordinator extends AsyncDisposable {
  status(): CoordinatorStatus
  /** Waits until a sweep finds everything settled; rejects when the signal aborts or the coordinator ends. */
  settled(signal: AbortSignal): Promise<CoordinatorStatus>
  /** Calls back whenever something may have changed, until disposed of. */
  onChange(listener: () => void): Disposable
  /** Does not wait for the next sweep: after a reconnect, or when somebody knows of a change. */
  sweepNow(): void
  /** Settles when the coordinator has ended; rejects when an invariant broke. */
  readonly ended: Promise<void>
}

/** Starts the coordinator, with the key service when the config names keys. */
export async function runCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const { bus, config, log } = options

  await using stack = new AsyncDisposableStack()
  if (config.keys !== undefined) {
    const ring = await loadKeys(resolve(options.base, config.keys.directory), { log })
    const count = (kind: 'session_key' | 'no_key' | 'refused'): void =>
      options.metrics.session_keys_total.inc({ result: RESULTS[kind] })
    stack.use(await serveKeys(bus, ring, { log, observe: count }))
  }
  const running = new Running(options)
  stack.use(running)
  stack.use(await bus.listen(bus.subjects.progress_all, (body) => running.heardProgress(body)))
  stack.use(await bus.listen(bus.subjects.ended, (body) => running.heardEnded(body)))
  running.start()
  const opened = stack.move()
  return {
    status: () => running.status(),
    settled: (signal) => running.settled(signal),
    onChange: (listener) => running.onChange(listener),
    sweepNow: () => running.sweepNow(),
    ended: running.ended,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const RESULTS = { session_key: 'ok', no_key: 'no_key', refused: 'error' } as const

/** The two loops: sweeps, and the sending between them. */
class Running implements AsyncDisposable {
  readonly #coordination: Coordination
  readonly #options: CoordinatorOptions
  readonly #over = new AbortController()
  readonly #signal: AbortSignal
  readonly #sweep_bell = new Bell()
  readonly #send_bell = new Bell()
  readonly #listeners = new Set<() => void>()
  readonly #ended = Promise.withResolvers<void>()

  constructor(options: CoordinatorOptions) {
    this.#options = options
    this.#signal = AbortSignal.any([options.stop.soft, this.#over.signal])
    this.#coordination = new Coordination(options)
    // Whoever does not look at `ended` shall not crash by it; settled() reports the same.
    this.#ended.promise.catch(() => undefined)
  }

  get ended(): Promise<void> {
    return this.#ended.promise
  }

  start(): void {
    const loops = [this.#sweepLoop(), this.#sendLoop(), this.#watchConnection()].map((loop) =>
      loop.catch((error: unknown) => {
        this.#over.abort(error)
        throw error
      }),
    )
    Promise.all(loops).then(() => this.#ended.resolve(), this.#ended.reject)
  }

  status(): CoordinatorStatus {
    return this.#coordination.status(performance.now())
  }

  sweepNow(): void {
    this.#sweep_bell.ring()
  }

  heardProgress(body: unknown): void {
    this.#coordination.workers.heard(body, performance.now())
    // More slots may have room for more jobs.
    this.#send_bell.ring()
    this.#changed()
  }

  heardEnded(body: unknown): void {
    const hint = Ended.safeParse(body)
    if (!hint.success) return
    this.#coordination.heard(hint.data)
    this.#send_bell.ring()
    this.#changed()
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  async settled(signal: AbortSignal): Promise<CoordinatorStatus> {
    const bell = new Bell()
    using _listening = this.onChange(() => bell.ring())
    const either = AbortSignal.any([signal, this.#signal])
    while (!this.#coordination.isSettled) {
      if (this.#over.signal.aborted) await this.ended
      either.throwIfAborted()
      await bell.wait(60_000, either)
    }
    return this.status()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort(new MillraceError('aborted', 'Cannot go on: the coordinator was closed'))
    await this.#ended.promise.catch(() => undefined)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  async #sweepLoop(): Promise<void> {
    const sweep_ms = this.#options.config.sweep_s * 1000
    for (let failures = 0; !this.#signal.aborted; ) {
      const end = await this.#guarded(() => this.#coordination.sweep({ signal: this.#signal }))
      this.#changed()
      failures = end === 'well' || end === 'settling' ? 0 : failures + 1
      const rest_ms = end === 'settling' ? SETTLING_MS : failures === 0 ? sweep_ms : delayMs(failures, RETRY)
      await this.#sweep_bell.wait(Math.min(rest_ms, sweep_ms), this.#signal)
    }
  }

  async #sendLoop(): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#send_bell.wait(60_000, this.#signal)
      if (this.#signal.aborted) return
      await new Bell().wait(GATHER_MS, this.#signal)
      const end = await this.#guarded(() => this.#coordination.send({ signal: this.#signal }))
      if (end === 'sweep') this.#sweep_bell.ring()
      this.#changed()
    }
  }

  /** A queue that was away may have lost everything; what it lost is derived and sent again at once. */
  async #watchConnection(): Promise<void> {
    const never = new Bell()
    for (let before = true; !this.#signal.aborted; ) {
      const connected = this.#options.bus.connected()
      if (connected && !before) this.#sweep_bell.ring()
      if (connected !== before) this.#changed()
      before = connected
      await never.wait(CONNECTION_POLL_MS, this.#signal)
    }
  }

  /** Expected failures are kept for the status and tried again; anything else ends the coordinator. */
  async #guarded<T>(work: () => Promise<T>): Promise<T | 'failed'> {
    try {
      return await work()
    } catch (error) {
      if (this.#signal.aborted) return 'failed'
      if (!(error instanceof MillraceError)) throw error
      this.#coordination.failed(error)
      this.#options.log.warn('sweep_failed', { error })
      return 'failed'
    }
  }
}
