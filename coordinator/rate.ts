// How fast days are computed, from receipts of days that were: the only figures that fit this machine, these files and
// this set of tables.
import type { Site } from '../contracts/day.ts'
import { CalendarDate } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { Fingerprint } from '../contracts/fingerprint.ts'
import { Receipt } from '../contracts/receipt.ts'
import { receiptKey } from '../contracts/store_layout.ts'
import type { ObjectStore, Waiting } from '../runtime/object_store/object_store.ts'
import { readRecord } from '../runtime/object_store/records.ts'
import type { FingerprintsByDate } from './survey.ts'

/** Receipts that are read for it. */
const SAMPLES_MAX = 8

/** Measures the stored bytes per second of one thread over the newest days of a site; null without a receipt. */
export async function measureRate(
  store: ObjectStore,
  site: Site,
  receipts: FingerprintsByDate,
  options: Waiting,
): Promise<number | null> {
  const newest = [...receipts].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, SAMPLES_MAX)
  let bytes = 0
  let seconds = 0
  for (const [date, fingerprints] of newest)
    for (const fingerprint of [...fingerprints].slice(0, 1)) {
      const key = receiptKey(site, CalendarDate.parse(date), Fingerprint.parse(fingerprint))
      const receipt = await readOrNull(store, key, options)
      bytes += receipt?.bytes.encrypted ?? 0
      seconds += receipt?.seconds ?? 0
    }
  return bytes > 0 && seconds > 0 ? bytes / seconds : null
}

/** An estimate must not fail because one receipt is gone or damaged. */
async function readOrNull(store: ObjectStore, key: string, options: Waiting): Promise<Receipt | null> {
  try {
    return await readRecord(store, key, Receipt, options)
  } catch (error) {
    if (error instanceof MillraceError && (error.code === 'object_missing' || error.code === 'object_corrupt'))
      return null
    throw error
  }
}
