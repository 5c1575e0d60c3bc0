// What `millrace plan` shows: what the next sweep would send, and why, without a queue and without writing anything.
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/schema.ts'
import type { Site } from '../contracts/day.ts'
import type { PlannedDay } from '../contracts/plan_record.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import { CatalogWatch } from './catalog_watch.ts'
import { chooseDays } from './dispatch.ts'
import { type Inventory, takeInventory } from './inventory.ts'
import { PlanRecords } from './plan_records.ts'
import { planInventory } from './planned_sites.ts'
import { measureRate } from './rate.ts'
import { readFormerPlans, readSiteRecords } from './site_records.ts'
import { needsMerge, type SiteSurvey, surveySite, waitingDays } from './survey.ts'

export interface SiteDryRun {
  readonly survey: SiteSurvey
  /** Number that the plan has or would get. */
  readonly plan_number: number
  /** The plan differs from the newest record. */
  readonly changed: boolean
  readonly superseded: number
  /** Days that the shrink guard keeps. */
  readonly held: number
  /** Course databases are behind what is done. */
  readonly merge: boolean
  /** The catalogue is behind the site. */
  readonly catalog: boolean
}

export interface DryRun {
  readonly inventory: Inventory
  readonly sites: ReadonlyMap<Site, SiteDryRun>
  /** All days to compute, in the order in which they are sent. */
  readonly next: readonly PlannedDay[]
  /** There is something to compute, to merge or to list. */
  readonly work: boolean
}

/** Finds out what a run would do. `threads` is what the estimate of time reckons with. */
export async function dryRun(given: {
  readonly config: Config
  readonly tables: TableSet
  readonly source: ObjectStore
  readonly results: ObjectStore
  readonly threads: number
  readonly recipe?: number
  readonly signal: AbortSignal
}): Promise<DryRun> {
  const { config, results, signal } = given
  const records = new PlanRecords(results)
  const inventory = await takeInventory(given.source, { organisation: config.organisation, signal })
  const planned = await planInventory(inventory, { ...given, records }, { signal })
  const catalog = new CatalogWatch([config.organisation, ...config.aliases])
  await catalog.refresh(results, { signal })
  const sites = new Map<Site, SiteDryRun>()
  for (const [site, { plan, latest }] of planned) {
    const found = await readSiteRecords(results, site, { signal })
    const former = await readFormerPlans(records, site, { head: found.head, latest, current: plan }, { signal })
    const rate = await measureRate(results, site, found.receipts, { signal })
    const survey = surveySite({
      ...found,
      plan,
      previous: former.previous,
      reprocess: config.reprocess,
      outstanding: new Set(),
      running: new Set(),
      bytes_per_second: rate === null ? null : rate * given.threads,
    })
    const changed = !isDeepStrictEqual(latest?.plan, plan)
    const plan_number = latest === null ? 1 : latest.number + (changed ? 1 : 0)
    sites.set(site, {
      survey,
      plan_number,
      changed,
      superseded: plan.superseded.length,
      held: plan.held.length,
      merge: needsMerge(survey, { ...found, ...former, plan, declarations: given.tables.declarations }),
      catalog: catalog.isBehind({ ...found, site, plan_number }),
    })
  }
  const queues = [...sites].map(([site, { survey }]) => ({
    site,
    waiting: waitingDays(survey, config.order),
    outstanding: 0,
  }))
  const next = chooseDays(queues, Number.POSITIVE_INFINITY)
  return {
    inventory,
    sites,
    next,
    work: next.length > 0 || [...sites.values()].some((site) => site.merge || site.catalog),
  }
}
