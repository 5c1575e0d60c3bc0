// Puts the bus together: one connection, the queues on it, and the messages beside them. The rest of Millrace sees bus.ts.
import { setTimeout as sleep } from 'node:timers/promises'
import { type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { QueueConfig } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { type Queue, type Subjects, subjectsOf } from '../../contracts/subjects.ts'
import { abortable } from './abortable.ts'
import type { Bus, BusObserver, BusOptions, Delivery, Healing, QueueState } from './bus.ts'
import { checkServer } from './capabilities.ts'
import { answerTo, ask, hear, tell } from './conversation.ts'
import { deliveryOf } from './delivery.ts'
import { type Link, openLink } from './link.ts'
import { publishTo } from './publish.ts'
import { openPull, type PullEnd } from './pull.ts'
import { QueueStreams } from './queue_streams.ts'

const API_MS_MAX = 5_000
const RETRY_MS_MIN = 50
const RETRY_MS_MAX = 3_000

const UNOBSERVED: BusObserver = { status: () => undefined, request: () => undefined, error: () => undefined }

/** Connects, however long that takes, and checks the server; rejects when it is unfit or the signal aborts. */
export async function connectBus(
  queue: QueueConfig & { readonly servers: readonly string[] },
  options: {
    readonly name: string
    readonly base: string
    readonly observe?: BusObserver
    readonly signal: AbortSignal
  },
): Promise<Bus> {
  const observe = options.observe ?? UNOBSERVED
  const link = await openLink(queue, { ...options, observe })
  try {
    const manager = await jetstreamManager(link.nats, { checkAPI: false, timeout: API_MS_MAX })
    const remark = await abortable(checkServer(link.nats, manager), options.signal)
    if (remark !== null) observe.status('problem', remark)
    return new NatsBus(link, queue.namespace, new QueueStreams(link, manager, queue, observe), observe)
  } catch (error) {
    await link.close()
    throw error
  }
}

class NatsBus implements Bus {
  readonly subjects: Subjects
  readonly #link: Link
  readonly #streams: QueueStreams
  readonly #observe: BusObserver
  readonly #client: JetStreamClient
  /** Pulls that are being taken back. */
  readonly #cancelling = new Set<Promise<void>>()

  constructor(link: Link, namespace: string, streams: QueueStreams, observe: BusObserver) {
    this.subjects = subjectsOf(namespace)
    this.#link = link
    this.#streams = streams
    this.#observe = observe
    this.#client = jetstream(link.nats, { timeout: API_MS_MAX })
  }

  get server_version(): string {
    return this.#link.nats.info?.version ?? 'unknown'
  }

  connected(): boolean {
    return this.#link.connected
  }

  ensureQueue(queue: Queue, options: BusOptions): Promise<void> {
    return this.#streams.ensure(queue, options)
  }

  async publish(
    subject: string,
    body: unknown,
    options: BusOptions & { readonly id: string },
  ): Promise<'queued' | 'duplicate'> {
    const message = { subject, payload: JSON.stringify(body), id: options.id }
    const through = { link: this.#link, client: this.#client, streams: this.#streams, observe: this.#observe }
    return publishTo(this.#queueOf(subject), message, through, options)
  }

  outstanding(queue: Queue, options: BusOptions): Promise<ReadonlyMap<string, number>> {
    return this.#streams.outstanding(queue, options)
  }

  drop(queue: Queue, predicate: (subject: string) => boolean, options: BusOptions): Promise<number> {
    return this.#streams.drop(queue, predicate, options)
  }

  queueState(queue: Queue, options: BusOptions): Promise<QueueState> {
    return this.#streams.state(queue, options)
  }

  heal(queue: Queue, how: Healing, options: BusOptions): Promise<void> {
    return this.#streams.heal(queue, how, options)
  }

  async next(queue: Queue, { signal }: BusOptions): Promise<Delivery> {
    for (let failures = 0; ; ) {
      await this.#link.whenConnected(signal)
      const end = await this.#pull(queue, signal)
      switch (end.kind) {
        case 'message':
          return deliveryOf(this.#link.nats, end.message)
        case 'expired':
          failures = 0
          break
        case 'lost': {
          this.#observe.error('next', end.reason)
          const pause_ms = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures++)
          await sleep(pause_ms * (0.5 + Math.random() / 2), undefined, { signal })
          if (this.#link.connected) await this.#streams.ensure(queue, { signal }).catch(() => signal.throwIfAborted())
        }
      }
    }
  }

  async #pull(queue: Queue, signal: AbortSignal): Promise<PullEnd> {
    const pull = openPull(this.#link, queue)
    try {
      return await abortable(pull.end, signal)
    } catch (error) {
      const cancelling = pull
        .cancel()
        .catch((failure: unknown) => this.#observe.error('next', failure instanceof Error ? failure.name : 'unknown'))
        .finally(() => this.#cancelling.delete(cancelling))
      this.#cancelling.add(cancelling)
      throw error
    }
  }

  request(subject: string, body: unknown, options: BusOptions & { readonly timeout_ms: number }): Promise<unknown> {
    return ask(this.#link, subject, body, options)
  }

  async answer(subject: string, handler: (body: unknown) => Promise<unknown>): Promise<AsyncDisposable> {
    const answering = answerTo(this.#link, subject, handler, this.#observe)
    await this.#heard()
    return answering
  }

  broadcast(subject: string, body: unknown): void {
    tell(this.#link, subject, body, this.#observe)
  }

  async listen(subject: string, handler: (body: unknown) => void): Promise<AsyncDisposable> {
    const listening = hear(this.#link, subject, handler, this.#observe)
    await this.#heard()
    return listening
  }

  async closed(): Promise<Error | undefined> {
    return (await this.#link.nats.closed()) ?? undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#link.connected) await Promise.race([Promise.all(this.#cancelling), this.#link.nextChange()])
    await this.#link.close()
  }

  /** Waits until the server knows of a subscription; while it is away, the client tells it at the reconnection. */
  async #heard(): Promise<void> {
    if (this.#link.connected) await this.#link.nats.flush().catch(() => undefined)
  }

  #queueOf(subject: string): Queue {
    for (const queue of [this.subjects.map, this.subjects.merge])
      if (subject.startsWith(queue.subjects.slice(0, -1))) return queue
    throw new MillraceError('queue_unfit', `Cannot publish to "${subject}": it belongs to no queue`)
  }
}
