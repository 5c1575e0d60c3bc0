// One round of the coordinator: what is in the queue, what is in the source, what is wanted, what is done; then what no
// plan names any more is dropped, and the next jobs are sent. Doing it twice, or in two processes at once, is harmless.
import type { Config } from '../config/schema.ts'
import type { Site } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { RECIPE } from '../contracts/recipe.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { Bus, BusOptions } from '../runtime/bus/bus.ts'
import type { Log } from '../runtime/log.ts'
import type { ObjectStore } from '../runtime/object_store/object_store.ts'
import { Backlog } from './backlog.ts'
import type { CatalogWatch } from './catalog_watch.ts'
import { chooseDays, windowOf } from './dispatch.ts'
import { type Inventory, takeInventory } from './inventory.ts'
import type { JobBoard } from './job_board.ts'
import { rulesOf } from './plan.ts'
import type { NumberedPlan, PlanRecords } from './plan_records.ts'
import { latestPlans, planInventory } from './planned_sites.ts'
import { measureRate } from './rate.ts'
import { readFormerPlans, readHead, readSiteRecords } from './site_records.ts'
import { waitingDays } from './survey.ts'
import { slotsOf, type WorkersSeen } from './workers_seen.ts'
import { applyHint, mergeNeed, type SiteWorld, surveyWorld, unsentDays, type World } from './world.ts'

/** What a sweep works with. */
export interface Workplace {
  readonly config: Config
  readonly tables: TableSet
  readonly source: ObjectStore
  readonly results: ObjectStore
  readonly bus: Bus
  readonly log: Log
  readonly records: PlanRecords
  readonly board: JobBoard
  readonly workers: WorkersSeen
  readonly world: World
  readonly catalog: CatalogWatch
  readonly recipe?: number
  /** Hears of every job that was published. */
  readonly sent: (site: Site, jobs: number) => void
}

/** What a look at source and results found. */
export interface Findings {
  readonly inventory: Inventory | null
  readonly sites: ReadonlyMap<Site, SiteWorld>
  /** Why the source could not be listed; the recorded plans stand in then. */
  readonly source_problem: MillraceError | null
}

/** Reads source and results anew and records changed plans. Call `board.refresh` before. */
export async function findOut(place: Workplace, options: BusOptions): Promise<Findings> {
  const { inventory, plans, source_problem } = await currentPlans(place, options)
  const sites = new Map<Site, SiteWorld>()
  for (const [site, { plan, number, guarded, latest }] of plans) {
    const known = place.world.sites.get(site)?.head ?? null
    const found = await readSiteRecords(place.results, site, { known, ...options })
    const given = { head: found.head, latest, current: plan }
    const former = await readFormerPlans(place.records, site, given, options)
    const thread_bytes_per_second = await measureRate(place.results, site, found.receipts, options)
    const base = { site, plan, plan_number: number, guarded, ...found, ...former, thread_bytes_per_second }
    const survey = surveyWorld(base, { ...place, present: [] })
    sites.set(site, { ...base, backlog: new Backlog(waitingDays(survey, place.config.order)) })
  }
  await place.catalog.refresh(place.results, options)
  return { inventory, sites, source_problem }
}

interface CurrentPlan extends NumberedPlan {
  readonly guarded: boolean
  /** The newest record before this sweep. */
  readonly latest: NumberedPlan | null
}

async function currentPlans(
  place: Workplace,
  options: BusOptions,
): Promise<Omit<Findings, 'sites'> & { readonly plans: ReadonlyMap<Site, CurrentPlan> }> {
  const plans = new Map<Site, CurrentPlan>()
  const inventory = await listSource(place, options)
  if (inventory instanceof MillraceError) {
    for (const [site, latest] of await latestPlans(place, new Map(), options))
      plans.set(site, { ...latest, guarded: latest.plan.held.length > 0, latest })
    return { inventory: null, plans, source_problem: inventory }
  }
  for (const [site, { plan, latest, guarded }] of await planInventory(inventory, place, options)) {
    if (guarded) place.log.error('shrink_guard_tripped', { site, held: plan.held.length, code: 'shrink_guard' })
    const recorded = await place.records.record(plan, options)
    if (recorded.number !== latest?.number)
      place.log.info('plan_changed', { site, number: recorded.number, days: plan.days.length })
    plans.set(site, { ...recorded, guarded, latest })
  }
  return { inventory, plans, source_problem: null }
}

