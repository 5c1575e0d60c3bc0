// What a worker has in hand and has done so far, in the words of the progress display. It decides nothing.
import type { MapJob } from '../../contracts/job.ts'
import type { Outcome } from '../../contracts/outcome.ts'
import type { Progress } from '../../contracts/progress.ts'
import { SharedProgress } from './shared_progress.ts'

/** One thread's place: the job in it, and the memory in which the thread tells how far it is. */
export interface Slot {
  readonly progress: SharedProgress
  job: MapJob | null
}

type Totals = Pick<Progress, 'days_done' | 'days_failed' | 'raw_bytes' | 'encrypted_bytes' | 'events'>

export class WorkerTally {
  readonly slots: readonly Slot[]
  readonly #process_id: string
  #ended: Totals = { days_done: 0, days_failed: 0, raw_bytes: 0, encrypted_bytes: 0, events: 0 }

  constructor(process_id: string, slots: number) {
    this.#process_id = process_id
    this.slots = Array.from({ length: slots }, () => ({ progress: new SharedProgress(), job: null }))
  }

  begin(slot: Slot, job: MapJob): void {
    slot.progress.reset()
    slot.job = job
  }

  /** Keeps what the job went through, even when it failed: the bytes were worked on. */
  end(slot: Slot, outcome: Outcome): void {
    const counts = slot.progress.read()
    const was = this.#ended
    this.#ended = {
      days_done: was.days_done + (outcome.kind === 'done' ? 1 : 0),
      days_failed: was.days_failed + (outcome.kind === 'quarantine' ? 1 : 0),
      raw_bytes: was.raw_bytes + counts.raw_bytes,
      encrypted_bytes: was.encrypted_bytes + counts.encrypted_bytes,
      events: was.events + counts.events,
    }
    slot.progress.reset()
    slot.job = null
  }

  snapshot(): Progress {
    const totals = { ...this.#ended }
    const running: Progress['running'] = []
    for (const { job, progress } of this.slots) {
      if (job === null) continue
      const { raw_bytes, encrypted_bytes, events } = progress.read()
      running.push({ site: job.log_file.day.site, date: job.log_file.day.date, raw_bytes, events })
      totals.raw_bytes += raw_bytes
      totals.encrypted_bytes += encrypted_bytes
      totals.events += events
    }
    return { role: 'worker', process_id: this.#process_id, slots: this.slots.length, running, ...totals, merging: null }
  }
}
