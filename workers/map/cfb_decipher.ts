// Decryption in OpenPGP's mode, cipher feedback. OpenSSL takes one block after another, as encryption must. Decryption has
// all encrypted blocks beforehand, and the cipher of all of them at once costs a third.
import { type Cipheriv, createCipheriv } from 'node:crypto'

/** A block cipher of OpenSSL, in the mode that takes each block for itself. */
export interface BlockCipher {
  readonly name: string
  readonly key_bytes: number
  readonly block_bytes: number
}

/** Room for what a caller wants in front of the plaintext, in whole words. */
const BEFORE_BYTES_MAX = 32

/** Decrypts a stream that begins with a block of its own in place of an initialisation vector. */
export class CfbDecipher {
  readonly #cipher: Cipheriv
  readonly #block_bytes: number
  /** The last whole encrypted block, and behind it what is there of the next. */
  readonly #last: Uint8Array
  #begun_bytes = 0
  #memory = new Uint8Array(0)

  constructor(cipher: BlockCipher, key: Uint8Array) {
    this.#cipher = createCipheriv(cipher.name, key, null).setAutoPadding(false)
    this.#block_bytes = cipher.block_bytes
    this.#last = new Uint8Array(2 * cipher.block_bytes)
  }

  /** Gives a few bytes and behind them the plaintext of others, which may end anywhere; valid until the next call. */
  update(encrypted: Uint8Array, before = new Uint8Array(0)): Uint8Array {
    const block_bytes = this.#block_bytes
    const begins = BEFORE_BYTES_MAX + block_bytes + this.#begun_bytes
    const ends = begins + encrypted.length
    const bytes = this.#begun_bytes + encrypted.length
    const stream_bytes = Math.ceil(bytes / block_bytes) * block_bytes
    const room = BEFORE_BYTES_MAX + block_bytes + stream_bytes
    if (this.#memory.length < room) this.#memory = new Uint8Array(room)
    const memory = this.#memory
    memory.set(this.#last.subarray(0, block_bytes + this.#begun_bytes), BEFORE_BYTES_MAX)
    memory.set(encrypted, begins)
    // A block's plaintext differs from it by the cipher of the encrypted block before it.
    const stream = this.#cipher.update(memory.subarray(BEFORE_BYTES_MAX, BEFORE_BYTES_MAX + stream_bytes))
    this.#begun_bytes = bytes % block_bytes
    this.#last.set(memory.subarray(ends - this.#begun_bytes - block_bytes, ends))
    combine(memory.subarray(BEFORE_BYTES_MAX + block_bytes, room), stream)
    // Given back at once: a file's worth of these would have the collector look through all of the heap.
    if (stream.length === stream.buffer.byteLength) stream.buffer.transfer(0)
    memory.set(before, begins - before.length)
    return memory.subarray(begins - before.length, ends)
  }
}

/** Combines bytes with others by exclusive or, four at a time: blocks have a multiple of that. */
function combine(bytes: Uint8Array, others: Uint8Array): void {
  const aligned = others.byteOffset % 4 === 0 ? others : new Uint8Array(others)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const other_words = new Uint32Array(aligned.buffer, aligned.byteOffset, words.length)
  for (let n = 0; n < words.length; n++) words[n] = (words[n] ?? 0) ^ (other_words[n] ?? 0)
}
