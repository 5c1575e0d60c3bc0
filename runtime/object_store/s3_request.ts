// One request to S3 with its retries. The client's own retries are off, because they can neither be aborted while they
// wait nor be seen in the metrics.
import { MillraceError } from '../../contracts/errors.ts'
import { type Backoff, delayMs, sleep } from '../backoff.ts'
import type { StoreObserver, StoreOp } from './object_store.ts'
import { observed } from './observed.ts'
import type { Unreachable } from './open_object_store.ts'
import { type S3Failure, s3FailureOf } from './s3_failure.ts'

/** Tries of one request; with the delays between them an outage of some ten seconds is survived. */
export const ATTEMPTS_MAX = 7
export const RETRY_BACKOFF: Backoff = { base_ms: 200, cap_ms: 5_000 }

export interface S3Deed {
  readonly op: StoreOp
  /** What is being done, for the error: `read "s3://bucket/key"`. */
  readonly deed: string
  readonly signal: AbortSignal
}

export type S3Request = <T>(deed: S3Deed, attempt: () => Promise<T>) => Promise<T>

/** Makes the function that does requests: observed, retried, and failing only with the catalogue's errors. */
export function s3Requests(options: {
  readonly unreachable: Unreachable
  readonly observe?: StoreObserver
}): S3Request {
  const { unreachable, observe } = options
  return (deed, attempt) =>
    observed(observe, deed.op, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          deed.signal.throwIfAborted()
          return await attempt()
        } catch (error) {
          if (deed.signal.aborted) throw toldToStop(deed, error)
          if (error instanceof MillraceError) throw error
          const failure = s3FailureOf(error)
          if (failure.kind !== 'again' || tries === ATTEMPTS_MAX) throw finalError(failure, error, deed, unreachable)
          observe?.retry(deed.op, failure.reason)
          await sleep(delayMs(tries, RETRY_BACKOFF), deed).catch((stopped: unknown) => {
            throw toldToStop(deed, stopped)
          })
        }
      }
    })
}

/** Makes the error of a deed that an abort ended. */
export const toldToStop = ({ deed }: { readonly deed: string }, cause: unknown) =>
  new MillraceError('aborted', `Cannot ${deed}: told to stop`, { cause })

function finalError(failure: S3Failure, cause: unknown, { op, deed }: S3Deed, unreachable: Unreachable): unknown {
  switch (failure.kind) {
    case 'missing':
      return op === 'open' || op === 'copy'
        ? new MillraceError('object_missing', `Cannot ${deed}: there is no such object`, { cause })
        : new MillraceError(unreachable, `Cannot ${deed}: the bucket does not exist`, { cause })
    case 'precondition':
      return new MillraceError('object_changed', `Cannot ${deed}: it was replaced by another version`, { cause })
    case 'refused':
      return new MillraceError('store_refused', `Cannot ${deed}: ${failure.why}`, { cause })
    case 'again':
    case 'unreachable':
      return new MillraceError(unreachable, `Cannot ${deed}: ${failure.why}`, { cause })
    case 'foreign':
      return cause
  }
}
