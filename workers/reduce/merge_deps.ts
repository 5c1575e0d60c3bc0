// What a merge needs from the process around it; nothing below reaches for a clock, a random number or an environment.
import type { TableSet } from '../../contracts/table_set.ts'
import type { Log } from '../../runtime/log.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'

export interface MergeDeps {
  readonly results: ObjectStore
  readonly tables: TableSet
  /** Own organisation and its aliases, lower case: other courses are marked as foreign in the catalogue. */
  readonly organisations: readonly string[]
  /** Folder for databases under construction; a merge makes a private folder in it. */
  readonly scratch: string
  readonly memory_mb: number
  readonly threads: number
  /** New results that one round takes in. */
  readonly batch_days_max: number
  /** Bytes of their log files together, as far as they are more than one. */
  readonly batch_bytes_max: number
  /** Runs of a site that a merge leaves as they are; with so many of them it makes one of all. */
  readonly runs_max: number
  /** Look at every course of the site, not only at those that changed days, names or an earlier merge touch. */
  readonly check_all: boolean
  readonly log: Log
  readonly metrics: Metrics<'reducer'>
  /** Called whenever something got done, with what happens next in words. */
  readonly progress: (what: string) => void
  readonly signal: AbortSignal
}
