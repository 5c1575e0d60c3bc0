// Publishing is the only moment at which anybody sees a reducer's work: files first, under names that nobody else can
// take over, then the head record that names them. Creating the head is the fence; the loser removes its files.
import { extname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { MillraceError } from '../../contracts/errors.ts'
import type { EditionFile } from '../../contracts/head.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, putRecord, readRecord } from '../../runtime/object_store/records.ts'
import { fileDigest } from './file_digest.ts'

interface Waiting {
  readonly signal: AbortSignal
}

/**
 * The head's number stands first in a file's name. So a file can only ever be named by the head of that number, and who
 * lost the race for it may remove the file without looking at later heads.
 */
const fileName = (number: number, name: string, sha256: string): string =>
  `${String(number).padStart(10, '0')}-${name}-${sha256.slice(0, 16)}`

/** Uploads one file of edition `number` into the folder that ends with `prefix`; the key ends as `path` does. */
export async function uploadEditionFile(
  store: ObjectStore,
  given: { readonly prefix: string; readonly number: number; readonly name: string; readonly path: string },
  { signal }: Waiting,
): Promise<EditionFile> {
  const { bytes, sha256 } = await fileDigest(given.path, { signal })
  const key = `${given.prefix}${fileName(given.number, given.name, sha256)}${extname(given.path)}`
  await store.putFile(key, given.path, { create_only: true, signal })
  return { key, bytes, sha256 }
}

/** Creates a head record. When somebody else's has the number: removes `own` files it does not name, merge_conflict. */
export async function createHead(
  store: ObjectStore,
  given: { readonly key: string; readonly head: unknown; readonly own: readonly EditionFile[] },
  { signal }: Waiting,
): Promise<void> {
  if ((await putRecord(store, given.key, given.head, { create_only: true, signal })) === 'stored') return
  const winner = await readRecord(store, given.key, z.unknown(), { signal })
  // Our own request, made again after its answer was lost, or somebody who built the very same bytes.
  if (isDeepStrictEqual(winner, JSON.parse(JSON.stringify(given.head)))) return
  const named = JSON.stringify(winner)
  for (const file of given.own) if (!named.includes(JSON.stringify(file.key))) await store.remove(file.key, { signal })
  throw new MillraceError('merge_conflict', `Cannot create the head "${given.key}": another reducer was faster`)
}

/** Removes edition files older than the head before `number`, but for those in `keep`; tells how many. */
export async function removeOldEditions(
  store: ObjectStore,
  given: { readonly prefix: string; readonly number: number; readonly keep: readonly (EditionFile | null)[] },
  { signal }: Waiting,
): Promise<number> {
  const kept = new Set(given.keep.map((file) => file?.key))
  const old: string[] = []
  for await (const { key } of store.list(given.prefix, { signal })) {
    const made_for = /^(\d{10})-/.exec(key.slice(given.prefix.length))?.[1]
    if (made_for !== undefined && Number(made_for) < given.number - 1 && !kept.has(key)) old.push(key)
  }
  for (const key of old) await store.remove(key, { signal })
  return old.length
}

/**
 * Brings the convenient copy of an edition up to date, and looks afterwards whether a newer head appeared meanwhile: of
 * two reducers that copy at one time, the one that comes last copies the newest.
 */
export async function showCurrent(
  store: ObjectStore,
  given: {
    readonly current_key: string
    readonly head_prefix: string
    readonly number: number
    readonly file: EditionFile | null
    readonly fileOf: (number: number) => Promise<EditionFile | null>
  },
  { signal }: Waiting,
): Promise<void> {
  let { number, file } = given
  for (;;) {
    await copyOrRemove(store, file, given.current_key, { signal })
    const latest = (await latestNumber(store, given.head_prefix, { after: number, signal })) ?? number
    if (latest === number) return
    number = latest
    file = await given.fileOf(number)
  }
}

async function copyOrRemove(store: ObjectStore, file: EditionFile | null, to: string, waiting: Waiting): Promise<void> {
  if (file === null) return await store.remove(to, waiting)
  try {
    await store.copy(file.key, to, waiting)
  } catch (error) {
    // Removed as too old: then there is a newer head, and the caller will find it.
    if (!(error instanceof MillraceError && error.code === 'object_missing')) throw error
  }
}

/**
 * Tells whether the copy that people open was made after its edition's file. A store tells times by the second, so a copy of
 * the same second counts as older: making it once more is harmless.
 */
export async function isShown(
  store: ObjectStore,
  file: EditionFile,
  current_key: string,
  { signal }: Waiting,
): Promise<boolean> {
  const times: number[] = []
  for (const wanted of [file.key, current_key])
    for await (const { key, last_modified } of store.list(wanted, { signal }))
      if (key === wanted) times.push(Math.floor(last_modified.getTime() / 1000))
  const [made, shown] = times
  return made !== undefined && shown !== undefined && shown > made
}
