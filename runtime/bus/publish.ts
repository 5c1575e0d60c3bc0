// Publishing until the server has it. An attempt that times out may have been stored all the same; the message's id makes
// the next one harmless.
import { setTimeout as sleep } from 'node:timers/promises'
import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream'
import { MillraceError } from '../../contracts/errors.ts'
import type { Queue } from '../../contracts/subjects.ts'
import { abortable } from './abortable.ts'
import type { BusObserver, BusOptions } from './bus.ts'
import type { Link } from './link.ts'
import type { QueueStreams } from './queue_streams.ts'

const ATTEMPT_MS_MAX = 5_000
const RETRY_MS_MIN = 100
const RETRY_MS_MAX = 5_000

/** Publishes one message to a queue; see `Bus.publish`. */
export async function publishTo(
  queue: Queue,
  message: { readonly subject: string; readonly payload: string; readonly id: string },
  through: { link: Link; client: JetStreamClient; streams: QueueStreams; observe: BusObserver },
  { signal }: BusOptions,
): Promise<'queued' | 'duplicate'> {
  const { link, client, streams, observe } = through
  for (let attempt = 0; ; attempt++) {
    await link.whenConnected(signal)
    const started = performance.now()
    try {
      const publishing = client.publish(message.subject, message.payload, {
        msgID: message.id,
        timeout: ATTEMPT_MS_MAX,
      })
      const acknowledged = await abortable(publishing, signal)
      // After a first attempt whose end is unknown, a duplicate is most likely our own.
      return acknowledged.duplicate && attempt === 0 ? 'duplicate' : 'queued'
    } catch (error) {
      signal.throwIfAborted()
      if (!mayPass(error)) throw refusal(message.subject, error)
      observe.error('publish', error instanceof Error ? error.name : 'unknown')
    } finally {
      observe.request('publish', (performance.now() - started) / 1000)
    }
    await sleep(Math.random() * Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempt), undefined, { signal })
    // Perhaps the stream is gone; when it cannot be made now, the next attempt fails and comes here again.
    await streams.ensure(queue, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** Everything but a plain no: no stream, no leader, no server, no answer. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof JetStreamApiError && error.status === 400) &&
  !(error instanceof Error && error.name === 'InvalidArgumentError')

function refusal(subject: string, cause: unknown): MillraceError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new MillraceError('queue_unfit', `Cannot publish to "${subject}": ${reason}`, { cause })
}
