// What a figure was measured on: without it the figure says nothing.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { version } from '@duckdb/node-api'

export interface Machine {
  readonly measured_at: string
  readonly processor: string
  readonly cores: number
  readonly memory_bytes: number
  /** Programs that wanted a core in the minute before: above 0, somebody else was measured too. */
  readonly load_before: number
  readonly node: string
  readonly duckdb: string
}

/** Describes the machine as it is now. */
export const machine = (): Machine => ({
  measured_at: new Date().toISOString(),
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memory_bytes: totalmem(),
  load_before: loadavg()[0] ?? 0,
  node: process.version,
  duckdb: version(),
})
