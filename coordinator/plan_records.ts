// Plan records are numbered and create-only: reducers follow the highest number. A sweep writes one only when something
// changed, and two coordinators that write at once find each other's.
import { isDeepStrictEqual } from 'node:util'
import { Site } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { SitePlan } from '../contracts/plan_record.ts'
import { planKey, planPrefix, planRoot } from '../contracts/store_layout.ts'
import type { ObjectStore, Waiting } from '../runtime/object_store/object_store.ts'
import { latestNumber, putRecord, readRecord } from '../runtime/object_store/records.ts'

export interface NumberedPlan {
  readonly number: number
  readonly plan: SitePlan
}

/** Others may take the next number this many times in a row before a sweep gives up and starts again. */
const ATTEMPTS_MAX = 20

/** Reads and writes the plan records of one results store. A record never changes, so what was read is kept. */
export class PlanRecords {
  readonly #store: ObjectStore
  readonly #latest = new Map<Site, NumberedPlan>()
  /** The few older records that sites were asked for. */
  readonly #older = new Map<string, SitePlan>()

  constructor(store: ObjectStore) {
    this.#store = store
  }

  /** Finds the sites that ever had a plan. */
  async sites(options: Waiting): Promise<readonly Site[]> {
    return await sitesUnder(this.#store, planRoot, options)
  }

  /**
   * Reads the newest record of a site; null when it has none. Most often it says what was just planned (`expected`), and
   * then its thousands of days need not be parsed and compared one by one.
   */
  async latest(
    site: Site,
    options: Waiting & { readonly expected?: SitePlan | undefined },
  ): Promise<NumberedPlan | null> {
    const known = this.#latest.get(site)
    const { signal } = options
    const number = await latestNumber(this.#store, planPrefix(site), { after: known?.number ?? 0, signal })
    if (number === null || number === known?.number) return known ?? null
    const plan = await readRecord(this.#store, planKey(site, number), SitePlan, options)
    const latest = { number, plan }
    this.#latest.set(site, latest)
    return latest
  }

  /** Reads one record of a site. */
  async read(site: Site, number: number, options: Waiting): Promise<SitePlan> {
    const latest = this.#latest.get(site)
    if (latest?.number === number) return latest.plan
    const key = planKey(site, number)
    const found = this.#older.get(key)
    if (found !== undefined) return found
    const plan = await readRecord(this.#store, key, SitePlan, options)
    for (const old of this.#older.keys()) if (old.startsWith(planPrefix(site))) this.#older.delete(old)
    this.#older.set(key, plan)
    return plan
  }

  /** Records a plan unless the newest record says the same; tells the number it has. */
  async record(plan: SitePlan, options: Waiting): Promise<NumberedPlan> {
    for (let attempt = 1; ; attempt += 1) {
      const latest = await this.latest(plan.site, options)
      if (latest !== null && isDeepStrictEqual(latest.plan, plan)) return latest
      const number = (latest?.number ?? 0) + 1
      const put = await putRecord(this.#store, planKey(plan.site, number), plan, { create_only: true, ...options })
      if (put === 'stored') {
        const stored = { number, plan }
        this.#latest.set(plan.site, stored)
        return stored
      }
      // Another coordinator took the number; its plan is compared on the next turn. One with another config would go on
      // for ever, so it is left to the next sweep.
      if (attempt === ATTEMPTS_MAX)
        throw new MillraceError(
          'store_unreachable',
          `Cannot record the plan of "${plan.site}": its number is always taken`,
        )
    }
  }
}

/** Finds the sites under a prefix without listing all of it: from each site found, the listing jumps behind it. */
export async function sitesUnder(store: ObjectStore, root: string, options: Waiting): Promise<readonly Site[]> {
  const sites: Site[] = []
  let start_after = root
  for (;;) {
    const key = await firstKey(store.keys(root, { start_after, ...options }))
    if (key === null) return sites
    const token = key.slice(root.length).split('/')[0] ?? ''
    const site = Site.safeParse(token)
    if (site.success) sites.push(site.data)
    // Behind every `token/…` and before whatever sorts after it.
    start_after = `${root}${token}/\u{10ffff}`
  }
}

async function firstKey(keys: AsyncIterable<string>): Promise<string | null> {
  for await (const key of keys) return key
  return null
}
