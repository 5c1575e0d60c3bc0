// The stream and durable consumer behind each queue: made and corrected here, looked into, and healed. They are a cache
// of "what to do next"; whatever is lost with them is derived and published again.
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { MillraceError } from '../../contracts/errors.ts'
import type { Queue } from '../../contracts/subjects.ts'
import { abortable } from './abortable.ts'
import type { BusObserver, BusOptions, Healing, QueueState } from './bus.ts'
import type { Link, LinkConfig } from './link.ts'

const DUPLICATES_MS = 120_000
/** Jobs in hand over the whole cluster; generous, because dispatch is bounded by the coordinator. */
const IN_HAND_MAX = 20_000
/** Open pulls over the whole cluster: one per free thread. Cannot be changed later. */
const PULLS_MAX = 16_384

export class QueueStreams {
  readonly #link: Link
  readonly #manager: JetStreamManager
  readonly #config: LinkConfig
  readonly #observe: BusObserver
  readonly #ensuring = new Map<string, Promise<void>>()

  constructor(link: Link, manager: JetStreamManager, config: LinkConfig, observe: BusObserver) {
    this.#link = link
    this.#manager = manager
    this.#config = config
    this.#observe = observe
  }

  /** Makes stream and consumer, or corrects them. Many callers at one time cause one round of requests. */
  ensure(queue: Queue, { signal }: BusOptions): Promise<void> {
    let round = this.#ensuring.get(queue.stream)
    if (round === undefined) {
      round = this.#ensureNow(queue).finally(() => this.#ensuring.delete(queue.stream))
      this.#ensuring.set(queue.stream, round)
    }
    return abortable(round, signal)
  }

