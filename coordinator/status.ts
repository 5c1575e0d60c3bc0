// What the coordinator tells of itself: for the progress display, for readiness, and for whoever waits until all is done.
import type { Site } from '../contracts/day.ts'
import type { ErrorCode } from '../contracts/errors.ts'
import type { Progress } from '../contracts/progress.ts'
import type { Inventory } from './inventory.ts'
import type { SiteSurvey } from './survey.ts'
import type { MergeNeed } from './world.ts'

/** Something that fails and is tried again. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable: boolean
  /** Sweeps in a row that it spoilt. */
  readonly sweeps: number
}

export interface SiteStatus {
  readonly site: Site
  readonly survey: SiteSurvey
  readonly plan_number: number
  /** Number of the site's head; null before the first merge. */
  readonly head_number: number | null
  /** Days that the shrink guard keeps. */
  readonly held: number
  readonly merge: MergeNeed | 'outstanding'
}

export interface CoordinatorStatus {
  /** Sweeps that went well. */
  readonly sweeps: number
  /**
   * As of the last sweep every wanted day is merged or quarantined, every head has reached its plan, the catalogue tells
   * of all that, and the queue holds no merge.
   */
  readonly settled: boolean
  readonly connected: boolean
  /** The source cannot be listed; work goes on by the recorded plans. */
  readonly source_problem: Problem | null
  /** The last sweep failed altogether: results or queue do not answer. */
  readonly problem: Problem | null
  /** Map jobs in the queue, and how many there may be. */
  readonly outstanding: number
  readonly window: number
  readonly inventory: Inventory | null
  readonly sites: readonly SiteStatus[]
  /** Workers and reducers that were heard lately. */
  readonly processes: readonly Progress[]
}
