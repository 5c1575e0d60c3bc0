// Stopping is soft, then hard: the first request ends the taking of work and lets what is in hand finish, the second
// ends that too. What a process exits with is for the command line to decide.
//
// States: running → stopping (requestStop, SIGINT, SIGTERM) → aborting (a second request, or `stop_ms_max` after the first).
import { MillraceError } from '../contracts/errors.ts'

export interface Stop {
  /** Aborted by the first request: take no more work. */
  readonly soft: AbortSignal
  /** Aborted by the second request, or when the soft stop took too long: let go of everything. */
  readonly hard: AbortSignal
  requestStop(): void
  /** Takes SIGINT and SIGTERM for requests, until disposed. */
  listen(): Disposable
}

/** Makes the two stop signals of a process; without `stop_ms_max` a soft stop may take as long as it takes. */
export function createStop(options: { readonly stop_ms_max?: number } = {}): Stop {
  const soft = new AbortController()
  const hard = new AbortController()
  const abort = () => hard.abort(new MillraceError('aborted', 'Cannot go on: told to stop at once'))
  const requestStop = () => {
    if (soft.signal.aborted) {
      abort()
      return
    }
    if (options.stop_ms_max !== undefined) {
      const timer = setTimeout(abort, options.stop_ms_max).unref()
      hard.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    }
    soft.abort(new MillraceError('aborted', 'Cannot take more work: told to stop'))
  }
  const listen = (): Disposable => {
    process.on('SIGINT', requestStop)
    process.on('SIGTERM', requestStop)
    return {
      [Symbol.dispose]() {
        process.off('SIGINT', requestStop)
        process.off('SIGTERM', requestStop)
      },
    }
  }
  return { soft: soft.signal, hard: hard.signal, requestStop, listen }
}
