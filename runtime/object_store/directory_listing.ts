// Walks a directory in the order in which S3 lists keys. A folder's name sorts with its slash ("a.b" before "a/c"), so a
// plain walk by names would give another order than a bucket with the same objects.
import type { BigIntStats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from './directory_errors.ts'
import { etagOf } from './directory_etag.ts'
import { compareKeys, HIDDEN_FOLDER } from './object_key.ts'
import type { ObjectInfo } from './object_store.ts'

/** Files whose facts are asked for at the same time. */
const STATS_MAX = 32

export interface Listing {
  readonly root: string
  readonly prefix: string
  readonly start_after: string
  readonly signal: AbortSignal
}

interface Entry {
  /** Name, with a slash at the end for a folder. */
  readonly name: string
  readonly sort_key: Buffer
  readonly info: ObjectInfo | null
  /** Device and inode of a folder, to notice symbolic links that lead in a circle. */
  readonly folder: string | null
}

/**
 * Lists the objects of a directory, in runs that lie in one folder; throws what the file system throws, ENOENT only when
 * the root itself is missing.
 */
export async function* listDirectory(listing: Listing): AsyncGenerator<readonly ObjectInfo[]> {
  const above = [identityOf(await stat(listing.root, { bigint: true }))]
  const folders = listing.prefix.split('/').slice(0, -1)
  for (const index of folders.keys()) {
    const folder = join(listing.root, ...folders.slice(0, index + 1))
    const facts = await stat(folder, { bigint: true }).catch(() => null)
    if (facts !== null) above.push(identityOf(facts))
  }
  yield* listFolder(listing, folders.map((folder) => `${folder}/`).join(''), above)
}

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`

async function* listFolder(
  listing: Listing,
  folder_key: string,
  above: readonly string[],
): AsyncGenerator<readonly ObjectInfo[]> {
  let run: ObjectInfo[] = []
  for (const entry of await entriesOf(listing, folder_key)) {
    if (entry.info !== null) run.push(entry.info)
    if (entry.folder === null || above.includes(entry.folder)) continue
    if (run.length > 0) yield run
    run = []
    yield* listFolder(listing, folder_key + entry.name, [...above, entry.folder])
  }
  if (run.length > 0) yield run
}

/** Reads the wanted entries of one folder, sorted; a folder that is not there (any more) has none. */
async function entriesOf(listing: Listing, folder_key: string): Promise<readonly Entry[]> {
  const names = await readdir(`${listing.root}/${folder_key}`).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return []
    throw error
  })
  const possible = names.filter((name) => {
    if (folder_key === '' && name === HIDDEN_FOLDER) return false
    const key = folder_key + name
    return key.startsWith(listing.prefix) || listing.prefix.startsWith(`${key}/`)
  })
  const entries: Entry[] = []
  for (let at = 0; at < possible.length; at += STATS_MAX) {
    listing.signal.throwIfAborted()
    const some = await Promise.all(possible.slice(at, at + STATS_MAX).map((name) => entryOf(listing, folder_key, name)))
    for (const entry of some) if (entry !== null) entries.push(entry)
  }
  return entries.sort((left, right) => Buffer.compare(left.sort_key, right.sort_key))
}

async function entryOf(listing: Listing, folder_key: string, name: string): Promise<Entry | null> {
  const key = folder_key + name
  const facts = await stat(`${listing.root}/${key}`, { bigint: true }).catch((error: unknown) => {
    // Removed since the folder was read, or a symbolic link to nowhere.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ELOOP') return null
    throw error
  })
  if (facts === null) return null
  if (facts.isDirectory()) {
    const folder = `${key}/`
    // Every key below begins with `folder`: when that sorts before `start_after` and is no beginning of it, so do they.
    if (!listing.start_after.startsWith(folder) && compareKeys(folder, listing.start_after) < 0) return null
    return { name: `${name}/`, sort_key: Buffer.from(`${name}/`), info: null, folder: identityOf(facts) }
  }
  if (!facts.isFile() || compareKeys(key, listing.start_after) <= 0) return null
  const info = { key, size: Number(facts.size), etag: etagOf(facts), last_modified: facts.mtime }
  return { name, sort_key: Buffer.from(name), info, folder: null }
}
