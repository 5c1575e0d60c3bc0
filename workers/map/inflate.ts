// Decompression that notices everything: zlib itself accepts what follows the compressed data, and a decryption error
// must win over the nonsense that it makes of the data before it. Both need the source to be read to its very end.
import type { Transform } from 'node:stream'
import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'

/** `gzip`: members one after another, zeros after the last; `zlib` and `deflate`: one stream and nothing after it. */
export type Compression = 'gzip' | 'zlib' | 'deflate'

/**
 * Memory into which is inflated; a block makes one piece, or several in order. It is big because each piece costs a round
 * trip to zlib's thread, for which a busy machine lets us wait.
 */
export const INFLATED_BYTES = 1_048_576

interface Engine extends Transform {
  /** Compressed bytes that were consumed. */
  readonly bytesWritten: number
}

function createEngine(compression: Compression): Engine {
  const options = { chunkSize: INFLATED_BYTES }
  switch (compression) {
    case 'gzip':
      return createGunzip(options)
    case 'zlib':
      return createInflate(options)
    case 'deflate':
      return createInflateRaw(options)
  }
}

/** What came of feeding the engine. */
interface Fed {
  readonly bytes: number
  /** Something that does not belong there followed the compressed data. */
  readonly trailing: boolean
  readonly source_error: { readonly error: unknown } | null
}

/**
 * Yields what `source` holds compressed. An error of the source is thrown as it is; damage is thrown as `damaged(why)`,
 * but only once the source was read to its end without an error.
 */
export async function* inflate(
  source: AsyncIterable<Uint8Array>,
  options: { readonly compression: Compression; readonly damaged: (why: string, cause?: unknown) => Error },
): AsyncGenerator<Uint8Array, void> {
  const { compression, damaged } = options
  const engine = createEngine(compression)
  const abandoned = new AbortController()
  const feeding = feed(engine, source, { compression, abandoned: abandoned.signal })
  let failure: { readonly cause: unknown } | null = null
  let finished = false
  try {
    for await (const piece of engine) yield piece
    finished = true
  } catch (cause) {
    failure = { cause }
    finished = true
  } finally {
    if (!finished) abandoned.abort()
    engine.destroy()
    await feeding
  }
  const fed = await feeding
  if (fed.source_error !== null) throw fed.source_error.error
  if (fed.bytes === 0) throw damaged('there is no compressed data')
  if (failure !== null) throw damaged('the compressed data is damaged or cut', failure.cause)
  if (fed.trailing) throw damaged('other data follows the compressed data')
}

/** Writes the source into the engine, piece by piece, and reads on to its end whatever the engine does; never rejects. */
async function feed(
  engine: Engine,
  source: AsyncIterable<Uint8Array>,
  options: { readonly compression: Compression; readonly abandoned: AbortSignal },
): Promise<Fed> {
  const isJunk = (piece: Uint8Array): boolean =>
    options.compression === 'gzip' ? piece.some((byte) => byte !== 0) : piece.length > 0
  let open = true
  let release = (): void => {}
  engine.once('close', () => {
    open = false
    release()
  })
  // An engine that fails never calls back for the piece in hand, so its end must release the writer too.
  const written = (piece: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      release = resolve
      engine.write(piece, () => resolve())
    })

  let bytes = 0
  let trailing = false
  try {
    for await (const piece of source) {
      if (options.abandoned.aborted) break
      if (open) {
        bytes += piece.length
        await written(piece)
        // An engine that left something of a piece is at its end; writing on would be an error of its stream.
        const left = bytes - engine.bytesWritten
        if (left === 0) continue
        open = false
        trailing = isJunk(piece.subarray(piece.length - left))
      } else {
        trailing ||= isJunk(piece)
      }
    }
    if (open) engine.end()
    return { bytes, trailing, source_error: null }
  } catch (error) {
    engine.destroy()
    return { bytes, trailing, source_error: { error } }
  }
}
