// The 64-bit hash that recognises repeated lines and orders events of equal time. One WebAssembly instance serves a
// whole thread; without this file each caller would compile its own.
import xxhash, { type XXHashAPI } from 'xxhash-wasm'

let loaded: XXHashAPI | null = null

/**
 * Loads the hash; to be awaited once before the first use. It is no `await` of the module itself: a thread that is ended at the
 * moment when such a module is ready takes its whole process with it (seen with Node 24.21).
 */
export async function prepareXxh64(): Promise<void> {
  loaded ??= await xxhash()
}

/** Bytes handed to WebAssembly at one time, so that a huge line does not grow its memory. */
const STEP_BYTES = 1_048_576

/** Computes XXH64 (seed 0, unsigned) of bytes that are in memory. */
export const xxh64 = (bytes: Uint8Array): bigint => api().h64Raw(bytes)

/** XXH64 of bytes that arrive in pieces and are never held together. */
export class StreamingXxh64 {
  readonly #state = api().create64()

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += STEP_BYTES) this.#state.update(bytes.subarray(at, at + STEP_BYTES))
  }

  digest(): bigint {
    return this.#state.digest()
  }
}

function api(): XXHashAPI {
  if (loaded === null) throw new Error('A hash was wanted before prepareXxh64() had ended')
  return loaded
}
