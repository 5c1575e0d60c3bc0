// What a catalogue was made from. Reducer and coordinator both spell it here, so that the one publishes a new catalogue
// exactly when the other finds the present one behind, and neither waits for the other for ever.
import { createHash } from 'node:crypto'
import { CATALOG_DECLARATIONS } from './catalog_tables.ts'
import type { CatalogHead, CatalogSource } from './head.ts'

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)

/** Tells what the catalogue says of a site is made from. */
export const catalogSourceOf = (given: {
  /** Number of the newest site head; null before the first. */
  readonly head_number: number | null
  readonly plan_number: number
  /** Its quarantine records as `date/fingerprint`, in any order. */
  readonly quarantined: Iterable<string>
}): CatalogSource => ({
  head: given.head_number ?? 0,
  plan: given.plan_number,
  quarantines: digest([...new Set(given.quarantined)].sort()),
})

/** Names what decides the catalogue beside its sites: its declarations, and which organisations are one's own. */
export const catalogBasis = (organisations: readonly string[]): string =>
  digest([CATALOG_DECLARATIONS, [...new Set(organisations)].sort()])

/**
 * Tells whether a catalogue says something older of a site than `source`. One that was made from a later head or plan
 * than the caller knows is not behind: it is the caller who is.
 */
export function isCatalogBehind(
  catalog: Pick<CatalogHead, 'basis' | 'sites'> | null,
  given: { readonly site: string; readonly source: CatalogSource; readonly basis: string },
): boolean {
  const found = catalog?.sites[given.site]
  if (catalog === null || found === undefined || catalog.basis !== given.basis) return true
  const { head, plan, quarantines } = given.source
  return found.head < head || found.plan < plan || found.quarantines !== quarantines
}
