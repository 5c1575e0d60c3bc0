// All that the coordinator knows, in memory. Every sweep reads it anew from source and results; between sweeps hints move
// it forward, so that days and merges follow each other without a pause. Losing it costs one sweep.
import type { Config } from '../config/schema.ts'
import type { Site } from '../contracts/day.ts'
import type { SiteHead } from '../contracts/head.ts'
import type { PlannedDay, SitePlan } from '../contracts/plan_record.ts'
import type { Ended, Progress } from '../contracts/progress.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { Backlog } from './backlog.ts'
import type { CatalogWatch } from './catalog_watch.ts'
import { isMergeDue } from './dispatch.ts'
import type { Inventory } from './inventory.ts'
import type { JobBoard } from './job_board.ts'
import { addTo, type Fingerprints, type FormerPlans } from './site_records.ts'
import { needsMerge, type SiteSurvey, surveySite } from './survey.ts'
import { runningDates, slotsOf } from './workers_seen.ts'

export interface SiteWorld extends FormerPlans {
  readonly site: Site
  readonly plan: SitePlan
  readonly plan_number: number
  readonly guarded: boolean
  readonly receipts: Fingerprints
  readonly quarantines: Fingerprints
  readonly head: SiteHead | null
  /** Days without a result when the records were listed. */
  readonly backlog: Backlog
  /** Stored bytes per second of one thread, from its newest receipts. */
  readonly thread_bytes_per_second: number | null
}

export interface World {
  /** Null until the source was listed once. */
  inventory: Inventory | null
  sites: ReadonlyMap<Site, SiteWorld>
}

/** Moves a site forward by a hint. */
export function applyHint(site: SiteWorld, hint: Ended): void {
  if (hint.kind !== 'map' || hint.site !== site.site || hint.result === 'retry') return
  addTo(hint.result === 'done' ? site.receipts : site.quarantines, hint.date, hint.fingerprint)
}

/** Surveys a site as it is known now. */
export function surveyWorld(
  site: Omit<SiteWorld, 'backlog'>,
  given: {
    readonly config: Pick<Config, 'reprocess'>
    readonly board: JobBoard
    readonly present: readonly Progress[]
  },
): SiteSurvey {
  const slots = slotsOf(given.present)
  const rate = site.thread_bytes_per_second
  return surveySite({
    ...site,
    reprocess: given.config.reprocess,
    outstanding: given.board.outstanding,
    running: runningDates(given.present, site.site),
    bytes_per_second: rate === null || slots === 0 ? null : rate * slots,
  })
}

/** Gives the next days of a site that have neither a result nor a job, `count` at most, in the order of dispatch. */
export const unsentDays = (site: SiteWorld, board: JobBoard, count: number): readonly PlannedDay[] =>
  site.backlog.next(count, ({ fingerprint, log_file: { day } }) => {
    const names = (records: Fingerprints): boolean => records.get(day.date)?.has(fingerprint) ?? false
    return names(site.receipts) || names(site.quarantines) || board.has(fingerprint)
  })

/** `reached`: head and catalogue have all that is done; `needed`: one has not; `due`: and it is time to send a job. */
export type MergeNeed = 'reached' | 'needed' | 'due'

/** Tells how a site's head, and the catalogue of it, stand to what is done. */
export function mergeNeed(
  site: SiteWorld,
  survey: SiteSurvey,
  { tables, catalog }: { readonly tables: TableSet; readonly catalog: CatalogWatch },
): MergeNeed {
  const needed = needsMerge(survey, { ...site, declarations: tables.declarations }) || catalog.wantsMerge(site)
  const { wanted, days } = survey.totals
  if (!needed) return 'reached'
  return isMergeDue({ needed, wanted, done: days.done, merged: days.merged }) ? 'due' : 'needed'
}
