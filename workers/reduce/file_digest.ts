// What a receipt or a head says about a file is compared with the file itself before anything is built on it.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

export interface FileDigest {
  readonly bytes: number
  readonly sha256: string
}

/** Reads a file once and tells its size and SHA-256. */
export async function fileDigest(path: string, options: { readonly signal: AbortSignal }): Promise<FileDigest> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(
    createReadStream(path, { highWaterMark: 1_048_576 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        bytes += chunk.length
        hash.update(chunk)
      }
    },
    options,
  )
  return { bytes, sha256: hash.digest('hex') }
}
