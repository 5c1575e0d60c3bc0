// Puts the pieces of a partial into the results store. Keys carry the hash of the content, so a second attempt at the
// same day finds its parts there, and can never change what a receipt names.
import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, unlink } from 'node:fs/promises'
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

/** Parts on their way at one time: of the time that one takes, most is waiting for the store. */
const PARTS_AT_ONCE = 4
/** A piece up to this size, as most are, is read once and stored from memory; a larger one is read for its hash first. */
const WHOLE_BYTES_MAX = 1_048_576

interface Storing {
  readonly results: ObjectStore
  readonly address: PartialAddress
  readonly signal: AbortSignal
}

/**
 * Stores pieces as parts, which come in the order of the pieces, and removes each from scratch; `stored` hears of every one. When
 * one cannot be stored, those on their way are waited for.
 */
export async function writePartial(
  pieces: readonly Piece[],
  { stored, ...storing }: Storing & { readonly stored?: () => void },
): Promise<readonly Part[]> {
  const parts: Part[] = []
  const failures: unknown[] = []
  const left = pieces.entries()
  const storeSome = async (): Promise<void> => {
    for (const [index, piece] of left) {
      if (failures.length > 0) return
      try {
        parts[index] = await storePiece(piece, storing)
        stored?.()
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, storeSome))
  if (failures.length > 0) throw failures[0]
  return parts
}

async function storePiece({ table, path, rows }: Piece, { results, address, signal }: Storing): Promise<Part> {
  // Not left to the reading of files, which would tell that it was stopped and not why.
  signal.throwIfAborted()
  const { size } = await stat(path)
  const whole = size <= WHOLE_BYTES_MAX ? await readFile(path) : null
  const sha256 = whole === null ? await sha256Of(path, signal) : hash('sha256', whole)
  const key = partKey({ ...address, table, sha256 })
  // 'exists' is as good as 'stored': the key names the bytes.
  const options = { create_only: true, signal }
  if (whole === null) await results.putFile(key, path, options)
  else await results.put(key, whole, options)
  await unlink(path)
  return { table, key, rows, bytes: size, sha256 }
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path)) {
    signal.throwIfAborted()
    digest.update(chunk)
  }
  return digest.digest('hex')
}
