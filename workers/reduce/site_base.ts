// What a merge starts from: the newest plan, the newest head and the receipts of a site. A merge ends with creating the
// next head; if that number is taken, all of this is read again.
import type { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { SiteHead } from '../../contracts/head.ts'
import { SitePlan } from '../../contracts/plan_record.ts'
import { planKey, planPrefix, receiptPrefix, siteHeadKey, siteHeadPrefix } from '../../contracts/store_layout.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../../runtime/object_store/records.ts'
import { receiptNames } from './pending.ts'

interface Waiting {
  readonly signal: AbortSignal
}

export interface NumberedPlan {
  readonly number: number
  readonly plan: SitePlan
}

/** Reads the newest plan of a site; null before the first sweep. */
export async function newestPlan(store: ObjectStore, site: Site, { signal }: Waiting): Promise<NumberedPlan | null> {
  const number = await latestNumber(store, planPrefix(site), { signal })
  if (number === null) return null
  return { number, plan: await readRecord(store, planKey(site, number), SitePlan, { signal }) }
}

/** Reads the newest head of a site; null before the first merge. */
export async function newestSiteHead(store: ObjectStore, site: Site, { signal }: Waiting): Promise<SiteHead | null> {
  const number = await latestNumber(store, siteHeadPrefix(site), { signal })
  return number === null ? null : await readRecord(store, siteHeadKey(site, number), SiteHead, { signal })
}

/** Lists which results of a site have a receipt. */
export async function listReceipts(store: ObjectStore, site: Site, { signal }: Waiting): Promise<ReadonlySet<string>> {
  const keys: string[] = []
  for await (const { key } of store.list(receiptPrefix(site), { signal })) keys.push(key)
  return receiptNames(keys)
}

/** Reads the plan that a head was made for; null when it is gone. */
export async function planReached(store: ObjectStore, head: SiteHead, { signal }: Waiting): Promise<SitePlan | null> {
  try {
    return await readRecord(store, planKey(head.site, head.plan_number), SitePlan, { signal })
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object_missing') return null
    throw error
  }
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
