// `millrace retry`: takes quarantine records away, so that the next sweep finds their days wanted again.
import type { Site } from '../contracts/day.ts'
import { Quarantine, type QuarantineClass } from '../contracts/quarantine.ts'
import { dayOfKey, quarantinePrefix, quarantineRoot } from '../contracts/store_layout.ts'
import type { ObjectStore, Waiting } from '../runtime/object_store/object_store.ts'
import { readRecord } from '../runtime/object_store/records.ts'
import { sitesUnder } from './plan_records.ts'

/** Which quarantined days are meant; what is left out does not limit. */
export interface QuarantineFilter {
  readonly classes?: readonly QuarantineClass[]
  readonly sites?: readonly Site[]
  readonly from?: string
  readonly to?: string
}

/** Lists the quarantine records that a filter means, oldest day first in each site. */
export async function listQuarantined(
  results: ObjectStore,
  filter: QuarantineFilter,
  options: Waiting,
): Promise<readonly Quarantine[]> {
  const found: Quarantine[] = []
  for await (const [, record] of quarantined(results, filter, options)) found.push(record)
  return found
}

/** Removes the quarantine records that a filter means, and tells which they were. */
export async function releaseQuarantined(
  results: ObjectStore,
  filter: QuarantineFilter,
  options: Waiting,
): Promise<readonly Quarantine[]> {
  const released: Quarantine[] = []
  for await (const [key, record] of quarantined(results, filter, options)) {
    await results.remove(key, options)
    released.push(record)
  }
  return released
}

async function* quarantined(
  results: ObjectStore,
  filter: QuarantineFilter,
  options: Waiting,
): AsyncGenerator<readonly [key: string, record: Quarantine]> {
  for (const site of filter.sites ?? (await sitesUnder(results, quarantineRoot, options))) {
    const keys: string[] = []
    for await (const key of results.keys(quarantinePrefix(site), options)) {
      const date = dayOfKey(key)?.date
      if (date !== undefined && date >= (filter.from ?? '') && date <= (filter.to ?? '9999')) keys.push(key)
    }
    for (const key of keys) {
      const record = await readRecord(results, key, Quarantine, options)
      if (filter.classes?.includes(record.class) ?? true) yield [key, record]
    }
  }
}
