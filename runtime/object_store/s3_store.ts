// A bucket (or a prefix in one) as an object store, on Amazon S3 and on servers that speak its language. Create-only puts
// need a server with conditional writes.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { StoreLocation } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'
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
  Waiting,
} from './object_store.ts'
import type { Unreachable } from './open_object_store.ts'
import { readableOf, resumingBody } from './s3_body.ts'
import { makeS3Client } from './s3_client.ts'
import { s3FailureOf } from './s3_failure.ts'
import { type S3Deed, type S3Request, s3Requests } from './s3_request.ts'
import { readWhole, writeWhole } from './whole_body.ts'

/** What S3 takes in one upload. */
const PUT_BYTES_MAX = 5 * 1024 ** 3

/** Metadata that tells whose create-only put an object is from. */
const PUT_ID = 'millrace-put'

/** What a put sends; opened anew at each try. */
interface Content {
  readonly size: number
  open(): Readable | Buffer
}

interface S3Options {
  readonly unreachable: Unreachable
  readonly observe?: StoreObserver
}

/** Opens a bucket as a store; the first request shows whether it can be reached. */
export async function openS3Store(location: StoreLocation, options: S3Options): Promise<ObjectStore> {
  return new S3Store(location.url, await makeS3Client(location), options)
}

class S3Store implements ObjectStore {
  readonly url: string
  readonly #bucket: string
  /** Beginning of all keys in the bucket: empty, or with a slash at its end. */
  readonly #base: string
  readonly #client: S3Client
  readonly #options: S3Options
  readonly #request: S3Request

