// Puts the pieces of a partial into the results store. Keys carry the hash of the content, so a second attempt at the
// same day finds its parts there, and can never change what a receipt names.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { CalendarDate, Site } from '../../contracts/day.ts'
import type { Fingerprint } from '../../contracts/fingerprint.ts'
import type { Part } from '../../contracts/receipt.ts'
import { partKey } from '../../contracts/store_layout.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import type { Piece } from './piece.ts'

export interface PartialAddress {
  readonly site: Site
  readonly date: CalendarDate
  readonly fingerprint: Fingerprint
}

/** Stores pieces as parts, one after the other, and removes each from scratch. */
export async function writePartial(
  pieces: readonly Piece[],
  given: { readonly results: ObjectStore; readonly address: PartialAddress; readonly signal: AbortSignal },
): Promise<readonly Part[]> {
  const { results, address, signal } = given
  const parts: Part[] = []
  for (const { table, path, rows } of pieces) {
    const sha256 = await sha256Of(path, signal)
    const { size } = await stat(path)
    const key = partKey({ ...address, table, sha256 })
    // 'exists' is as good as 'stored': the key names the bytes.
    await results.putFile(key, path, { create_only: true, signal })
    await rm(path)
    parts.push({ table, key, rows, bytes: size, sha256 })
  }
  return parts
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk)
  return hash.digest('hex')
}
