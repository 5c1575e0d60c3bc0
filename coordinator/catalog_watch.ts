// The catalogue names what it was made from; whatever moved since (a head, a plan, a quarantine) leaves it behind, though
// no course needs a merge. This watches for it, so that the list that a data czar looks at first is not the last to tell.
//
// States of a site: current → behind (something moved) → current (a reducer published), or given up: merges ended that
// often and published nothing, because reducers of another release see nothing to do. Any move leads back to behind.
import { catalogBasis, catalogSourceOf, isCatalogBehind } from '../contracts/catalog_source.ts'
import { CatalogHead, type CatalogSource, type SiteHead } from '../contracts/head.ts'
import { catalogHeadKey, catalogHeadPrefix } from '../contracts/store_layout.ts'
import type { ObjectStore, Waiting } from '../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../runtime/object_store/records.ts'
import type { FingerprintsByDate } from './survey.ts'

/** Merges that may leave the catalogue as it was before nobody is asked again. */
const UNHEEDED_MAX = 2

/** What is known of a site that its part of the catalogue is made from. */
export interface CatalogSite {
  readonly site: string
  readonly plan_number: number
  readonly head: Pick<SiteHead, 'number'> | null
  readonly quarantines: FingerprintsByDate
}

export class CatalogWatch {
  readonly #basis: string
  readonly #unheeded = new Map<string, { readonly question: string; times: number }>()
  #head: CatalogHead | null = null

  /** `organisations`: the own one and its aliases. */
  constructor(organisations: readonly string[]) {
    this.#basis = catalogBasis(organisations)
  }

  /** Looks for a newer catalogue; tells whether there is one. Look at the sites before, or they seem to be ahead of it. */
  async refresh(store: ObjectStore, { signal }: Waiting): Promise<boolean> {
    const known = this.#head?.number ?? 0
    const number = await latestNumber(store, catalogHeadPrefix, { after: known, signal })
    if (number === null || number === known) return false
    this.#head = await readRecord(store, catalogHeadKey(number), CatalogHead, { signal })
    return true
  }

  /** Tells whether the catalogue says something older of a site than what is known. */
  isBehind(site: CatalogSite): boolean {
    return isCatalogBehind(this.#head, { site: site.site, source: sourceOf(site), basis: this.#basis })
  }

  /** Tells whether a merge would bring the catalogue up to the site, as far as was not seen otherwise. */
  wantsMerge(site: CatalogSite): boolean {
    return this.isBehind(site) && !this.hasGivenUp(site)
  }

  /** Tells whether merges of a site leave the catalogue behind it. */
  hasGivenUp(site: CatalogSite): boolean {
    const asked = this.#unheeded.get(site.site)
    return asked !== undefined && asked.times >= UNHEEDED_MAX && asked.question === this.#questionOf(site)
  }

  /** Takes note of a merge that ended and left head and catalogue as they were; tells whether the catalogue is behind. */
  unheeded(site: CatalogSite): boolean {
    if (!this.isBehind(site)) return false
    const question = this.#questionOf(site)
    const asked = this.#unheeded.get(site.site)
    this.#unheeded.set(site.site, { question, times: asked?.question === question ? asked.times + 1 : 1 })
    return true
  }

  #questionOf(site: CatalogSite): string {
    return JSON.stringify([this.#head?.number ?? 0, sourceOf(site)])
  }
}

function sourceOf({ plan_number, head, quarantines }: CatalogSite): CatalogSource {
  const quarantined: string[] = []
  for (const [date, fingerprints] of quarantines)
    for (const fingerprint of fingerprints) quarantined.push(`${date}/${fingerprint}`)
  return catalogSourceOf({ head_number: head?.number ?? null, plan_number, quarantined })
}
