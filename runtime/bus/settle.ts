// The only place that acknowledges. Handlers answer with an outcome; an acknowledgement proves nothing (the server does
// not fence it), so one that gets lost costs a delivery that finds its receipt.
import type { Outcome } from '../../contracts/outcome.ts'
import { abortable } from './abortable.ts'
import type { Delivery } from './bus.ts'
import { handleOf } from './delivery.ts'

const ACK_MS_MAX = 5_000
const ACK_ATTEMPTS = 2

/** Ends a delivery: done and quarantine acknowledge it, retry gives it back for later. Never rejects for the server's sake. */
export async function settle(
  delivery: Delivery,
  outcome: Outcome,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  switch (outcome.kind) {
    case 'done':
    case 'quarantine':
      await acknowledge(delivery, options.signal)
      return
    case 'retry':
      handleOf(delivery).giveBack(Math.round(outcome.after_ms))
      return
  }
}

async function acknowledge(delivery: Delivery, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= ACK_ATTEMPTS; attempt++) {
    try {
      await abortable(handleOf(delivery).acknowledge(ACK_MS_MAX), signal)
      return
    } catch {
      if (signal.aborted) return
    }
  }
}
