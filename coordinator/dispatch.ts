// Chooses what is sent next, and no more than the workers will soon take: few messages in the queue make a new order of
// days, a pause or another config effective at once, and keep what a broker can lose small.
import type { Site } from '../contracts/day.ts'
import type { PartialRules } from '../contracts/fingerprint.ts'
import type { MapJob } from '../contracts/job.ts'
import type { PlannedDay } from '../contracts/plan_record.ts'

/** Jobs outstanding when few workers are known, so that the first one to appear finds work. */
const WINDOW_MIN = 50
const JOBS_PER_SLOT = 2

/** Tells how many map jobs may be outstanding for the slots that workers told of. */
export const windowOf = (slots: number): number => Math.max(WINDOW_MIN, JOBS_PER_SLOT * slots)

export interface SiteQueue {
  readonly site: Site
  /** Days to send, in order. */
  readonly waiting: readonly PlannedDay[]
  /** Jobs of this site in the queue. */
  readonly outstanding: number
}

/** Chooses the next days: always from the site with the fewest jobs, so that a long backlog never starves another site. */
export function chooseDays(queues: readonly SiteQueue[], window: number): readonly PlannedDay[] {
  const sites = [...queues]
    .sort((a, b) => (a.site < b.site ? -1 : 1))
    .map(({ waiting, outstanding }) => ({ waiting, load: outstanding, next: 0 }))
  let room = window - sites.reduce((sum, site) => sum + site.load, 0)
  const chosen: PlannedDay[] = []
  for (; room > 0; room -= 1) {
    let least: (typeof sites)[number] | undefined
    for (const site of sites)
      if (site.next < site.waiting.length && (least === undefined || site.load < least.load)) least = site
    const day = least?.waiting[least.next]
    if (least === undefined || day === undefined) break
    chosen.push(day)
    least.next += 1
    least.load += 1
  }
  return chosen
}

/** Makes the job of a day. */
export const mapJobOf = (day: PlannedDay, recipe: number, rules: PartialRules): MapJob => ({
  kind: 'map',
  log_file: day.log_file,
  fingerprint: day.fingerprint,
  recipe,
  rules,
})

/** Done days that wait for a merge while days are still computed, above which it does not wait any longer. */
export const MERGE_DAYS_MIN = 64

/**
 * Tells whether a merge is due. It waits for the last day of a site, because merging once is cheapest, unless so many
 * days are done that the databases would fall far behind: a share of what is merged, so that the work stays linear.
 */
export const isMergeDue = (given: {
  readonly needed: boolean
  /** Days of the site still to be computed, queued ones included. */
  readonly wanted: number
  readonly done: number
  readonly merged: number
}): boolean => given.needed && (given.wanted === 0 || given.done >= Math.max(MERGE_DAYS_MIN, given.merged / 2))
