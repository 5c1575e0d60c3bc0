// What the tests of the inflater share: data, the inflater on it, and what zlib says of the same.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as zlib from 'node:zlib'
import { inflate } from '../../../workers/map/inflate.ts'
import type { Compression } from '../../../workers/map/inflated_text.ts'
import { chunksOf, gather } from './extract_fixture.ts'

export class Damaged extends Error {}

export const inflated = (compressed: Uint8Array, compression: Compression, chunk_bytes = 65_536): Promise<Buffer> =>
  gather(inflate(chunksOf(compressed, chunk_bytes), { compression, damaged: (why) => new Damaged(why) }))

/** Bytes without any order, the same for the same seed. */
export const noise = (bytes: number, seed = ''): Buffer =>
  createHash('shake256', { outputLength: bytes }).update(`noise ${seed}`).digest()

/** Asserts that both say the same of raw deflate data; tells whether they accept it. */
export async function agreesWithZlib(compressed: Buffer): Promise<boolean> {
  const expected = zlibSays(compressed)
  let said: Buffer | null
  try {
    said = await inflated(compressed, 'deflate', 1 + (compressed.length % 50))
  } catch (error) {
    assert.ok(error instanceof Damaged, String(error))
    said = null
  }
  const hex = compressed.toString('hex')
  assert.equal(said === null, expected === null, `one of the two refuses ${hex}`)
  if (said !== null && expected !== null) assert.ok(said.equals(expected), `the two read ${hex} differently`)
  return said !== null
}

/** What zlib makes of data; null when it is damaged, cut or followed by other data. */
function zlibSays(compressed: Buffer): Buffer | null {
  try {
    // With `info` the answer has the engine too; its type does not say so.
    const { buffer, engine } = zlib.inflateRawSync(compressed, { info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return engine.bytesWritten === compressed.length ? buffer : null
  } catch {
    return null
  }
}
