// The connection itself: made however long that takes, kept for ever, and watched, so that everything above it can wait
// for a server that is away instead of failing.
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type NatsConnection, type Status } from '@nats-io/transport-node'
import type { QueueConfig } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { abortable } from './abortable.ts'
import type { BusObserver } from './bus.ts'
import { authenticatorOf, tlsOf } from './credentials.ts'

const CONNECT_MS_MAX = 5_000
const RETRY_MS_MIN = 200
const RETRY_MS_MAX = 5_000
/** A silent partition is noticed after two of these. */
const PING_INTERVAL_MS = 10_000
const RECONNECT_MS = 500
const CLOSE_MS_MAX = 3_000

export type LinkConfig = QueueConfig & { readonly servers: readonly string[] }

/**
 * States: connected <-> disconnected by the status events of the client; either -> closed by `close()`, or by the client
 * giving up, which its options rule out.
 */
export class Link {
  readonly nats: NatsConnection
  readonly #observe: BusObserver
  readonly #changed = new Set<() => void>()
  #state: 'connected' | 'disconnected' | 'closed' = 'connected'

  constructor(nats: NatsConnection, observe: BusObserver) {
    this.nats = nats
    this.#observe = observe
    this.#watch().catch((error: unknown) => observe.error('status', error instanceof Error ? error.name : 'unknown'))
  }

  get connected(): boolean {
    return this.#state === 'connected'
  }

  /** Resolves when there is a server to talk to; rejects on abort, or when the link is closed. */
  async whenConnected(signal: AbortSignal): Promise<void> {
    while (!this.connected) {
      if (this.#state === 'closed')
        throw new MillraceError('queue_unreachable', 'Cannot use the queue: its connection is closed')
      await abortable(this.nextChange(), signal)
    }
    signal.throwIfAborted()
  }

  /** Calls back at the next change between connected and not; the return value takes the call back. */
  onChange(callback: () => void): () => void {
    this.#changed.add(callback)
    return () => this.#changed.delete(callback)
  }

  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const remove = this.onChange(() => {
        remove()
        resolve()
      })
    })
  }

  /** Sends what is buffered, if there is a server, and closes. */
  async close(): Promise<void> {
    if (this.connected) {
      const waited = new AbortController()
      const limit = sleep(CLOSE_MS_MAX, undefined, { signal: waited.signal }).catch(() => undefined)
      await Promise.race([this.nats.drain().catch(() => undefined), limit])
      waited.abort()
    }
    await this.nats.close()
  }

  async #watch(): Promise<void> {
    for await (const status of this.nats.status()) this.#note(status)
    this.#become('closed')
    this.#observe.status('closed', this.nats.getServer())
  }

  #note(status: Status): void {
    switch (status.type) {
      case 'disconnect':
        this.#become('disconnected')
        this.#observe.status('disconnected', status.server)
        return
      case 'reconnect':
        this.#become('connected')
        this.#observe.status('reconnected', status.server)
        return
      case 'error':
        this.#observe.status('problem', status.error.message)
        return
      case 'staleConnection':
      case 'slowConsumer':
      case 'ldm':
        this.#observe.status('problem', status.type)
        return
      default:
    }
  }

  #become(state: 'connected' | 'disconnected' | 'closed'): void {
    this.#state = state
    for (const callback of [...this.#changed]) callback()
  }
}

/** Tries until a server answers; rejects with queue_unreachable when the signal aborts before. */
export async function openLink(
  queue: LinkConfig,
  options: {
    readonly name: string
    readonly base: string
    readonly observe: BusObserver
    readonly signal: AbortSignal
  },
): Promise<Link> {
  const { observe, signal } = options
  const servers = queue.servers.join(', ')
  let failure = 'nobody was asked yet'
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const nats = await attemptConnect(queue, options)
      observe.status('connected', nats.getServer())
      return new Link(nats, observe)
    } catch (error) {
      if (error instanceof MillraceError) throw error
      if (signal.aborted) break
      failure = error instanceof Error ? error.message : String(error)
      observe.status('connecting', `Cannot reach the queue at ${servers} yet: ${failure}`)
    }
    const pause_ms = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempt) * (0.5 + Math.random() / 2)
    await sleep(pause_ms, undefined, { signal }).catch(() => undefined)
  }
  throw new MillraceError('queue_unreachable', `Cannot reach the queue at ${servers}: ${failure}`)
}

async function attemptConnect(
  queue: LinkConfig,
  options: { readonly name: string; readonly base: string; readonly signal: AbortSignal },
): Promise<NatsConnection> {
  const authenticator = authenticatorOf(queue, options.base)
  const tls = tlsOf(queue, options.base)
  const connecting = connect({
    servers: [...queue.servers],
    name: options.name,
    timeout: CONNECT_MS_MAX,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(tls === undefined ? {} : { tls }),
  })
  try {
    return await abortable(connecting, options.signal)
  } catch (error) {
    // Whoever aborted no longer waits, but a connection that still comes about must not stay open.
    connecting
      .then(
        (late) => late.close(),
        () => undefined,
      )
      .catch(() => undefined)
    throw error
  }
}
