// Beats and stalls. The queue hears that a job is alive only while its thread moves, so a wedged thread loses its job to
// another worker; and one that stands still for too long is ended, or its slot would be lost for good.
import { moved, type SharedProgress } from './shared_progress.ts'

/** Beats in one ack_wait. */
const BEATS = 4
/** A thread that stands still for so many ack_waits is taken for wedged. */
const STALL_ACK_WAITS = 5

/** Beats until disposed of; `stalled` is called at most once. */
export function watchJob(options: {
  readonly progress: SharedProgress
  readonly ack_wait_ms: number
  readonly beat: () => void
  readonly stalled: () => void
}): Disposable {
  const { progress, ack_wait_ms } = options
  let last = progress.read()
  let moved_at = performance.now()
  const timer = setInterval(() => {
    const now = progress.read()
    if (moved(last, now)) {
      last = now
      moved_at = performance.now()
      options.beat()
    } else if (performance.now() - moved_at > STALL_ACK_WAITS * ack_wait_ms) {
      clearInterval(timer)
      options.stalled()
    }
  }, ack_wait_ms / BEATS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