  async outstanding(queue: Queue, options: BusOptions): Promise<ReadonlyMap<string, number>> {
    return this.#managed('outstanding', queue, options, async () => {
      const info = await this.#manager.streams.info(queue.stream, { subjects_filter: queue.subjects })
      return new Map(Object.entries(info.state.subjects ?? {}))
    })
  }

  async drop(queue: Queue, predicate: (subject: string) => boolean, options: BusOptions): Promise<number> {
    const subjects = [...(await this.outstanding(queue, options)).keys()].filter(predicate)
    let dropped = 0
    for (const subject of subjects) dropped += await this.#dropSubject(queue, subject, options)
    return dropped
  }

  async state(queue: Queue, options: BusOptions): Promise<QueueState> {
    return this.#managed('state', queue, options, async () => {
      const stream = await this.#manager.streams.info(queue.stream)
      const consumer = await this.#manager.consumers.info(queue.stream, queue.consumer)
      return {
        messages: stream.state.messages,
        pending: consumer.num_pending,
        ack_pending: consumer.num_ack_pending,
        ack_floor: consumer.ack_floor.stream_seq,
        redelivered: consumer.num_redelivered,
      }
    })
  }

  async heal(queue: Queue, how: Healing, options: BusOptions): Promise<void> {
    await this.#managed('heal', queue, options, async () => {
      if (how === 'purge_orphans') {
        const stream = await this.#manager.streams.info(queue.stream)
        const consumer = await this.#manager.consumers.info(queue.stream, queue.consumer)
        const floor = consumer.ack_floor.stream_seq
        // Servers of 2.9 take a purge up to sequence 1 for a purge of everything, so nothing is asked for in vain.
        if (stream.state.first_seq > floor) return
        await this.#manager.streams.purge(queue.stream, { seq: floor + 1 })
      } else await this.#manager.consumers.delete(queue.stream, queue.consumer)
    })
    await this.ensure(queue, options)
  }

  /** A filtered purge would strand other messages on servers before 2.10.20: messages go one by one, by sequence. */
  async #dropSubject(queue: Queue, subject: string, options: BusOptions): Promise<number> {
    for (let seq = 0, dropped = 0; ; dropped++) {
      // Asked by what comes next: the last of a subject is forgotten by older servers once it was deleted.
      const query = { seq: seq + 1, next_by_subj: subject }
      const found = await this.#managed('drop', queue, options, async () => {
        const message = await this.#manager.streams.getMessage(queue.stream, query)
        if (message !== null) await this.#manager.streams.deleteMessage(queue.stream, message.seq, false)
        return message
      })
      if (found === null) return dropped
      seq = found.seq
    }
  }

  /** Runs one exchange with the server; what is missing is made and the exchange tried once more. */
  async #managed<T>(op: string, queue: Queue, options: BusOptions, exchange: () => Promise<T>): Promise<T> {
    await this.#link.whenConnected(options.signal)
    const started = performance.now()
    try {
      return await abortable(exchange(), options.signal)
    } catch (error) {
      if (options.signal.aborted) throw error
      if (!isMissing(error)) throw this.#failure(op, queue, error)
      await this.ensure(queue, options)
      return await abortable(exchange(), options.signal).catch((again: unknown) => {
        throw options.signal.aborted ? again : this.#failure(op, queue, again)
      })
    } finally {
      this.#observe.request(op, (performance.now() - started) / 1000)
    }
  }

  async #ensureNow(queue: Queue): Promise<void> {
    const started = performance.now()
    try {
      await this.#ensureStream(queue)
      await this.#ensureConsumer(queue)
    } catch (error) {
      throw this.#failure('ensure', queue, error)
    } finally {
      this.#observe.request('ensure', (performance.now() - started) / 1000)
    }
  }

  async #ensureStream(queue: Queue): Promise<void> {
    const wanted = this.#streamConfig(queue)
    const info = await unlessMissing(this.#manager.streams.info(queue.stream))
    if (info === null) {
      await this.#manager.streams.add(wanted)
      return
    }
    const found = info.config
    if (found.retention !== wanted.retention)
      throw new MillraceError('queue_unfit', `Cannot use the stream "${queue.stream}": it is not a work queue`)
    const fits =
      found.subjects.join() === wanted.subjects.join() &&
      found.num_replicas === wanted.num_replicas &&
      found.duplicate_window === wanted.duplicate_window &&
      found.discard === wanted.discard
    if (!fits) await this.#manager.streams.update(queue.stream, wanted)
  }

  async #ensureConsumer(queue: Queue): Promise<void> {
    const wanted = this.#consumerConfig(queue)
    const info = await unlessMissing(this.#manager.consumers.info(queue.stream, queue.consumer))
    if (info === null) {
      await this.#manager.consumers.add(queue.stream, wanted)
      return
    }
    const found = info.config
    const fits =
      found.ack_wait === wanted.ack_wait &&
      found.max_ack_pending === wanted.max_ack_pending &&
      (found.max_deliver ?? -1) === wanted.max_deliver
    if (fits) return
    const { ack_wait, max_ack_pending, max_deliver } = wanted
    await this.#manager.consumers.update(queue.stream, queue.consumer, { ack_wait, max_ack_pending, max_deliver })
  }

  #streamConfig(queue: Queue) {
    return {
      name: queue.stream,
      subjects: [queue.subjects],
      retention: RetentionPolicy.Workqueue,
      storage: StorageType.File,
      discard: DiscardPolicy.New,
      num_replicas: this.#config.replicas,
      duplicate_window: nanos(DUPLICATES_MS),
    } satisfies Partial<StreamConfig>
  }

  #consumerConfig(queue: Queue) {
    return {
      durable_name: queue.consumer,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      ack_wait: nanos(Math.round(this.#config.ack_wait_s * 1000)),
      max_deliver: -1,
      max_ack_pending: IN_HAND_MAX,
      max_waiting: PULLS_MAX,
    } satisfies Partial<ConsumerConfig>
  }

  #failure(op: string, queue: Queue, cause: unknown): MillraceError {
    if (cause instanceof MillraceError) return cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    this.#observe.error(op, cause instanceof Error ? cause.name : 'unknown')
    // 400: the server understood and will always say no. All else may pass.
    const code = cause instanceof JetStreamApiError && cause.status === 400 ? 'queue_unfit' : 'queue_unreachable'
    return new MillraceError(code, `Cannot use the queue "${queue.name}" (${op}): ${reason}`, { cause })
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound)

async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
