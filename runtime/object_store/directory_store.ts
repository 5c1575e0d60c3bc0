// A folder as an object store, for one computer or a shared file system: create-only by hard link, overwriting by
// rename, listing in S3's order, ETags from the files' facts.
import assert from 'node:assert/strict'
import { open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MillraceError } from '../../contracts/errors.ts'
import { directoryError, systemCode } from './directory_errors.ts'
import { etagOf } from './directory_etag.ts'
import { type Listing, listDirectory, listDirectoryKeys } from './directory_listing.ts'
import { type Content, removeAbandoned, writeVisible } from './directory_write.ts'
import { isKey } from './object_key.ts'
import type {
  ListOptions,
  ObjectInfo,
  ObjectStore,
  OpenObject,
  OpenOptions,
  PutOptions,
  PutResult,
  StoreObserver,
  StoreOp,
  Waiting,
} from './object_store.ts'
import { observed } from './observed.ts'
import type { Unreachable } from './open_object_store.ts'
import { readWhole, writeWhole } from './whole_body.ts'

/** Bytes read from a file at one time. */
const CHUNK_BYTES = 262_144

interface DirectoryOptions {
  readonly unreachable: Unreachable
  readonly must_exist: boolean
  readonly observe?: StoreObserver
}

interface Request {
  readonly op: StoreOp
  /** What is being done, for the error: `read "a/b"`. */
  readonly deed: string
  readonly signal: AbortSignal
}

/** Opens a folder as a store; it need not exist yet unless `must_exist`. */
export async function openDirectoryStore(root: string, options: DirectoryOptions): Promise<ObjectStore> {
  try {
    if (!options.must_exist) await removeAbandoned(root)
    else if (!(await stat(root)).isDirectory())
      throw new MillraceError(options.unreachable, `Cannot open the folder "${root}": it is a file`)
  } catch (error) {
    throw directoryError(error, `open the folder "${root}"`, options.unreachable)
  }
  return new DirectoryStore(root, options)
}

class DirectoryStore implements ObjectStore {
  readonly url: string
  readonly #root: string
  readonly #options: DirectoryOptions

  constructor(root: string, options: DirectoryOptions) {
    this.url = pathToFileURL(root).href
    this.#root = root
    this.#options = options
  }

  urlOf(key: string): string {
    return join(this.#root, key)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }

  list(prefix: string, options: ListOptions): AsyncGenerator<ObjectInfo> {
    return this.#listed(prefix, options, listDirectory)
  }

  keys(prefix: string, options: ListOptions): AsyncGenerator<string> {
    return this.#listed(prefix, options, listDirectoryKeys)
  }

  async *#listed<T>(
    prefix: string,
    { start_after = '', signal }: ListOptions,
    walk: (listing: Listing) => AsyncGenerator<readonly T[]>,
  ): AsyncGenerator<T> {
    await using runs = walk({ root: this.#root, prefix, start_after, signal })
    const next = () =>
      runs.next().catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT' && !this.#options.must_exist)
          return { done: true, value: undefined } as const
        throw error
      })
    for (;;) {
      const run = await this.#request({ op: 'list', deed: `list "${this.urlOf(prefix)}"`, signal }, next)
      if (run.done === true) return
      // Not `yield*`, which makes several promises of each.
      for (const each of run.value) yield each
    }
  }

  open(key: string, { if_match, signal }: OpenOptions): Promise<OpenObject> {
    return this.#request({ op: 'open', deed: `read "${this.urlOf(key)}"`, signal }, async () => {
      const info = await this.#infoOf(key)
      if (if_match !== undefined && info.etag !== if_match) throw this.#changed(key)
      return { info, body: this.#bodyOf(info, signal) }
    })
  }

  async read(key: string, options: OpenOptions): Promise<Uint8Array> {
    return await readWhole(await this.open(key, options))
  }

  async getFile(key: string, path: string, options: OpenOptions): Promise<ObjectInfo> {
    return await writeWhole(await this.open(key, options), path)
  }