/** A source that is away or refuses must not stop what is planned already. */
async function listSource(place: Workplace, options: BusOptions): Promise<Inventory | MillraceError> {
  try {
    return await takeInventory(place.source, { organisation: place.config.organisation, ...options })
  } catch (error) {
    if (error instanceof MillraceError && error.code !== 'aborted') return error
    throw error
  }
}

/** Takes over what was found, with the hints that came meanwhile, and drops jobs that no plan names. */
export async function takeOver(place: Workplace, findings: Findings, options: BusOptions): Promise<void> {
  for (const site of findings.sites.values()) for (const hint of place.board.hints) applyHint(site, hint)
  place.world.sites = findings.sites
  place.world.inventory = findings.inventory ?? place.world.inventory
  const planned = new Set<string>()
  for (const { plan } of findings.sites.values()) for (const day of plan.days) planned.add(day.fingerprint)
  const dropped = await place.board.dropUnplanned(planned, options)
  if (dropped > 0) place.log.info('jobs_dropped', { jobs: dropped })
  const done = new Set<string>()
  for (const { receipts } of findings.sites.values())
    for (const fingerprints of receipts.values()) for (const fingerprint of fingerprints) done.add(fingerprint)
  place.board.forget((fingerprint) => done.has(fingerprint))
}

/** Publishes the next map jobs, as many as the window has room for. */
export async function sendDays(place: Workplace, now_ms: number, options: BusOptions): Promise<void> {
  const { board, world, config, tables, recipe = RECIPE } = place
  const sites = [...world.sites.values()]
  const window = windowOf(slotsOf(place.workers.present(now_ms)))
  const queues = sites.map((site) => ({
    site: site.site,
    waiting: unsentDays(site, board, window),
    outstanding: board.countOf(site.site),
  }))
  const days = chooseDays(queues, window)
  await board.send(days, { recipe, rules: rulesOf(config, tables) }, options)
  for (const { site } of sites) {
    const sent = days.filter((day) => day.log_file.day.site === site).length
    if (sent === 0) continue
    place.sent(site, sent)
    place.log.debug('days_dispatched', { site, days: sent })
  }
}

/** Publishes the merge jobs that are due. */
export async function sendMerges(place: Workplace, sites: Iterable<SiteWorld>, options: BusOptions): Promise<void> {
  for (const site of sites) {
    if (place.board.hasMerge(site.site)) continue
    const survey = surveyWorld(site, { ...place, present: [] })
    if (mergeNeed(site, survey, place) !== 'due') continue
    const { declarations } = place.tables
    const { plan_number } = site
    await place.board.sendMerge({ kind: 'merge', site: site.site, plan_number, declarations }, options)
    place.log.debug('merge_dispatched', { site: site.site, plan_number: site.plan_number })
  }
}

/** Reads the head of a site again after a merge; tells whether there is a new one. */
export async function refreshHead(place: Workplace, site: SiteWorld, options: BusOptions): Promise<boolean> {
  const head = await readHead(place.results, site.site, { known: site.head, ...options })
  if (head === site.head || head === null) return false
  const latest = { number: site.plan_number, plan: site.plan }
  const former = await readFormerPlans(place.records, site.site, { head, latest, current: site.plan }, options)
  const sites = new Map(place.world.sites)
  sites.set(site.site, { ...site, head, ...former })
  place.world.sites = sites
  return true
}
