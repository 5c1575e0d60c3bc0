// A folder as an object store, for one computer or a shared file system: create-only by hard link, overwriting by
// rename, listing in S3's order, ETags from the files' facts.
import assert from 'node:assert/strict'
import { open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MillraceError } from '../../contracts/errors.ts'
import { directoryError, systemCode } from './directory_errors.ts'
import { etagOf } from './directory_etag.ts'
import { listDirectory } from './directory_listing.ts'
import { type Content, removeAbandoned, writeVisible } from './directory_write.ts'
import { isKey } from './object_key.ts'
import type { ObjectInfo, ObjectStore, PutOptions, PutResult, StoreObserver, StoreOp } from './object_store.ts'
import { observed } from './observed.ts'
import type { Unreachable } from './open_object_store.ts'
import { readWhole, writeWhole } from './whole_body.ts'

/** Bytes read from a file at one time. */
const CHUNK_BYTES = 262_144

interface DirectoryOptions {
  readonly unreachable: Unreachable
  readonly must_exist: boolean
  readonly observe?: StoreObserver
  readonly signal: AbortSignal
}

interface Request {
  readonly op: StoreOp
  /** What is being done, for the error: `read "a/b"`. */
  readonly deed: string
  readonly signal: AbortSignal
}

/** Opens a folder as a store; it need not exist yet unless `must_exist`. */
export async function openDirectoryStore(root: string, options: DirectoryOptions): Promise<ObjectStore> {
  const { unreachable, must_exist, observe } = options

  /** Does one request: measures it, and makes every failure one of the catalogue. */
  const request = <T>({ op, deed, signal }: Request, work: () => Promise<T>): Promise<T> =>
    observed(observe, op, async () => {
      try {
        signal.throwIfAborted()
        return await work()
      } catch (error) {
        throw failure(error, deed, signal)
      }
    })
  const failure = (error: unknown, deed: string, signal: AbortSignal) =>
    signal.aborted
      ? new MillraceError('aborted', `Cannot ${deed}: told to stop`, { cause: error })
      : directoryError(error, deed, unreachable)

  const store: ObjectStore = {
    url: pathToFileURL(root).href,
    urlOf: (key) => join(root, key),

    async *list(prefix, { start_after = '', signal }) {
      await using objects = listDirectory({ root, prefix, start_after, signal })
      for (;;) {
        const step = await request({ op: 'list', deed: `list "${join(root, prefix)}"`, signal }, () =>
          objects.next().catch((error: unknown) => {
            if (systemCode(error) === 'ENOENT' && !must_exist) return { done: true as const, value: undefined }
            throw error
          }),
        )
        if (step.done === true) return
        yield* step.value
      }
    },

    open: (key, { if_match, signal }) =>
      request({ op: 'open', deed: `read "${join(root, key)}"`, signal }, async () => {
        const info = await infoOf(root, key)
        if (if_match !== undefined && info.etag !== if_match) throw changed(root, key)
        return { info, body: bodyOf(info, signal) }
      }),

    read: async (key, given) => await readWhole(await store.open(key, given)),
    getFile: async (key, path, given) => await writeWhole(await store.open(key, given), path),
    put: (key, bytes, given) => put(key, { bytes }, bytes.byteLength, given),
    putFile: async (key, path, given) => await put(key, { path }, (await stat(path)).size, given),

    copy: (from, to, { signal }) =>
      request({ op: 'copy', deed: `copy "${join(root, from)}" to "${join(root, to)}"`, signal }, async () => {
        assert(isKey(to), `no key: ${to}`)
        const { etag } = await infoOf(root, from)
        const verify = async () => {
          if ((await infoOf(root, from)).etag !== etag) throw changed(root, from)
        }
        await writeVisible(root, join(root, to), { path: join(root, from), verify }, { create_only: false, signal })
      }),

    remove: (key, { signal }) =>
      request({ op: 'remove', deed: `remove "${join(root, key)}"`, signal }, async () => {
        if (!isKey(key)) return
        await unlink(join(root, key)).catch((error: unknown) => {
          if (!isAbsent(error)) throw error
        })
      }),

    [Symbol.asyncDispose]: () => Promise.resolve(),
  }

  async function put(key: string, content: Content, size: number, given: PutOptions): Promise<PutResult> {
    assert(isKey(key), `no key: ${key}`)
    return await request({ op: 'put', deed: `store "${join(root, key)}"`, signal: given.signal }, async () => {
      const result = await writeVisible(root, join(root, key), content, given)
      if (result === 'stored') observe?.bytes('out', size)
      return result
    })
  }

  /** Reads the file that `info` speaks of: opened when the reading begins, so that a body never read holds nothing open. */
  async function* bodyOf(info: ObjectInfo, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      await using file = await open(join(root, info.key), 'r')
      const mustBeSame = async () => {
        if (etagOf(await file.stat({ bigint: true })) !== info.etag) throw changed(root, info.key)
      }
      await mustBeSame()
      for (;;) {
        signal.throwIfAborted()
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES)
        if (bytesRead === 0) break
        observe?.bytes('in', bytesRead)
        yield buffer.subarray(0, bytesRead)
      }
      await mustBeSame()
    } catch (error) {
      if (isAbsent(error) && !signal.aborted) throw missing(root, info.key)
      throw failure(error, `read "${join(root, info.key)}"`, signal)
    }
  }

  try {
    if (!must_exist) await removeAbandoned(root)
    else if (!(await stat(root)).isDirectory())
      throw new MillraceError(unreachable, `Cannot open "${root}": it is no folder`)
  } catch (error) {
    throw failure(error, `open the folder "${root}"`, options.signal)
  }
  return store
}

const isAbsent = (error: unknown): boolean => systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR'

const missing = (root: string, key: string) =>
  new MillraceError('object_missing', `Cannot read "${join(root, key)}": there is no such object`)

const changed = (root: string, key: string) =>
  new MillraceError('object_changed', `Cannot read "${join(root, key)}": it was replaced by another version`)

/** Reads a file's facts; what is no key, no file or not there is `object_missing`. */
async function infoOf(root: string, key: string): Promise<ObjectInfo> {
  if (!isKey(key)) throw missing(root, key)
  const facts = await stat(join(root, key), { bigint: true }).catch((error: unknown) => {
    if (isAbsent(error)) throw missing(root, key)
    throw error
  })
  if (!facts.isFile()) throw missing(root, key)
  return { key, size: Number(facts.size), etag: etagOf(facts), last_modified: facts.mtime }
}
