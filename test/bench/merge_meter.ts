// Counts what a merge takes: CPU time of all threads of the process, and what crosses the border of its store.
import type { StoreObserver } from '../../runtime/object_store/object_store.ts'

export interface MergeCost {
  readonly cpu_seconds: number
  readonly bytes_read: number
  readonly bytes_written: number
  readonly objects_read: number
  readonly listings: number
}

/** Counts what the process uses and what crosses the border of the store. */
export class Meter implements StoreObserver {
  #bytes_read = 0
  #bytes_written = 0
  #objects_read = 0
  #listings = 0

  request(op: Parameters<StoreObserver['request']>[0]): void {
    if (op === 'open') this.#objects_read += 1
    if (op === 'list') this.#listings += 1
  }

  bytes(direction: 'in' | 'out', n: number): void {
    if (direction === 'in') this.#bytes_read += n
    else this.#bytes_written += n
  }

  retry(): void {}

  now(): MergeCost {
    const { user, system } = process.cpuUsage()
    return {
      cpu_seconds: (user + system) / 1e6,
      bytes_read: this.#bytes_read,
      bytes_written: this.#bytes_written,
      objects_read: this.#objects_read,
      listings: this.#listings,
    }
  }

  async during(work: () => Promise<void>): Promise<MergeCost> {
    const start = this.now()
    await work()
    return difference(this.now(), start)
  }
}

/** Tells what was used between two moments. */
export const difference = (end: MergeCost, start: MergeCost): MergeCost => ({
  cpu_seconds: end.cpu_seconds - start.cpu_seconds,
  bytes_read: end.bytes_read - start.bytes_read,
  bytes_written: end.bytes_written - start.bytes_written,
  objects_read: end.objects_read - start.objects_read,
  listings: end.listings - start.listings,
})
