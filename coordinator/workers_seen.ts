// Who works, as they tell themselves a few times a second. It sets how many jobs may be outstanding and feeds the display;
// nothing else depends on it, because a broadcast may be lost at any time.
import { Progress } from '../contracts/progress.ts'

/** A process that was silent for so long is taken for gone. */
const SILENT_MS_MAX = 15_000

export class WorkersSeen {
  readonly #seen = new Map<string, { readonly progress: Progress; readonly at_ms: number }>()

  /** Takes a broadcast; what is no progress is not ours. */
  heard(body: unknown, now_ms: number): void {
    const read = Progress.safeParse(body)
    if (read.success) this.#seen.set(read.data.process_id, { progress: read.data, at_ms: now_ms })
  }

  /** Tells what those who were heard lately do. */
  present(now_ms: number): readonly Progress[] {
    for (const [id, { at_ms }] of this.#seen) if (now_ms - at_ms > SILENT_MS_MAX) this.#seen.delete(id)
    return [...this.#seen.values()].map(({ progress }) => progress)
  }
}

/** Counts the slots for map jobs. */
export const slotsOf = (present: readonly Progress[]): number =>
  present.reduce((sum, { role, slots }) => sum + (role === 'worker' ? slots : 0), 0)

/** Collects the dates of a site that workers say they work on. */
export const runningDates = (present: readonly Progress[], site: string): ReadonlySet<string> =>
  new Set(present.flatMap(({ running }) => running.filter((job) => job.site === site).map((job) => job.date)))
