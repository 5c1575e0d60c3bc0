// Messages that nobody stores: questions with one answer, and broadcasts. What they carry is a help, never a fact, except
// for session keys, which must not be stored.
import type { Msg } from '@nats-io/transport-node'
import { MillraceError } from '../../contracts/errors.ts'
import { abortable } from './abortable.ts'
import type { BusObserver, BusOptions } from './bus.ts'
import type { Link } from './link.ts'

/** Of several processes that answer a subject, one gets each question. */
const ANSWERERS = 'answerers'

export async function ask(
  link: Link,
  subject: string,
  body: unknown,
  { timeout_ms, signal }: BusOptions & { readonly timeout_ms: number },
): Promise<unknown> {
  signal.throwIfAborted()
  try {
    const answer = await abortable(link.nats.request(subject, JSON.stringify(body), { timeout: timeout_ms }), signal)
    return answer.json()
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new MillraceError('queue_unreachable', `Cannot get an answer on "${subject}": ${reasonOf(cause)}`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.name === 'TimeoutError') return 'nobody answered in time'
  return cause.message.startsWith('no responders') ? 'nobody listens there' : cause.message
}

export function answerTo(
  link: Link,
  subject: string,
  handler: (body: unknown) => Promise<unknown>,
  observe: BusObserver,
): AsyncDisposable {
  const underway = new Set<Promise<void>>()
  const answer = async (question: Msg): Promise<void> => {
    try {
      question.respond(JSON.stringify(await handler(question.json())))
    } catch (error) {
      observe.error('answer', error instanceof Error ? error.name : 'unknown')
    }
  }
  const subscription = link.nats.subscribe(subject, {
    queue: ANSWERERS,
    callback: (error, question) => {
      if (error) return observe.error('answer', error.name)
      const answering = answer(question).finally(() => underway.delete(answering))
      underway.add(answering)
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      if (link.connected) await subscription.drain()
      else subscription.unsubscribe()
      await Promise.all(underway)
    },
  }
}

export function tell(link: Link, subject: string, body: unknown, observe: BusObserver): void {
  if (!link.connected) return
  try {
    link.nats.publish(subject, JSON.stringify(body))
  } catch (error) {
    observe.error('broadcast', error instanceof Error ? error.name : 'unknown')
  }
}

export function hear(
  link: Link,
  subject: string,
  handler: (body: unknown) => void,
  observe: BusObserver,
): AsyncDisposable {
  const subscription = link.nats.subscribe(subject, {
    callback: (error, message) => {
      try {
        if (error) throw error
        handler(message.json())
      } catch (cause) {
        observe.error('listen', cause instanceof Error ? cause.name : 'unknown')
      }
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      if (link.connected) await subscription.drain()
      else subscription.unsubscribe()
    },
  }
}
