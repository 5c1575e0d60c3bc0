// One run of a worker with one thread over the measured day.
import type { BenchDay } from './bench_day.ts'
import { linkedDays } from './linked_days.ts'
import { withWorker } from './measured_worker.ts'

export interface WorkerRun {
  /** From the opening of the object to the receipt. */
  readonly seconds: number
  readonly cpu_seconds: number
  /** The most that the process had resident since its start. */
  readonly peak_memory_bytes: number
  readonly events: number
  readonly raw_bytes: number
  readonly courses: number
  /** Events of which it found the course. */
  readonly events_of_courses: number
  readonly parts: number
  readonly part_bytes: number
  /** Rows of the parts by table. */
  readonly rows: Readonly<Record<string, number>>
  /** Seconds per stage. Stages overlap, so they do not add up. */
  readonly stages: Readonly<Record<string, number>>
}

/** Days before the measured one: a worker runs for hours, and its code is compiled in the first seconds of them. */
const WARM_UP_DAYS = 2

/** Starts a worker, lets it warm up on the same file under other dates, and measures it. */
export async function runWorkerOn(day: BenchDay): Promise<WorkerRun> {
  const days = await linkedDays(day, WARM_UP_DAYS + 1)
  return await withWorker({ days, threads: 1 }, async (worker) => {
    await worker.work(days.dates.slice(0, WARM_UP_DAYS))
    const { cpu_seconds, peak_memory_bytes, receipts } = await worker.work(days.dates.slice(WARM_UP_DAYS))
    const [receipt] = receipts
    if (receipt === undefined) throw new Error('The day has no receipt')
    const rows: Record<string, number> = {}
    for (const part of receipt.parts) rows[part.table] = (rows[part.table] ?? 0) + part.rows
    return {
      seconds: receipt.seconds,
      cpu_seconds,
      peak_memory_bytes,
      events: receipt.ledger.events,
      raw_bytes: receipt.bytes.raw,
      courses: receipt.courses.length,
      events_of_courses: receipt.courses.reduce((sum, course) => sum + course.events, 0),
      part_bytes: receipt.parts.reduce((sum, part) => sum + part.bytes, 0),
      parts: receipt.parts.length,
      rows,
      stages: receipt.stages,
    }
  })
}
