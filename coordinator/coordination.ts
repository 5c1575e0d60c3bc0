// What the coordinator does in a sweep and between sweeps, and what it knows after it. The loops around it are in
// coordinate.ts.
import type { MillraceError } from '../contracts/errors.ts'
import type { Ended } from '../contracts/progress.ts'
import type { BusOptions } from '../runtime/bus/bus.ts'
import { CatalogWatch } from './catalog_watch.ts'
import type { CoordinatorOptions } from './coordinate.ts'
import { DAY_STATES } from './day_state.ts'
import { MERGE_DAYS_MIN, windowOf } from './dispatch.ts'
import { JobBoard } from './job_board.ts'
import { PlanRecords } from './plan_records.ts'
import { QueueAudit } from './queue_audit.ts'
import type { CoordinatorStatus, Problem, SiteStatus } from './status.ts'
import { findOut, refreshHead, sendDays, sendMerges, takeOver, type Workplace } from './sweep.ts'
import { Turns } from './turns.ts'
import { slotsOf, WorkersSeen } from './workers_seen.ts'
import { applyHint, mergeNeed, type SiteWorld, surveyWorld, unsentDays, type World } from './world.ts'

export class Coordination {
  readonly workers = new WorkersSeen()
  readonly #options: CoordinatorOptions
  readonly #world: World = { inventory: null, sites: new Map() }
  readonly #board: JobBoard
  readonly #place: Workplace
  readonly #catalog: CatalogWatch
  readonly #audit: QueueAudit
  readonly #turns = new Turns()
  /** Sites whose merge ended since the last sending. */
  readonly #merged = new Set<string>()
  /** Days that hints said were done since their site was last looked at for a merge. */
  readonly #done_since = new Map<string, number>()
  /** Sites whose last merge left the head as it was: no other is sent before a sweep has looked. */
  readonly #fruitless = new Set<string>()
  #sweeps = 0
  #settled = false
  #source_problem: Problem | null = null
  #problem: Problem | null = null

