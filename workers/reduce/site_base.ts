// What a merge starts from: the newest plan, the newest head and the receipts of a site. A merge ends with creating the
// next head; if that number is taken, all of this is read again.
import type { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { SiteHead } from '../../contracts/head.ts'
import { SitePlan } from '../../contracts/plan_record.ts'
import { planKey, planPrefix, receiptPrefix, siteHeadKey, siteHeadPrefix } from '../../contracts/store_layout.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../../runtime/object_store/records.ts'
import { type Days, receiptNames } from './pending.ts'

interface Waiting {
  readonly signal: AbortSignal
}

export interface NumberedPlan {
  readonly number: number
  readonly plan: SitePlan
}

/** Days whose receipts are asked for one by one; for more, all receipts of the site are listed. */
const SINGLE_DAYS_MAX = 64

/** Reads the newest plan of a site; null before the first sweep. `known` is one read before, which need not be read again. */
export async function newestPlan(
  store: ObjectStore,
  site: Site,
  { known = null, signal }: Waiting & { readonly known?: NumberedPlan | null },
): Promise<NumberedPlan | null> {
  const number = await latestNumber(store, planPrefix(site), { after: known?.number ?? 0, signal })
  if (number === null || number === known?.number) return known
  return { number, plan: await readRecord(store, planKey(site, number), SitePlan, { signal }) }
}

/** Reads the newest head of a site; null before the first merge. `known` is one read before, as with `newestPlan`. */
export async function newestSiteHead(
  store: ObjectStore,
  site: Site,
  { known = null, signal }: Waiting & { readonly known?: SiteHead | null },
): Promise<SiteHead | null> {
  const number = await latestNumber(store, siteHeadPrefix(site), { after: known?.number ?? 0, signal })
  if (number === null || number === known?.number) return known
  return await readRecord(store, siteHeadKey(site, number), SiteHead, { signal })
}

/**
 * Lists which planned results have a receipt, as `date/fingerprint`, as far as they are not served yet: for what is served
 * nobody asks, so a site of ten years with one new day costs one short listing.
 */
export async function listReceipts(
  store: ObjectStore,
  given: { readonly plan: SitePlan; readonly served: Days },
  { signal }: Waiting,
): Promise<ReadonlySet<string>> {
  const { site, days } = given.plan
  const dates = days.filter((day) => given.served.get(day.log_file.day.date) !== day.fingerprint)
  const prefixes =
    dates.length > SINGLE_DAYS_MAX
      ? [receiptPrefix(site)]
      : dates.map((day) => `${receiptPrefix(site)}${day.log_file.day.date}-`)
  const keys: string[] = []
  for (const prefix of prefixes) for await (const { key } of store.list(prefix, { signal })) keys.push(key)
  return receiptNames(keys)
}

/** Throws merge_conflict unless `head` is still the newest of its site. */
export async function assertNewest(
  store: ObjectStore,
  site: Site,
  head: SiteHead | null,
  { signal }: Waiting,
): Promise<void> {
  const number = head?.number ?? 0
  const latest = (await latestNumber(store, siteHeadPrefix(site), { after: number, signal })) ?? 0
  if (latest !== number)
    throw new MillraceError('merge_conflict', `Cannot go on merging "${site}": another reducer has brought it further`)
}
