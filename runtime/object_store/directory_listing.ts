// Walks a directory in the order in which S3 lists keys. A folder's name sorts with its slash ("a.b" before "a/c"), so a
// plain walk by names would give another order than a bucket with the same objects.
//
// The folders tell what is a file; its own facts, one request each, are asked for only where somebody reads them.
import { type BigIntStats, type Dirent, stat as statWithCallback } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { systemCode } from './directory_errors.ts'
import { etagOf } from './directory_etag.ts'
import { compareKeys, HIDDEN_FOLDER } from './object_key.ts'
import type { ObjectInfo } from './object_store.ts'

/** Files whose facts are asked for at the same time. */
const STATS_MAX = 64

export interface Listing {
  readonly root: string
  readonly prefix: string
  readonly start_after: string
  readonly signal: AbortSignal
}

/**
 * Lists the objects of a directory, in runs that lie in one folder; throws what the file system throws, ENOENT only when
 * the root itself is missing.
 */
export async function* listDirectory(listing: Listing): AsyncGenerator<readonly ObjectInfo[]> {
  for await (const keys of listDirectoryKeys(listing))
    for (let at = 0; at < keys.length; at += STATS_MAX) {
      listing.signal.throwIfAborted()
      const infos = await Promise.all(keys.slice(at, at + STATS_MAX).map((key) => infoOf(listing, key)))
      yield infos.filter((info) => info !== null)
    }
}

/** Lists the keys alone; otherwise like `listDirectory`. */
export async function* listDirectoryKeys(listing: Listing): AsyncGenerator<readonly string[]> {
  await stat(listing.root)
  const folders = listing.prefix.split('/').slice(0, -1)
  yield* listFolder(listing, folders.map((folder) => `${folder}/`).join(''))
}

async function infoOf({ root }: Listing, key: string): Promise<ObjectInfo | null> {
  const facts = await factsOf(`${root}/${key}`)
  // Removed since its folder was read, or replaced by a folder.
  if (facts === null || !facts.isFile()) return null
  return { key, size: Number(facts.size), etag: etagOf(facts), last_modified: facts.mtime }
}

async function* listFolder(listing: Listing, folder_key: string): AsyncGenerator<readonly string[]> {
  listing.signal.throwIfAborted()
  let run: string[] = []
  for (const { key, kind } of await entriesOf(listing, folder_key)) {
    if (kind === 'file') {
      run.push(key)
      continue
    }
    if (run.length > 0) yield run
    run = []
    yield* listFolder(listing, key)
  }
  if (run.length > 0) yield run
}

interface Entry {
  /** Of a file; or the beginning of the keys in a folder, with its slash. */
  readonly key: string
  readonly kind: 'file' | 'folder'
}

/** Reads the wanted entries of one folder, sorted; a folder that is not there (any more) has none. */
async function entriesOf(listing: Listing, folder_key: string): Promise<readonly Entry[]> {
  const { prefix, start_after } = listing
  const found = await readdir(`${listing.root}/${folder_key}`, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return []
    throw error
  })
  const entries: Entry[] = []
  for (const each of found) {
    const { name } = each
    if (folder_key === '' && name === HIDDEN_FOLDER) continue
    const key = folder_key + name
    if (!key.startsWith(prefix) && !prefix.startsWith(`${key}/`)) continue
    // Without an await for what the folder told already: it lists thousands of files.
    const kind = each.isFile() ? 'file' : await kindOf(listing, folder_key, each)
    if (kind === 'file') {
      if (start_after === '' || compareKeys(key, start_after) > 0) entries.push({ key, kind })
    } else if (kind === 'folder') {
      const folder = `${key}/`
      // Every key below begins with `folder`: when that sorts before `start_after` and is no beginning of it, so do they.
      if (start_after === '' || start_after.startsWith(folder) || compareKeys(folder, start_after) >= 0)
        entries.push({ key: folder, kind })
    }
  }
  return entries.sort((left, right) => compareKeys(left.key, right.key))
}

/** Tells what an entry that is no plain file is, symbolic links followed; null for anything else, a link to nowhere, or one in a circle. */
async function kindOf({ root }: Listing, folder_key: string, entry: Dirent<string>): Promise<'file' | 'folder' | null> {
  if (entry.isDirectory()) return 'folder'
  if (!entry.isSymbolicLink()) return null
  const facts = await factsOf(`${root}/${folder_key}${entry.name}`)
  if (facts === null) return null
  if (!facts.isDirectory()) return facts.isFile() ? 'file' : null
  const parts = folder_key.split('/').slice(0, -1)
  for (let depth = 0; depth <= parts.length; depth++) {
    const above = await factsOf([root, ...parts.slice(0, depth)].join('/'))
    if (above?.dev === facts.dev && above.ino === facts.ino) return null
  }
  return 'folder'
}

/**
 * Asks for the facts of a file or folder; null when it is not there, or a symbolic link that leads nowhere. With a callback,
 * because `node:fs/promises` takes a fifth more CPU time for each file, and a source has tens of thousands.
 */
function factsOf(path: string): Promise<BigIntStats | null> {
  const { promise, resolve, reject } = Promise.withResolvers<BigIntStats | null>()
  statWithCallback(path, { bigint: true }, (error, facts) => {
    if (error === null) resolve(facts)
    else if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP') resolve(null)
    else reject(error)
  })
  return promise
}