  put(key: string, body: Uint8Array, options: PutOptions): Promise<PutResult> {
    return this.#put(key, { bytes: body }, body.byteLength, options)
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<PutResult> {
    return await this.#put(key, { path }, (await stat(path)).size, options)
  }

  async copy(from: string, to: string, { signal }: Waiting): Promise<void> {
    assert(isKey(to), `no key: ${to}`)
    const deed = `copy "${this.urlOf(from)}" to "${this.urlOf(to)}"`
    await this.#request({ op: 'copy', deed, signal }, async () => {
      const { etag } = await this.#infoOf(from)
      const verify = async () => {
        if ((await this.#infoOf(from)).etag !== etag) throw this.#changed(from)
      }
      const content = { path: this.urlOf(from), verify }
      await writeVisible(this.#root, this.urlOf(to), content, { create_only: false, signal })
    })
  }

  async remove(key: string, { signal }: Waiting): Promise<void> {
    await this.#request({ op: 'remove', deed: `remove "${this.urlOf(key)}"`, signal }, async () => {
      if (!isKey(key)) return
      await unlink(this.urlOf(key)).catch((error: unknown) => {
        if (!isAbsent(error)) throw error
      })
    })
  }

  async #put(key: string, content: Content, size: number, options: PutOptions): Promise<PutResult> {
    assert(isKey(key), `no key: ${key}`)
    const request = { op: 'put', deed: `store "${this.urlOf(key)}"`, signal: options.signal } as const
    const result = await this.#request(request, () => writeVisible(this.#root, this.urlOf(key), content, options))
    if (result === 'stored') this.#options.observe?.bytes('out', size)
    return result
  }

  /** Reads the file that `info` speaks of: opened when the reading begins, so that a body never read holds nothing open. */
  async *#bodyOf(info: ObjectInfo, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      await using file = await open(this.urlOf(info.key), 'r')
      const mustBeSame = async () => {
        if (etagOf(await file.stat({ bigint: true })) !== info.etag) throw this.#changed(info.key)
      }
      await mustBeSame()
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(info.size, 1)))
      for (;;) {
        signal.throwIfAborted()
        const { bytesRead } = await file.read(buffer, 0, buffer.length)
        if (bytesRead === 0) break
        this.#options.observe?.bytes('in', bytesRead)
        yield buffer.subarray(0, bytesRead)
      }
      await mustBeSame()
    } catch (error) {
      if (isAbsent(error) && !signal.aborted) throw this.#missing(info.key)
      throw this.#failure(error, `read "${this.urlOf(info.key)}"`, signal)
    }
  }

  /** Reads a file's facts; what is no key, no file or not there is `object_missing`. */
  async #infoOf(key: string): Promise<ObjectInfo> {
    if (!isKey(key)) throw this.#missing(key)
    const facts = await stat(this.urlOf(key), { bigint: true }).catch((error: unknown) => {
      if (isAbsent(error)) throw this.#missing(key)
      throw error
    })
    if (!facts.isFile()) throw this.#missing(key)
    return { key, size: Number(facts.size), etag: etagOf(facts), last_modified: facts.mtime }
  }

  /** Does one request: measures it, and makes every failure one of the catalogue. */
  #request<T>({ op, deed, signal }: Request, work: () => Promise<T>): Promise<T> {
    return observed(this.#options.observe, op, async () => {
      try {
        signal.throwIfAborted()
        return await work()
      } catch (error) {
        throw this.#failure(error, deed, signal)
      }
    })
  }

  #failure(error: unknown, deed: string, signal: AbortSignal): unknown {
    if (signal.aborted) return new MillraceError('aborted', `Cannot ${deed}: told to stop`, { cause: error })
    return directoryError(error, deed, this.#options.unreachable)
  }

  #missing(key: string): MillraceError {
    return new MillraceError('object_missing', `Cannot read "${this.urlOf(key)}": there is no such object`)
  }

  #changed(key: string): MillraceError {
    return new MillraceError('object_changed', `Cannot read "${this.urlOf(key)}": it was replaced by another version`)
  }
}

const isAbsent = (error: unknown): boolean => systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR'
