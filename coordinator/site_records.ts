// What the results store says about one site: which days have receipts, which are quarantined, and what its head names.
// These listings are the truth that every state is derived from.
import type { Site } from '../contracts/day.ts'
import { SiteHead } from '../contracts/head.ts'
import type { SitePlan } from '../contracts/plan_record.ts'
import { dayOfKey, quarantinePrefix, receiptPrefix, siteHeadKey, siteHeadPrefix } from '../contracts/store_layout.ts'
import type { ObjectStore, Waiting } from '../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../runtime/object_store/records.ts'
import type { NumberedPlan, PlanRecords } from './plan_records.ts'

/** Fingerprints that records of one kind name, by date. */
export type Fingerprints = Map<string, Set<string>>

export interface SiteRecords {
  readonly receipts: Fingerprints
  readonly quarantines: Fingerprints
  readonly head: SiteHead | null
}

/** Lists a site's records; `known` is a head read before, which spares reading it again. */
export async function readSiteRecords(
  store: ObjectStore,
  site: Site,
  options: Waiting & { readonly known?: SiteHead | null },
): Promise<SiteRecords> {
  return {
    receipts: await listFingerprints(store, receiptPrefix(site), options),
    quarantines: await listFingerprints(store, quarantinePrefix(site), options),
    head: await readHead(store, site, options),
  }
}

/** Reads a site's newest head; null when nothing was merged yet. */
export async function readHead(
  store: ObjectStore,
  site: Site,
  options: Waiting & { readonly known?: SiteHead | null },
): Promise<SiteHead | null> {
  const { known = null, signal } = options
  const number = await latestNumber(store, siteHeadPrefix(site), { after: known?.number ?? 0, signal })
  if (number === null || number === known?.number) return known
  return await readRecord(store, siteHeadKey(site, number), SiteHead, { signal })
}

async function listFingerprints(store: ObjectStore, prefix: string, { signal }: Waiting): Promise<Fingerprints> {
  const found: Fingerprints = new Map()
  for await (const key of store.keys(prefix, { signal })) {
    const day = dayOfKey(key)
    if (day !== null) addTo(found, day.date, day.fingerprint)
  }
  return found
}

/** Adds a fingerprint to a date. */
export function addTo(found: Fingerprints, date: string, fingerprint: string): void {
  const of_date = found.get(date)
  if (of_date === undefined) found.set(date, new Set([fingerprint]))
  else of_date.add(fingerprint)
}

export interface FormerPlans {
  /** The plan that the head was made by; null without a head. */
  readonly reached: SitePlan | null
  /** The plan that the present results were made by, as far as can be told: it explains why days are wanted again. */
  readonly previous: SitePlan | null
}

/** Reads the plans that a site's results come from. `latest` is the newest record, which may be the current plan. */
export async function readFormerPlans(
  records: PlanRecords,
  site: Site,
  given: { readonly head: SiteHead | null; readonly latest: NumberedPlan | null; readonly current: SitePlan },
  options: Waiting,
): Promise<FormerPlans> {
  const { head, latest, current } = given
  if (head !== null) {
    const reached = await records.read(site, head.plan_number, options)
    return { reached, previous: reached }
  }
  if (latest === null) return { reached: null, previous: null }
  if (!wantsTheSame(latest.plan, current)) return { reached: null, previous: latest.plan }
  return { reached: null, previous: latest.number > 1 ? await records.read(site, latest.number - 1, options) : null }
}

const wantsTheSame = (a: SitePlan, b: SitePlan): boolean =>
  a.days.length === b.days.length && a.days.every((day, index) => day.fingerprint === b.days[index]?.fingerprint)
