// Where everything lies in the results store. Keys are spelt here and nowhere else; they are the only database of state.
import type { CalendarDate, Site } from './day.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Spells the key of a numbered record (plan or head) under its prefix, so that keys sort as their numbers do. */
export const numberedKey = (prefix: string, number: number): string =>
  `${prefix}${String(number).padStart(10, '0')}.json`

/** Makes a course id safe as one path part and reversible: everything but `A-Z a-z 0-9 . _ ~ : + -` is percent-encoded. */
export function courseFolder(course_id: string): string {
  const encoded = encodeURIComponent(course_id)
    .replaceAll('%3A', ':')
    .replaceAll('%2B', '+')
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return encoded.startsWith('.') ? `%2E${encoded.slice(1)}` : encoded
}

/** Receipts of a site lie in one folder: listing twenty years of them is then three requests and not twenty thousand. */
export const receiptPrefix = (site: Site): string => `done/${site}/`
export const receiptKey = (site: Site, date: CalendarDate, fingerprint: Fingerprint): string =>
  `done/${site}/${date}-${fingerprint}.json`

export const quarantineRoot = 'quarantine/'
export const quarantinePrefix = (site: Site): string => `${quarantineRoot}${site}/`
export const quarantineKey = (site: Site, date: CalendarDate, fingerprint: Fingerprint): string =>
  `quarantine/${site}/${date}-${fingerprint}.json`

/** Reads date and fingerprint from a receipt's or quarantine record's key; null for a foreign key. */
export function dayOfKey(key: string): { readonly date: string; readonly fingerprint: string } | null {
  const found = /^(?:done|quarantine)\/[^/]+\/(\d{4}-\d{2}-\d{2})-([0-9a-f]{32})\.json$/.exec(key)
  return found?.[1] && found[2] ? { date: found[1], fingerprint: found[2] } : null
}

/** Parts carry their content's hash, so that a second attempt can never change what a receipt names. */
export const partKey = (given: {
  readonly site: Site
  readonly date: CalendarDate
  readonly fingerprint: Fingerprint
  readonly table: string
  readonly sha256: string
}): string =>
  `parts/${given.site}/${given.date}/${given.fingerprint}/${given.table}-${given.sha256.slice(0, 16)}.parquet`

export const planRoot = 'plans/'
export const planPrefix = (site: Site): string => `${planRoot}${site}/`
export const planKey = (site: Site, number: number): string => numberedKey(planPrefix(site), number)

export const courseHeadPrefix = (site: Site, course_id: string): string => `heads/${site}/${courseFolder(course_id)}/`
export const courseHeadKey = (site: Site, course_id: string, number: number): string =>
  numberedKey(courseHeadPrefix(site, course_id), number)

export const siteHeadPrefix = (site: Site): string => `heads/${site}/@site/`
export const siteHeadKey = (site: Site, number: number): string => numberedKey(siteHeadPrefix(site), number)

/** What merges are about to change; the digest tells two reducers apart that want the same number. */
export const mergeIntentPrefix = (site: Site): string => `merging/${site}/`
export const mergeIntentKey = (site: Site, number: number, digest: string): string =>
  `${mergeIntentPrefix(site)}${String(number).padStart(10, '0')}-${digest}.json`

export const catalogHeadPrefix = 'heads/@catalog/'
export const catalogHeadKey = (number: number): string => numberedKey(catalogHeadPrefix, number)

/** Reads the number of a numbered record (plan or head) from its key; null for a foreign key. */
export function numberOfKey(key: string): number | null {
  const found = /\/(\d{10})\.json$/.exec(key)
  return found?.[1] ? Number(found[1]) : null
}

/** Immutable files of an edition. */
export const editionKey = (site: Site, course_id: string, file: string): string =>
  `courses/${site}/${courseFolder(course_id)}/editions/${file}`
export const siteEditionKey = (site: Site, file: string): string => `sites/${site}/editions/${file}`
export const catalogEditionKey = (file: string): string => `catalog/editions/${file}`

/** The convenient copies of the current editions, for people; programs follow heads. */
export const currentCourseKey = (site: Site, course_id: string): string =>
  `courses/${site}/${courseFolder(course_id)}/course.duckdb`
export const currentCatalogKey = 'catalog.duckdb'
