// One message in a handler's hands. What acknowledges it is kept out of the handler's sight, in a map that settle.ts alone
// looks into: an outcome is the only way to end a job.
import { type Msg, type NatsConnection, nanos } from '@nats-io/transport-node'
import type { Delivery } from './bus.ts'

/** The acknowledgements of JetStream's protocol, sent to a message's reply subject. */
const ACK = '+ACK'
const NAK = '-NAK'
const WORKING = '+WPI'

interface Handle {
  /** Acknowledges and waits for the server to say that it heard. */
  acknowledge(timeout_ms: number): Promise<void>
  giveBack(after_ms: number): void
}
const handles = new WeakMap<Delivery, Handle>()

/** Makes a delivery of a message that a pull brought. */
export function deliveryOf(nats: NatsConnection, message: Msg): Delivery {
  const reply = message.reply ?? ''
  const delivery: Delivery = {
    body: parsed(message),
    subject: message.subject,
    attempts: attemptsOf(reply),
    beat: () => quietly(() => nats.publish(reply, WORKING)),
  }
  handles.set(delivery, {
    acknowledge: async (timeout_ms) => {
      await nats.request(reply, ACK, { timeout: timeout_ms })
    },
    giveBack: (after_ms) => giveBack(nats, message, after_ms),
  })
  return delivery
}

/** For settle.ts alone. */
export function handleOf(delivery: Delivery): Handle {
  const handle = handles.get(delivery)
  if (handle === undefined) throw new TypeError('The delivery did not come from this queue')
  return handle
}

/** Asks the server to deliver a message again, to anybody, after so many milliseconds. */
export function giveBack(nats: NatsConnection, message: Msg, after_ms: number): void {
  const payload = after_ms > 0 ? `${NAK} ${JSON.stringify({ delay: nanos(after_ms) })}` : NAK
  quietly(() => nats.publish(message.reply ?? '', payload))
}

/**
 * Reads the delivery count from a reply subject: `$JS.ACK.STREAM.CONSUMER.COUNT.…` with nine parts, or, from a server
 * that names domain and account too, `$JS.ACK.DOMAIN.ACCOUNT.STREAM.CONSUMER.COUNT.…` with more.
 */
export function attemptsOf(reply: string): number {
  const parts = reply.split('.')
  const count = Number(parts[parts.length === 9 ? 4 : 6])
  return Number.isSafeInteger(count) && count > 0 ? count : 1
}

/** A beat or nak on a closed connection is lost either way; the server delivers the message again. */
function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // See above.
  }
}

function parsed(message: Msg): unknown {
  try {
    return message.json()
  } catch {
    return undefined
  }
}
