// Lets only one piece of work at a time touch the queue: without it a job published while the queue is being read would be
// forgotten and published again.

export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` after everything that was asked for before; its failure is its caller's alone. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

/** A bell that many may ring and one waits for: a ring before the wait counts, several count once. */
export class Bell {
  #rung = false
  #waiting: (() => void) | null = null

  ring(): void {
    this.#rung = true
    this.#waiting?.()
  }

  /** Resolves when the bell was rung, the time is over or the signal aborts; tells whether it was rung. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung && !signal.aborted) await this.#sleep(ms, signal)
    const rung = this.#rung
    this.#rung = false
    return rung
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = (): void => resolve()
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
    this.#waiting = end
    await promise
    this.#waiting = null
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
