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
} from '@aws-sdk/client-s3'
import type { StoreLocation } from '../../config/schema.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { isKey } from './object_key.ts'
import type { ObjectInfo, ObjectStore, OpenObject, PutOptions, PutResult, StoreObserver } from './object_store.ts'
import type { Unreachable } from './open_object_store.ts'
import { readableOf, resumingBody } from './s3_body.ts'
import { makeS3Client } from './s3_client.ts'
import { s3FailureOf } from './s3_failure.ts'
import { type S3Deed, s3Requests } from './s3_request.ts'
import { readWhole, writeWhole } from './whole_body.ts'

/** What S3 takes in one upload. */
const PUT_BYTES_MAX = 5 * 1024 ** 3

/** Metadata that tells whose create-only put an object is from. */
const PUT_ID = 'millrace-put'

interface S3Options {
  readonly unreachable: Unreachable
  readonly observe?: StoreObserver
}

/** Opens a bucket as a store; the first request shows whether it can be reached. */
export async function openS3Store(location: StoreLocation, options: S3Options): Promise<ObjectStore> {
  const { unreachable, observe } = options
  const url = location.url.replace(/\/+$/, '')
  const [, bucket = '', folder = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? []
  const base = folder === '' ? '' : `${folder}/`
  const client = await makeS3Client(location)
  const request = s3Requests(options)

  const urlOf = (key: string) => `${url}/${key}`
  const at = (key: string) => ({ Bucket: bucket, Key: base + key })
  const reading = (key: string, signal: AbortSignal): S3Deed => ({ op: 'open', deed: `read "${urlOf(key)}"`, signal })

  return {
    url,
    urlOf,
    list,
    open,
    read: async (key, given) => await readWhole(await open(key, given)),
    getFile: async (key, path, given) => await writeWhole(await open(key, given), path),
    put: (key, bytes, given) => put(key, () => Buffer.from(bytes), bytes.byteLength, given),
    putFile: async (key, path, given) => await put(key, () => createReadStream(path), (await stat(path)).size, given),

    copy(from, to, { signal }) {
      assert(isKey(to), `no key: ${to}`)
      const source = `${bucket}/${base}${from}`.split('/').map(encodeURIComponent).join('/')
      return request({ op: 'copy', deed: `copy "${urlOf(from)}" to "${urlOf(to)}"`, signal }, async () => {
        await client.send(new CopyObjectCommand({ ...at(to), CopySource: source }), { abortSignal: signal })
      })
    },

    remove: (key, { signal }) =>
      request({ op: 'remove', deed: `remove "${urlOf(key)}"`, signal }, async () => {
        await client.send(new DeleteObjectCommand(at(key)), { abortSignal: signal })
      }),

    [Symbol.asyncDispose]() {
      client.destroy()
      return Promise.resolve()
    },
  }

  async function* list(
    prefix: string,
    { start_after = '', signal }: { readonly start_after?: string; readonly signal: AbortSignal },
  ): AsyncGenerator<ObjectInfo> {
    const deed: S3Deed = { op: 'list', deed: `list "${urlOf(prefix)}"`, signal }
    let from: { StartAfter?: string; ContinuationToken?: string } = {}
    if (start_after !== '') from = { StartAfter: base + start_after }
    for (;;) {
      const input = { Bucket: bucket, Prefix: base + prefix, ...from }
      const page = await request(deed, () => client.send(new ListObjectsV2Command(input), { abortSignal: signal }))
      for (const { Key, Size = 0, ETag = '', LastModified = new Date(0) } of page.Contents ?? []) {
        // Keys that end in a slash are the folders that web consoles make.
        if (Key === undefined || Key.endsWith('/')) continue
        yield { key: Key.slice(base.length), size: Size, etag: bare(ETag), last_modified: LastModified }
      }
      if (page.IsTruncated !== true) return
      // A listing that stops early without saying so would look like deleted days.
      if (page.NextContinuationToken === undefined)
        throw new MillraceError(unreachable, `Cannot ${deed.deed}: the server cuts the listing off`)
      from = { ContinuationToken: page.NextContinuationToken }
    }
  }

  async function open(
    key: string,
    { if_match, signal }: { readonly if_match?: string; readonly signal: AbortSignal },
  ): Promise<OpenObject> {
    const deed = reading(key, signal)
    if (key === '') throw new MillraceError('object_missing', `Cannot ${deed.deed}: it is no key`)
    const input = { ...at(key), ...(if_match === undefined ? {} : { IfMatch: quoted(if_match) }) }
    const answer = await request(deed, () => client.send(new GetObjectCommand(input), { abortSignal: signal }))
    const { ContentLength = 0, ETag = '', LastModified = new Date(0) } = answer
    const info: ObjectInfo = { key, size: ContentLength, etag: bare(ETag), last_modified: LastModified }
    const first = readableOf(answer.Body)
    const rest = (offset: number) => openRest(info, offset, signal)
    return { info, body: resumingBody({ ...deed, ...options, info, first, rest }) }
  }

  async function openRest(info: ObjectInfo, offset: number, signal: AbortSignal): Promise<Readable> {
    const deed = reading(info.key, signal)
    const input = { ...at(info.key), IfMatch: quoted(info.etag), Range: `bytes=${offset}-` }
    const answer = await request(deed, () => client.send(new GetObjectCommand(input), { abortSignal: signal }))
    const body = readableOf(answer.Body)
    if (answer.ContentRange?.startsWith(`bytes ${offset}-`) === true) return body
    body.destroy()
    throw new MillraceError(unreachable, `Cannot ${deed.deed}: the server does not read from an offset`)
  }

  async function put(
    key: string,
    body: () => Readable | Buffer,
    size: number,
    { create_only, signal }: PutOptions,
  ): Promise<PutResult> {
    assert(isKey(key), `no key: ${key}`)
    const deed: S3Deed = { op: 'put', deed: `store "${urlOf(key)}"`, signal }
    if (size > PUT_BYTES_MAX)
      throw new MillraceError(
        'store_refused',
        `Cannot ${deed.deed}: ${size} bytes are more than the 5 GiB that S3 takes in one upload`,
      )
    const put_id = randomUUID()
    /** An earlier try may have been stored although its answer was lost: a taken key may then be our own doing. */
    let doubtful = false
    return await request(deed, async () => {
      const content = body()
      const input = { ...at(key), Body: content, ContentLength: size, Metadata: { [PUT_ID]: put_id } }
      try {
        const only = create_only ? { IfNoneMatch: '*' } : {}
        await client.send(new PutObjectCommand({ ...input, ...only }), { abortSignal: signal })
      } catch (error) {
        if (!create_only || s3FailureOf(error).kind !== 'precondition') {
          doubtful = true
          throw error
        }
        if (!doubtful || (await putIdOf(key, signal)) !== put_id) return 'exists'
      } finally {
        if (!Buffer.isBuffer(content)) content.destroy()
      }
      observe?.bytes('out', size)
      return 'stored'
    })
  }

  async function putIdOf(key: string, signal: AbortSignal): Promise<string | undefined> {
    const { Metadata } = await client.send(new HeadObjectCommand(at(key)), { abortSignal: signal })
    return Metadata?.[PUT_ID]
  }
}

const bare = (etag: string): string => etag.replace(/^"|"$/g, '')
const quoted = (etag: string): string => `"${etag}"`