  constructor(url: string, client: S3Client, options: S3Options) {
    this.url = url.replace(/\/+$/, '')
    const [, bucket = '', folder = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(this.url) ?? []
    this.#bucket = bucket
    this.#base = folder === '' ? '' : `${folder}/`
    this.#client = client
    this.#options = options
    this.#request = s3Requests(options)
  }

  urlOf(key: string): string {
    return `${this.url}/${key}`
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy()
    return Promise.resolve()
  }

  async *list(prefix: string, { start_after = '', signal }: ListOptions): AsyncGenerator<ObjectInfo> {
    const deed: S3Deed = { op: 'list', deed: `list "${this.urlOf(prefix)}"`, signal }
    let from: { StartAfter?: string; ContinuationToken?: string } = {}
    if (start_after !== '') from = { StartAfter: this.#base + start_after }
    for (;;) {
      const command = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: this.#base + prefix, ...from })
      const page = await this.#request(deed, () => this.#client.send(command, { abortSignal: signal }))
      for (const { Key, Size = 0, ETag = '', LastModified = new Date(0) } of page.Contents ?? []) {
        // Keys that end in a slash are the folders that web consoles make.
        if (Key === undefined || Key.endsWith('/')) continue
        yield { key: Key.slice(this.#base.length), size: Size, etag: bare(ETag), last_modified: LastModified }
      }
      if (page.IsTruncated !== true) return
      // A listing that stops early without saying so would look like deleted days.
      if (page.NextContinuationToken === undefined)
        throw new MillraceError(this.#options.unreachable, `Cannot ${deed.deed}: the server cuts the listing off`)
      from = { ContinuationToken: page.NextContinuationToken }
    }
  }

  async *keys(prefix: string, options: ListOptions): AsyncGenerator<string> {
    for await (const { key } of this.list(prefix, options)) yield key
  }

  async open(key: string, { if_match, signal }: OpenOptions): Promise<OpenObject> {
    const deed = this.#reading(key, signal)
    if (key === '') throw new MillraceError('object_missing', `Cannot ${deed.deed}: it is no key`)
    const answer = await this.#get(deed, key, if_match === undefined ? {} : { IfMatch: quoted(if_match) })
    const { ContentLength = 0, ETag = '', LastModified = new Date(0) } = answer
    const info: ObjectInfo = { key, size: ContentLength, etag: bare(ETag), last_modified: LastModified }
    const first = readableOf(answer.Body)
    const rest = (offset: number) => this.#openRest(info, offset, signal)
    return { info, body: resumingBody({ ...deed, ...this.#options, info, first, rest }) }
  }

  async read(key: string, options: OpenOptions): Promise<Uint8Array> {
    return await readWhole(await this.open(key, options))
  }

  async getFile(key: string, path: string, options: OpenOptions): Promise<ObjectInfo> {
    return await writeWhole(await this.open(key, options), path)
  }

  put(key: string, body: Uint8Array, options: PutOptions): Promise<PutResult> {
    return this.#put(key, { size: body.byteLength, open: () => Buffer.from(body) }, options)
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<PutResult> {
    const { size } = await stat(path)
    return await this.#put(key, { size, open: () => createReadStream(path) }, options)
  }

  async copy(from: string, to: string, { signal }: Waiting): Promise<void> {
    assert(isKey(to), `no key: ${to}`)
    const deed: S3Deed = { op: 'copy', deed: `copy "${this.urlOf(from)}" to "${this.urlOf(to)}"`, signal }
    const source = `${this.#bucket}/${this.#base}${from}`.split('/').map(encodeURIComponent).join('/')
    const command = new CopyObjectCommand({ ...this.#at(to), CopySource: source })
    await this.#request(deed, () => this.#client.send(command, { abortSignal: signal }))
  }

  async remove(key: string, { signal }: Waiting): Promise<void> {
    const deed: S3Deed = { op: 'remove', deed: `remove "${this.urlOf(key)}"`, signal }
    const command = new DeleteObjectCommand(this.#at(key))
    await this.#request(deed, () => this.#client.send(command, { abortSignal: signal }))
  }

  #at(key: string) {
    return { Bucket: this.#bucket, Key: this.#base + key }
  }

  #reading(key: string, signal: AbortSignal): S3Deed {
    return { op: 'open', deed: `read "${this.urlOf(key)}"`, signal }
  }

  #get(deed: S3Deed, key: string, given: { readonly IfMatch?: string; readonly Range?: string }) {
    const command = new GetObjectCommand({ ...this.#at(key), ...given })
    return this.#request(deed, () => this.#client.send(command, { abortSignal: deed.signal }))
  }

  async #openRest(info: ObjectInfo, offset: number, signal: AbortSignal): Promise<Readable> {
    const deed = this.#reading(info.key, signal)
    const answer = await this.#get(deed, info.key, { IfMatch: quoted(info.etag), Range: `bytes=${offset}-` })
    const body = readableOf(answer.Body)
    if (answer.ContentRange?.startsWith(`bytes ${offset}-`) === true) return body
    body.destroy()
    const why = 'the server does not read from an offset'
    throw new MillraceError(this.#options.unreachable, `Cannot ${deed.deed}: ${why}`)
  }

  async #put(key: string, content: Content, { create_only, signal }: PutOptions): Promise<PutResult> {
    assert(isKey(key), `no key: ${key}`)
    const { size } = content
    const deed: S3Deed = { op: 'put', deed: `store "${this.urlOf(key)}"`, signal }
    if (size > PUT_BYTES_MAX)
      throw new MillraceError(
        'store_refused',
        `Cannot ${deed.deed}: ${size} bytes are more than the 5 GiB that S3 takes in one upload`,
      )
    const put_id = randomUUID()
    const condition = create_only ? { IfNoneMatch: '*' } : {}
    const input = { ...this.#at(key), ...condition, ContentLength: size, Metadata: { [PUT_ID]: put_id } }
    /** An earlier try may have been stored although its answer was lost: a taken key may then be our own doing. */
    let doubtful = false
    const result = await this.#request(deed, async () => {
      const Body = content.open()
      try {
        await this.#client.send(new PutObjectCommand({ ...input, Body }), { abortSignal: signal })
        return 'stored'
      } catch (error) {
        if (create_only && s3FailureOf(error).kind === 'precondition')
          return doubtful && (await this.#putIdOf(key, signal)) === put_id ? 'stored' : 'exists'
        doubtful = true
        throw error
      } finally {
        if (!Buffer.isBuffer(Body)) Body.destroy()
      }
    })
    if (result === 'stored') this.#options.observe?.bytes('out', size)
    return result
  }

  async #putIdOf(key: string, signal: AbortSignal): Promise<string | undefined> {
    const { Metadata } = await this.#client.send(new HeadObjectCommand(this.#at(key)), { abortSignal: signal })
    return Metadata?.[PUT_ID]
  }
}

const bare = (etag: string): string => etag.replace(/^"|"$/g, '')
const quoted = (etag: string): string => `"${etag}"`
