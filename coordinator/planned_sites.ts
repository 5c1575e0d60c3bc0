// From an inventory to the guarded plan of every site: shared by the sweep and by `millrace plan`, so that a dry run cannot
// say anything else than the next sweep does.
import type { Config } from '../config/schema.ts'
import type { Site } from '../contracts/day.ts'
import type { SitePlan } from '../contracts/plan_record.ts'
import { RECIPE } from '../contracts/recipe.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { Waiting } from '../runtime/object_store/object_store.ts'
import type { Inventory } from './inventory.ts'
import { isWantedSite, makePlans } from './plan.ts'
import type { NumberedPlan, PlanRecords } from './plan_records.ts'
import { guardPlans } from './shrink_guard.ts'

export interface PlannedSite {
  /** What is wanted now. */
  readonly plan: SitePlan
  /** The newest record, which may say something older. */
  readonly latest: NumberedPlan | null
  /** The shrink guard holds days of it. */
  readonly guarded: boolean
}

/** Makes the guarded plans of what an inventory found. */
export async function planInventory(
  inventory: Inventory,
  given: {
    readonly config: Config
    readonly tables: TableSet
    readonly records: PlanRecords
    readonly recipe?: number
  },
  options: Waiting,
): Promise<ReadonlyMap<Site, PlannedSite>> {
  const { config, tables, recipe = RECIPE } = given
  const fresh = makePlans(inventory, config, { recipe, tables })
  const latest = await latestPlans(given, fresh, options)
  const recorded = new Map([...latest].map(([site, { plan }]) => [site, plan]))
  const { plans, tripped } = guardPlans(recorded, fresh, config)
  const sites = [...plans].sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map(
    sites.map(([site, plan]) => [site, { plan, latest: latest.get(site) ?? null, guarded: tripped.has(site) }]),
  )
}

/**
 * Reads the newest plan records of all wanted sites, those of `fresh` plans too: what a sweep goes on with while the source
 * does not answer, and then there are none.
 */
export async function latestPlans(
  given: { readonly config: Config; readonly records: PlanRecords },
  fresh: ReadonlyMap<Site, SitePlan>,
  options: Waiting,
): Promise<ReadonlyMap<Site, NumberedPlan>> {
  const sites = new Set([...(await given.records.sites(options)), ...fresh.keys()])
  const found = new Map<Site, NumberedPlan>()
  for (const site of sites) {
    if (!isWantedSite(site, given.config)) continue
    const latest = await given.records.latest(site, { expected: fresh.get(site), ...options })
    if (latest !== null) found.set(site, latest)
  }
  return found
}
