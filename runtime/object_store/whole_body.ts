// Reading an opened object to its end, into memory or into a file: the same for every store.
import { open, unlink } from 'node:fs/promises'
import { MillraceError } from '../../contracts/errors.ts'
import type { ObjectInfo, OpenObject } from './object_store.ts'

/** Largest object that may be read into memory whole; a head of ten years with all its courses has about one MiB. */
export const READ_BYTES_MAX = 67_108_864

/** Collects the bytes of a small object. */
export async function readWhole({ info, body }: OpenObject): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of body) {
    if (info.size > READ_BYTES_MAX)
      throw new MillraceError(
        'object_corrupt',
        `Cannot read "${info.key}" into memory: it has ${info.size} bytes, more than any record`,
      )
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

/** Writes the bytes of an object into a file; a file that could not be completed is removed. */
export async function writeWhole({ info, body }: OpenObject, path: string): Promise<ObjectInfo> {
  try {
    await using file = await open(path, 'w')
    for await (const chunk of body) await file.appendFile(chunk)
    return info
  } catch (error) {
    await unlink(path).catch(() => undefined)
    throw error
  }
}
