// Picks out of what was measured the rates that a prediction reckons with, so that it never stands on a figure that nobody
// saw in the same run.
import type { Laps } from './laps.ts'
import type { Rates } from './prediction.ts'
import type { SectionResult } from './section.ts'
import { spreadOf } from './spread.ts'

/** Names of the figures of other sections that a prediction reads. */
export const COORDINATOR_FIGURE = 'empty jobs: CPU time of a job, coordinator'
export const MERGE_FIGURE = 'CPU time of a day in a full rebuild'

/** Gives the rates; null when the measured day was not run over. */
export function ratesOf(laps: Laps, sections: readonly SectionResult[]): Rates | null {
  const [day] = laps.days
  const [worker] = laps.worker
  if (day === undefined || worker === undefined) return null
  const figure = (name: string): number | null =>
    sections.flatMap(({ figures }) => figures).find((each) => each.name === name)?.spread.median ?? null
  const seconds = (cpu_ms: number | null): number | null => (cpu_ms === null ? null : cpu_ms / 1000)
  return {
    map_cpu_seconds_per_byte: spreadOf(laps.worker.map((run) => run.cpu_seconds / run.raw_bytes)).median,
    expansion: day.raw_bytes / day.encrypted_bytes,
    day_bytes: day.raw_bytes,
    parts_per_day: worker.parts,
    part_bytes_per_day: worker.part_bytes,
    coordinator_cpu_seconds_per_job: seconds(figure(COORDINATOR_FIGURE)),
    merge_cpu_seconds_per_day: seconds(figure(MERGE_FIGURE)),
  }
}
