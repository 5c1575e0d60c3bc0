// The client's promises know no AbortSignal. Without this, a process that was told to stop would wait for a server that
// is away.

/** Settles like `promise`, or rejects with the signal's reason as soon as it aborts; a late result is dropped. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
