// One run of a worker with one thread over the measured day.
import { type BenchDay, DATE, WARM_UP_DATE } from './bench_day.ts'
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

/** Starts a worker, lets it warm up on another day, and measures it on the day. */
export async function runWorkerOn(day: BenchDay): Promise<WorkerRun> {
  return await withWorker({ days: day, threads: 1 }, async (worker) => {
    await worker.work([WARM_UP_DATE])
    const { cpu_seconds, peak_memory_bytes, receipts } = await worker.work([DATE])
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
