// What the rest of Millrace may ask of the queue and of the messages between its processes. NATS is transport: whatever
// this interface holds can be lost at any moment and is derived again from the object store.
import type { Queue, Subjects } from '../../contracts/subjects.ts'

/** Waits end when the signal aborts. */
export interface BusOptions {
  readonly signal: AbortSignal
}

/** A connection to the queue: work queues with durable consumers, requests with answers, and broadcasts. */
export interface Bus extends AsyncDisposable {
  readonly subjects: Subjects
  readonly server_version: string
  connected(): boolean
  /** Makes stream and durable consumer, or brings them up to the config; does nothing when they are right. */
  ensureQueue(queue: Queue, options: BusOptions): Promise<void>
  /** Tries until the server has stored the message or the signal aborts; `id` makes trying again harmless for two minutes. */
  publish(
    subject: string,
    body: unknown,
    options: BusOptions & { readonly id: string },
  ): Promise<'queued' | 'duplicate'>
  /** Counts the messages of a queue by subject, those in hand included. */
  outstanding(queue: Queue, options: BusOptions): Promise<ReadonlyMap<string, number>>
  /** Deletes the messages whose subject is named by `predicate`, one by one; tells how many. */
  drop(queue: Queue, predicate: (subject: string) => boolean, options: BusOptions): Promise<number>
  queueState(queue: Queue, options: BusOptions): Promise<QueueState>
  /** Frees messages that the server holds but will never deliver; the work is derived and published again. */
  heal(queue: Queue, how: Healing, options: BusOptions): Promise<void>
  /** Waits for the next message, through restarts and losses of the server; rejects only when the signal aborts. */
  next(queue: Queue, options: BusOptions): Promise<Delivery>
  /** Asks and waits for one answer; queue_unreachable when nobody answers in time. */
  request(subject: string, body: unknown, options: BusOptions & { readonly timeout_ms: number }): Promise<unknown>
  /** Answers requests until disposed of; a handler that throws leaves its asker to the timeout. */
  answer(subject: string, handler: (body: unknown) => Promise<unknown>): Promise<AsyncDisposable>
  /** Tells whoever listens now; lost while disconnected, and never throws. */
  broadcast(subject: string, body: unknown): void
  /** Hears broadcasts until disposed of. */
  listen(subject: string, handler: (body: unknown) => void): Promise<AsyncDisposable>
  /** Settles when the connection has ended for good: with its error, or with undefined after a disposal. */
  closed(): Promise<Error | undefined>
}

/**
 * `purge_orphans` deletes what lies below the acknowledged floor; `recreate_consumer` makes the durable anew, so that
 * everything still stored is delivered again.
 */
export type Healing = 'purge_orphans' | 'recreate_consumer'

/** In a healthy queue `messages = pending + ack_pending`. */
export interface QueueState {
  readonly messages: number
  readonly pending: number
  readonly ack_pending: number
  /** Stream sequence up to which everything was acknowledged. */
  readonly ack_floor: number
  readonly redelivered: number
}

/** One message in hand. Handlers answer with an `Outcome`; runtime/bus/settle.ts alone acknowledges. */
export interface Delivery {
  /** Parsed JSON, or undefined when it was none. */
  readonly body: unknown
  readonly subject: string
  /** From 1; at most the number of times that somebody tried. */
  readonly attempts: number
  /** Tells the server that work goes on, so that it waits another `ack_wait_s`. */
  beat(): void
}

/** Hears what happens on the connection, for the log and the metrics. */
export interface BusObserver {
  /** `connecting` repeats with every failed attempt at the first connect. */
  status(event: BusStatus, detail: string): void
  request(op: string, seconds: number): void
  error(op: string, kind: string): void
}
export type BusStatus = 'connecting' | 'connected' | 'disconnected' | 'reconnected' | 'closed' | 'problem'