  constructor(options: CoordinatorOptions) {
    this.#options = options
    this.#board = new JobBoard(options.bus)
    this.#audit = new QueueAudit(options.bus, options.config.queue.ack_wait_s)
    const { organisation, aliases } = options.config
    this.#catalog = new CatalogWatch([organisation, ...aliases])
    this.#place = {
      ...options,
      catalog: this.#catalog,
      records: new PlanRecords(options.results),
      board: this.#board,
      workers: this.workers,
      world: this.#world,
      sent: (site, jobs) => options.metrics.dispatch_total.inc({ site }, jobs),
    }
  }

  get isSettled(): boolean {
    return this.#settled
  }

  /** Takes a hint that a job ended. */
  heard(hint: Ended): void {
    this.#board.ended(hint)
    for (const site of this.#world.sites.values()) applyHint(site, hint)
    if (hint.kind === 'merge') this.#merged.add(hint.site)
    else if (hint.result === 'done') this.#done_since.set(hint.site, (this.#done_since.get(hint.site) ?? 0) + 1)
  }

  /** Keeps a failure for the status. */
  failed(error: MillraceError): void {
    this.#problem = problemOf(error, this.#problem)
    this.#settled = false
  }

  /** Does one round. `settling`: only acknowledgements are awaited; `failed`: the source could not be listed. */
  async sweep(options: BusOptions): Promise<'well' | 'settling' | 'failed'> {
    const { log, metrics } = this.#options
    const started_ms = performance.now()
    await this.#turns.take(() => this.#board.refresh(options))
    const findings = await findOut(this.#place, options)
    await this.#turns.take(async () => {
      await takeOver(this.#place, findings, options)
      this.#fruitless.clear()
      await sendDays(this.#place, performance.now(), options)
      await sendMerges(this.#place, this.#world.sites.values(), options)
      await this.#audit.run({ now_ms: performance.now(), log, metrics }, options)
    })
    this.#problem = null
    const { source_problem } = findings
    this.#source_problem = source_problem === null ? null : problemOf(source_problem, this.#source_problem)
    if (source_problem !== null) log.warn('source_not_listed', { error: source_problem })
    metrics.sweep_duration_seconds.observe((performance.now() - started_ms) / 1000)
    this.#showWorld()
    const reached = source_problem === null && this.#siteStatuses(performance.now()).every(isReached)
    this.#settled = reached && this.#board.merges === 0
    if (source_problem !== null) return 'failed'
    this.#sweeps += 1
    metrics.sweep_last_success_timestamp_seconds.setToCurrentTime()
    return reached && !this.#settled ? 'settling' : 'well'
  }

  /** Sends what there is room for after hints; `sweep` when all seems settled, which only a sweep can confirm. */
  async send(options: BusOptions): Promise<'sent' | 'sweep'> {
    const merged = [...this.#world.sites.values()].filter(({ site }) => this.#merged.delete(site))
    const refreshed = new Set<string>()
    for (const site of merged)
      if (await refreshHead(this.#place, site, options)) refreshed.add(site.site)
      else this.#fruitless.add(site.site)
    const unheeded = merged.length > 0 && (await this.#isCatalogUnheeded(merged, refreshed, options))
    await this.#turns.take(async () => {
      await sendDays(this.#place, performance.now(), options)
      const idle = [...this.#world.sites.values()].filter(
        (site) =>
          (this.#isIdle(site) || this.#mayMergeEarly(site.site)) &&
          !this.#fruitless.has(site.site) &&
          !this.#merged.has(site.site),
      )
      await sendMerges(this.#place, idle, options)
    })
    if (merged.length === 0) return 'sent'
    if (unheeded) return 'sweep'
    return this.#siteStatuses(performance.now()).every(isReached) ? 'sweep' : 'sent'
  }

  status(now_ms: number): CoordinatorStatus {
    const processes = this.workers.present(now_ms)
    return {
      sweeps: this.#sweeps,
      settled: this.#settled,
      connected: this.#options.bus.connected(),
      source_problem: this.#source_problem,
      problem: this.#problem,
      outstanding: this.#board.size,
      window: windowOf(slotsOf(processes)),
      inventory: this.#world.inventory,
      sites: this.#siteStatuses(now_ms),
      processes,
    }
  }

  #siteStatuses(now_ms: number): readonly SiteStatus[] {
    const present = this.workers.present(now_ms)
    return [...this.#world.sites.values()].map((site) => {
      const survey = surveyWorld(site, { config: this.#options.config, board: this.#board, present })
      const need = mergeNeed(site, survey, this.#place)
      return {
        site: site.site,
        survey,
        plan_number: site.plan_number,
        head_number: site.head?.number ?? null,
        held: site.plan.held.length,
        merge: need !== 'reached' && this.#board.hasMerge(site.site) ? 'outstanding' : need,
      }
    })
  }

  /** A survey of twenty years at every hint would be too much: one for each group of days that a merge is worth. */
  #mayMergeEarly(site: string): boolean {
    if ((this.#done_since.get(site) ?? 0) < MERGE_DAYS_MIN) return false
    this.#done_since.delete(site)
    return true
  }

  /** Reads the catalogue again after merges; tells whether one of them left it behind as it was, which a sweep must look at. */
  async #isCatalogUnheeded(
    merged: readonly SiteWorld[],
    refreshed: ReadonlySet<string>,
    options: BusOptions,
  ): Promise<boolean> {
    if (await this.#catalog.refresh(this.#options.results, options)) return false
    let unheeded = false
    for (const { site } of merged) {
      // The world holds its newest form.
      const known = this.#world.sites.get(site)
      if (known === undefined || refreshed.has(site) || !this.#catalog.unheeded(known)) continue
      unheeded = true
      if (this.#catalog.hasGivenUp(known)) this.#options.log.error('catalogue_stays_behind', { site })
    }
    return unheeded
  }

  #isIdle(site: SiteWorld): boolean {
    return this.#board.countOf(site.site) === 0 && unsentDays(site, this.#board, 1).length === 0
  }

  #showWorld(): void {
    const { metrics } = this.#options
    for (const { site, survey } of this.#siteStatuses(performance.now())) {
      for (const state of DAY_STATES) {
        metrics.days.set({ site, state }, survey.totals.days[state])
        metrics.days_bytes.set({ site, state }, survey.totals.bytes[state])
      }
      metrics.shrink_guard_active.set({ site }, this.#world.sites.get(site)?.guarded === true ? 1 : 0)
    }
    for (const [site, dates] of this.#world.inventory?.sites ?? []) {
      const files = [...dates.values()].flatMap((day) => [day.counting ?? [], day.superseded, day.empty].flat())
      metrics.inventory_objects.set({ site }, files.length)
      metrics.inventory_bytes.set(
        { site },
        files.reduce((sum, file) => sum + file.size, 0),
      )
    }
  }
}

const isReached = ({ survey, merge }: SiteStatus): boolean => survey.totals.wanted === 0 && merge === 'reached'

const problemOf = (error: MillraceError, before: Problem | null): Problem => ({
  code: error.code,
  message: error.message,
  retryable: error.retryable,
  sweeps: (before?.sweeps ?? 0) + 1,
})
