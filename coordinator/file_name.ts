// Tells from an object's key whose day it holds. Buckets are full of other things, and a key read wrongly would put one
// site's events into another's databases; what is not clearly a log file of ours is foreign, with a reason.
import { CalendarDate, type Organisation, type Site, siteOfToken } from '../contracts/day.ts'
import type { LogFile } from '../contracts/log_file.ts'

/** Why an object of the source is no log file of ours, in the order in which the reasons are looked for. */
export const FOREIGN_REASONS = [
  'not_an_event_log',
  'other_organisation',
  'no_site',
  'odd_date',
  'unknown_suffix',
] as const
export type ForeignReason = (typeof FOREIGN_REASONS)[number]

export type FileName =
  | { readonly kind: 'log_file'; readonly site: Site; readonly date: CalendarDate; readonly wrapping: Wrapping }
  | { readonly kind: 'foreign'; readonly reason: ForeignReason }
type Wrapping = LogFile['wrapping']

const WRAPPINGS: Readonly<Record<string, Wrapping>> = { '.log.gz.gpg': 'gpg', '.log.gz.pgp': 'gpg', '.log.gz': 'gzip' }

/** What the producer writes: `{org}-{site}-events-{date}.log.gz.gpg`; an organisation may contain dashes itself. */
const NAME = /^(?<who>.+?)-events-(?<date>\d[\d-]*|[^.]*)(?<suffix>\..*|)$/

/** Folders above it, when it lies where the producer puts it: `{org}/{site}/events/{year}/`. */
const FOLDERS = /(?:^|\/)(?<organisation>[^/]+)\/(?<site>[^/]+)\/events(?:\/\d{4})?\/[^/]*$/

/** Reads a key of the source, in any case and under any prefix. */
export function readFileName(key: string, organisation: Organisation): FileName {
  const lower = key.toLowerCase()
  const name = NAME.exec(lower.slice(lower.lastIndexOf('/') + 1))?.groups
  if (name === undefined) return foreign('not_an_event_log')
  const { who = '', date = '', suffix = '' } = name
  const site = siteOf(who, organisation, lower)
  if (typeof site === 'object') return site
  const day = CalendarDate.safeParse(date)
  if (!day.success) return foreign('odd_date')
  const wrapping = WRAPPINGS[suffix]
  if (wrapping === undefined) return foreign('unknown_suffix')
  return { kind: 'log_file', site, date: day.data, wrapping }
}

type Foreign = Extract<FileName, { kind: 'foreign' }>
const foreign = (reason: ForeignReason): Foreign => ({ kind: 'foreign', reason })

/**
 * The file name's token decides, the folder's stands in when it has none. `mit-open-edx` is the site `open-edx` of `mit`
 * or the site `edx` of `mit-open`: only a folder that says the former makes it ours.
 */
function siteOf(who: string, organisation: Organisation, key: string): Site | Foreign {
  if (who === organisation) {
    const folder = siteFolderOf(key, organisation)
    return (folder === null ? null : siteOfToken(folder)) ?? foreign('no_site')
  }
  if (!who.startsWith(`${organisation}-`)) return foreign('other_organisation')
  const token = who.slice(organisation.length + 1)
  if (token.includes('-') && token !== siteFolderOf(key, organisation)) return foreign('other_organisation')
  return siteOfToken(token) ?? foreign('no_site')
}

/** Reads the site from the folders above a file, when they are those of the organisation. */
function siteFolderOf(key: string, organisation: Organisation): string | null {
  const folders = FOLDERS.exec(key)?.groups
  return folders?.organisation === organisation ? (folders.site ?? null) : null
}
