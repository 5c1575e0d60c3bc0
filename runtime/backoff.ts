// Waiting before another try. Without jitter and a cap, a thousand workers would knock on a recovering store in step.
import { setTimeout as wait } from 'node:timers/promises'
import { MillraceError } from '../contracts/errors.ts'

export interface Backoff {
  /** Upper bound of the first delay. */
  readonly base_ms: number
  /** Upper bound of every delay. */
  readonly cap_ms: number
}

/** Draws the delay before retry number `retry` (1 is the first): full jitter below a bound that doubles up to the cap. */
export function delayMs(retry: number, backoff: Backoff, random: () => number = Math.random): number {
  const bound_ms = Math.min(backoff.cap_ms, backoff.base_ms * 2 ** Math.min(retry - 1, 50))
  return Math.floor(random() * bound_ms)
}

/** Sleeps; an abort ends the sleep at once with a MillraceError `aborted`. */
export async function sleep(ms: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch (error) {
    throw new MillraceError('aborted', 'Cannot wait any longer: told to stop', { cause: error })
  }
}
