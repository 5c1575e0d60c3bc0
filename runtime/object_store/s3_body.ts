// The body of a large object, carried on where a broken connection left it. Without it a download of an hour would start
// from the beginning whenever one of many connections is dropped.
import { Readable } from 'node:stream'
import { MillraceError } from '../../contracts/errors.ts'
import { delayMs, sleep } from '../backoff.ts'
import type { ObjectInfo, StoreObserver } from './object_store.ts'
import type { Unreachable } from './open_object_store.ts'
import { s3FailureOf } from './s3_failure.ts'
import { ATTEMPTS_MAX, RETRY_BACKOFF, type S3Deed, toldToStop } from './s3_request.ts'

export interface ResumingBody extends S3Deed {
  readonly info: ObjectInfo
  readonly first: Readable
  /** Opens the rest of the same version from an offset. */
  readonly rest: (offset: number) => Promise<Readable>
  readonly unreachable: Unreachable
  readonly observe?: StoreObserver
}

/** Yields exactly `info.size` bytes of one version, over as many connections as it takes. */
export async function* resumingBody(body: ResumingBody): AsyncGenerator<Uint8Array> {
  const { info, observe } = body
  let stream = body.first
  let offset = 0
  /** Breaks since a byte last came. */
  let breaks = 0
  for (;;) {
    const broken = yield* readOn()
    if (offset === info.size) return
    breaks += 1
    if (offset > info.size || breaks >= ATTEMPTS_MAX) throw tooOften(body, offset, broken)
    observe?.retry('open', 'body')
    await sleep(delayMs(breaks, RETRY_BACKOFF), body).catch((stopped: unknown) => {
      throw toldToStop(body, stopped)
    })
    stream = await body.rest(offset)
  }

  /** Reads one connection to its end or break; returns what broke it. */
  async function* readOn(): AsyncGenerator<Uint8Array, unknown> {
    try {
      for await (const chunk of stream) {
        // A response body in no encoding and no object mode gives Buffers.
        const bytes = chunk as Uint8Array
        offset += bytes.byteLength
        breaks = 0
        observe?.bytes('in', bytes.byteLength)
        yield bytes
      }
      return undefined
    } catch (error) {
      if (body.signal.aborted) throw toldToStop(body, error)
      return error
    } finally {
      stream.destroy()
    }
  }
}

function tooOften({ deed, info, unreachable }: ResumingBody, offset: number, cause: unknown): MillraceError {
  const failure = s3FailureOf(cause)
  const why = failure.kind === 'again' ? failure.why : 'the connection breaks again and again'
  return new MillraceError(unreachable, `Cannot ${deed}: after ${offset} of ${info.size} bytes ${why}`, { cause })
}

/** Takes the body of an answer for what it is on Node. */
export function readableOf(body: unknown): Readable {
  if (body instanceof Readable) return body
  throw new TypeError('the S3 client answers without a readable body')
}
