// A thread has no metrics of its own: it notes what its stores do, and the main thread counts it when the job has ended.
import type { StoreObserver } from '../../runtime/object_store/object_store.ts'
import type { StoreTraffic } from './thread_output.ts'

/** Notes the traffic of a thread's stores until it is taken. */
export class TrafficNotes implements StoreObserver {
  #requests: StoreTraffic['requests'] = []
  #retries: StoreTraffic['retries'] = []
  #bytes = { in: 0, out: 0 }

  request(...[op, seconds, result]: Parameters<StoreObserver['request']>): void {
    this.#requests.push({ op, seconds, result })
  }

  bytes(direction: 'in' | 'out', n: number): void {
    this.#bytes[direction] += n
  }

  retry(...[op, reason]: Parameters<StoreObserver['retry']>): void {
    this.#retries.push({ op, reason })
  }

  /** Hands over what was noted since the last time. */
  take(): StoreTraffic {
    const taken = {
      requests: this.#requests,
      retries: this.#retries,
      bytes_in: this.#bytes.in,
      bytes_out: this.#bytes.out,
    }
    this.#requests = []
    this.#retries = []
    this.#bytes = { in: 0, out: 0 }
    return taken
  }
}

/** Tells an observer what a thread noted. */
export function replay(traffic: StoreTraffic, observer: StoreObserver): void {
  for (const { op, seconds, result } of traffic.requests) observer.request(op, seconds, result)
  for (const { op, reason } of traffic.retries) observer.retry(op, reason)
  if (traffic.bytes_in > 0) observer.bytes('in', traffic.bytes_in)
  if (traffic.bytes_out > 0) observer.bytes('out', traffic.bytes_out)
}
