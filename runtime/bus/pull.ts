// One pull: a request to the server for one message, which ends with the message or with the reason why there is none.
// The client's own next() is not used: it cannot be aborted without losing a message that is on its way, and after a
// reconnection it asks twice, so that a second message would wait in nobody's hands until it is delivered again.
import { createInbox, type Msg, nanos } from '@nats-io/transport-node'
import type { Queue } from '../../contracts/subjects.ts'
import { giveBack } from './delivery.ts'
import type { Link } from './link.ts'

/** How long the server keeps a pull open. */
const EXPIRES_MS = 30_000
/** The server says so often that the pull stands; it is taken for lost after two silences. */
const HEARTBEAT_MS = 1_000

/** Status codes of JetStream's answers to a pull. */
const HEARTBEAT = 100
const NO_MESSAGE = 404
const EXPIRED = 408

export type PullEnd =
  | { readonly kind: 'message'; readonly message: Msg }
  /** Nothing came in time: ask again. */
  | { readonly kind: 'expired' }
  /** The server no longer knows the pull, or perhaps the consumer. */
  | { readonly kind: 'lost'; readonly reason: string }

export interface Pull {
  readonly end: Promise<PullEnd>
  /** Takes the pull back; a message that came or is on its way is given back. Resolves when the server has heard. */
  cancel(): Promise<void>
}

/**
 * States: open -> ended, by a message, a status from the server, two silent heartbeats or a lost connection; open ->
 * cancelled, by `cancel()`. In the last state a message goes straight back.
 */
export function openPull(link: Link, queue: Queue): Pull {
  const { promise: end, resolve } = Promise.withResolvers<PullEnd>()
  let open = true
  let silence: NodeJS.Timeout | undefined

  const finish = (with_end: PullEnd): void => {
    if (!open) return
    open = false
    clearTimeout(silence)
    removeListener()
    subscription.unsubscribe()
    resolve(with_end)
  }
  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => finish({ kind: 'lost', reason: 'heartbeats missed' }), 2 * HEARTBEAT_MS)
  }
  const subscription = link.nats.subscribe(createInbox(), {
    callback: (error, message) => {
      if (error) return finish({ kind: 'lost', reason: error.message })
      const code = message.headers?.code ?? 0
      if (!open && code === 0) return giveBack(link.nats, message, 0)
      if (code === HEARTBEAT) return heard()
      finish(endOf(code, message))
    },
  })
  const removeListener = link.onChange(() => finish({ kind: 'lost', reason: 'the connection was lost' }))

  heard()
  const request = { batch: 1, expires: nanos(EXPIRES_MS), idle_heartbeat: nanos(HEARTBEAT_MS) }
  link.nats.publish(`$JS.API.CONSUMER.MSG.NEXT.${queue.stream}.${queue.consumer}`, JSON.stringify(request), {
    reply: subscription.getSubject(),
  })
  return {
    end,
    cancel: async () => {
      if (!open) {
        const ended = await end
        if (ended.kind === 'message') giveBack(link.nats, ended.message, 0)
        return
      }
      open = false
      clearTimeout(silence)
      removeListener()
      await subscription.drain()
    },
  }
}

function endOf(code: number, message: Msg): PullEnd {
  if (code === 0) return { kind: 'message', message }
  if (code === NO_MESSAGE || code === EXPIRED) return { kind: 'expired' }
  return { kind: 'lost', reason: `${code} ${message.headers?.description ?? ''}`.trim() }
}
