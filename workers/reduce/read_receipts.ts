// Receipts tell which courses a day touched and which parts hold its rows. One that is missing or damaged must not stop
// the others: its day is left out, and the next sweep computes it again.

import type { CalendarDate, Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { Receipt } from '../../contracts/receipt.ts'
import { receiptKey } from '../../contracts/store_layout.ts'
import type { Log } from '../../runtime/log.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { forEachBounded } from './bounded.ts'
import type { Days } from './pending.ts'

/** Requests for receipts and parts at one time. */
export const REQUESTS_MAX = 16

/** Reads the receipts of some days, by date; a day whose receipt cannot be used is not among them. */
export async function readReceipts(
  store: ObjectStore,
  site: Site,
  days: Days,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Receipt>> {
  const receipts = new Map<string, Receipt>()
  await forEachBounded(days, REQUESTS_MAX, async ([date, fingerprint]) => {
    // Dates come from receipt keys and heads, both written from planned days.
    const key = receiptKey(site, date as CalendarDate, fingerprint)
    try {
      receipts.set(date, await readRecord(store, key, Receipt, { signal }))
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error
      if (error.code === 'object_missing') return log.warn('receipt_missing', { site, date, fingerprint })
      if (error.code !== 'object_corrupt') throw error
      log.error('receipt_corrupt', { site, date, fingerprint, error })
      await store.remove(key, { signal })
    }
  })
  return receipts
}
