// What the source holds now: one pass over its listing, sorted into one log file per site and date. Memory follows the
// number of days, never the number of objects in a bucket.
import type { CalendarDate, Organisation, Site } from '../contracts/day.ts'
import type { LogFile } from '../contracts/log_file.ts'
import type { ObjectInfo, ObjectStore } from '../runtime/object_store/object_store.ts'
import { FOREIGN_REASONS, type ForeignReason, readFileName } from './file_name.ts'

/** Foreign keys kept for people, per reason. */
const FOREIGN_SAMPLES_MAX = 5

/** The log files of one date: the one that counts, null when all are empty, and the others. */
export interface DayFiles {
  readonly counting: LogFile | null
  readonly superseded: readonly LogFile[]
  readonly empty: readonly LogFile[]
}

export interface ForeignKeys {
  readonly count: number
  readonly samples: readonly string[]
}

export interface Inventory {
  readonly objects: number
  /** Bytes of our log files. */
  readonly bytes: number
  readonly sites: ReadonlyMap<Site, ReadonlyMap<CalendarDate, DayFiles>>
  readonly foreign: Readonly<Record<ForeignReason, ForeignKeys>>
}

/** Lists a source; rejects when it cannot be listed to the end, so that half a listing never looks like a whole one. */
export async function takeInventory(
  source: ObjectStore,
  options: { readonly organisation: Organisation; readonly signal: AbortSignal },
): Promise<Inventory> {
  return await inventoryOf(source.list('', { signal: options.signal }), options.organisation)
}

/** Sorts listed objects into an inventory. */
export async function inventoryOf(
  listing: AsyncIterable<ObjectInfo> | Iterable<ObjectInfo>,
  organisation: Organisation,
): Promise<Inventory> {
  const sites = new Map<Site, Map<CalendarDate, LogFile[]>>()
  const foreign = new Map<ForeignReason, { count: number; samples: string[] }>()
  let objects = 0
  let bytes = 0
  for await (const object of listing) {
    objects += 1
    const name = readFileName(object.key, organisation)
    if (name.kind === 'foreign') {
      const seen = getOrSet(foreign, name.reason, () => ({ count: 0, samples: [] }))
      seen.count += 1
      if (seen.samples.length < FOREIGN_SAMPLES_MAX) seen.samples.push(object.key)
      continue
    }
    bytes += object.size
    const dates = getOrSet(sites, name.site, () => new Map<CalendarDate, LogFile[]>())
    getOrSet(dates, name.date, () => []).push({
      day: { organisation, site: name.site, date: name.date },
      key: object.key,
      etag: object.etag,
      size: object.size,
      last_modified: object.last_modified.toISOString(),
      wrapping: name.wrapping,
    })
  }
  return {
    objects,
    bytes,
    sites: new Map([...sites].map(([site, dates]) => [site, chosen(dates)])),
    foreign: all(foreign),
  }
}

const chosen = (dates: ReadonlyMap<CalendarDate, readonly LogFile[]>): ReadonlyMap<CalendarDate, DayFiles> =>
  new Map([...dates].map(([date, files]) => [date, chooseFile(files)]))

/** Newest counts, then the encrypted one, then the larger key. An empty object holds no events and never counts. */
function chooseFile(files: readonly LogFile[]): DayFiles {
  const [only, another] = files
  // So it is on nearly all of thousands of days.
  if (only !== undefined && another === undefined && only.size > 0) return { counting: only, superseded: [], empty: [] }
  const ranked = files.filter((file) => file.size > 0).sort(byRank)
  const [counting, ...superseded] = ranked
  const empty = files.filter((file) => file.size === 0).sort(byRank)
  return counting === undefined
    ? { counting: null, superseded: [], empty }
    : { counting, superseded: [...superseded, ...empty], empty: [] }
}

function byRank(a: LogFile, b: LogFile): number {
  if (a.last_modified !== b.last_modified) return a.last_modified < b.last_modified ? 1 : -1
  if (a.wrapping !== b.wrapping) return a.wrapping === 'gpg' ? -1 : 1
  return a.key < b.key ? 1 : -1
}

const NONE: ForeignKeys = { count: 0, samples: [] }

function all(found: ReadonlyMap<ForeignReason, ForeignKeys>): Inventory['foreign'] {
  const entries = FOREIGN_REASONS.map((reason) => [reason, found.get(reason) ?? NONE] as const)
  // FOREIGN_REASONS lists every member of the union, so no key is absent.
  return Object.fromEntries(entries) as Record<ForeignReason, ForeignKeys>
}

function getOrSet<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
