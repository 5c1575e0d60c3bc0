// Decryption in OpenPGP's mode, cipher feedback. OpenSSL takes one block after another, as encryption must. Decryption has
// all encrypted blocks beforehand, and the cipher of all of them at once costs a third.
import { type Cipheriv, createCipheriv } from 'node:crypto'

/** A block cipher of OpenSSL, in the mode that takes each block for itself. */
export interface BlockCipher {
  readonly name: string
  readonly key_bytes: number
  readonly block_bytes: number
}

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

  /** Gives the plaintext of so many bytes, wherever they end; it is valid until the next call. */
  update(encrypted: Uint8Array): Uint8Array {
    const block_bytes = this.#block_bytes
    const begins = block_bytes + this.#begun_bytes
    const ends = begins + encrypted.length
    const stream_bytes = Math.ceil((ends - block_bytes) / block_bytes) * block_bytes
    if (this.#memory.length < block_bytes + stream_bytes) this.#memory = new Uint8Array(block_bytes + stream_bytes)
    const memory = this.#memory
    memory.set(this.#last.subarray(0, begins))
    memory.set(encrypted, begins)
    // A block's plaintext differs from it by the cipher of the encrypted block before it.
    const stream = this.#cipher.update(memory.subarray(0, stream_bytes))
    const last = ends - block_bytes - ((ends - block_bytes) % block_bytes)
    this.#last.set(memory.subarray(last, ends))
    this.#begun_bytes = ends - block_bytes - last
    combine(memory.subarray(block_bytes, block_bytes + stream_bytes), stream)
    // Given back at once: a file's worth of these would have the collector look through all of the heap.
    if (stream.length === stream.buffer.byteLength) stream.buffer.transfer(0)
    return memory.subarray(begins, ends)
  }
}

/** Combines bytes with others by exclusive or, four at a time: blocks have a multiple of that. */
function combine(bytes: Uint8Array, others: Uint8Array): void {
  const aligned = others.byteOffset % 4 === 0 ? others : new Uint8Array(others)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const other_words = new Uint32Array(aligned.buffer, aligned.byteOffset, words.length)
  for (let n = 0; n < words.length; n++) words[n] = (words[n] ?? 0) ^ (other_words[n] ?? 0)
}
