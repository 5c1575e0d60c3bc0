// The 64-bit hash that recognises repeated lines and orders events of equal time. One WebAssembly instance serves a
// whole thread; without this file each caller would compile its own.
import xxhash from 'xxhash-wasm'

const api = await xxhash()

/** Bytes handed to WebAssembly at one time, so that a huge line does not grow its memory. */
const STEP_BYTES = 1_048_576

/** Computes XXH64 (seed 0, unsigned) of bytes that are in memory. */
export const xxh64 = (bytes: Uint8Array): bigint => api.h64Raw(bytes)

/** XXH64 of bytes that arrive in pieces and are never held together. */
export class StreamingXxh64 {
  readonly #state = api.create64()

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += STEP_BYTES) this.#state.update(bytes.subarray(at, at + STEP_BYTES))
  }

  digest(): bigint {
    return this.#state.digest()
  }
}
