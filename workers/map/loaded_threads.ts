// A thread that is ended while its program is still being loaded can take the whole process with it: native modules do not
// expect that (seen with Node 24.21 and DuckDB's). So threads count themselves once they are loaded, and a pool waits for that.

/** A count in shared memory; each thread makes one over the same buffer. */
export class LoadedThreads {
  readonly buffer: SharedArrayBuffer
  readonly #count: Int32Array

  constructor(buffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer
    this.#count = new Int32Array(buffer)
  }

  /** Counts the thread that calls it. */
  add(): void {
    Atomics.add(this.#count, 0, 1)
    Atomics.notify(this.#count, 0)
  }

  /** Waits until so many threads were loaded, or for `ms_max`. */
  async reach(threads: number, ms_max: number): Promise<void> {
    const end_ms = performance.now() + ms_max
    for (;;) {
      const count = Atomics.load(this.#count, 0)
      const left_ms = end_ms - performance.now()
      if (count >= threads || left_ms <= 0) return
      await Atomics.waitAsync(this.#count, 0, count, left_ms).value
    }
  }
}
