// Strings get into DuckDB's memory many at a time: they cross as one, and what refers to each (`duckdb_string_t` of DuckDB's
// C API: a length, then up to 12 bytes inline, or 4 bytes and a pointer) is made here of the address of the whole. A call per
// string cost more than most statements that read them.
import { VARCHAR } from '@duckdb/node-api'
import bindings, { type DataChunk } from '@duckdb/node-bindings'

export const STRING_WORDS = 4
export const STRING_BYTES = 16

const INLINE_BYTES = 12

/** Bytes that cross at a time, or one longer string. */
const BLOCK_BYTES = 262_144

/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const UNIT_BYTES = 3

/** Rows of one vector. */
export const VECTOR_ROWS = bindings.vector_size()

/** Strings as DuckDB refers to them: four words of each at its code; code 0 is the empty one. */
export type Dictionary = Uint32Array

/**
 * Strings in DuckDB's memory, which rows point into. It is given back when it is cleared: left to the garbage collector,
 * which knows nothing of its size, the strings of many slices would wait for it.
 */
export class StringRoom {
  readonly #block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  readonly #chunks: DataChunk[] = []
  #blocks = 0

  /** Stores strings; their dictionary holds until the room is cleared. */
  store(values: readonly string[]): Dictionary {
    const words = new Uint32Array((values.length + 1) * STRING_WORDS)
    let from = 0
    while (from < values.length) from = this.#storeBlock(values, from, words)
    return words
  }

  /** Stores the strings from a place on that fit into one block, and tells where the next one begins. */
  #storeBlock(values: readonly string[], from: number, words: Uint32Array): number {
    const first_bytes_max = (values[from]?.length ?? 0) * UNIT_BYTES
    const block = first_bytes_max > BLOCK_BYTES ? Buffer.allocUnsafeSlow(first_bytes_max) : this.#block
    let used = 0
    let to = from
    for (; to < values.length; to++) {
      const value = values[to] ?? ''
      if (used + value.length * UNIT_BYTES > block.length) break
      const length = block.write(value, used)
      words[(to + 1) * STRING_WORDS] = length
      used += length
    }
    const address = this.#put(block.subarray(0, used))
    const bytes = new Uint8Array(words.buffer)
    let at = 0
    for (let index = from; index < to; index++) {
      const word = (index + 1) * STRING_WORDS
      const length = words[word] ?? 0
      const inline = length <= INLINE_BYTES
      const target = word * 4 + 4
      for (let byte = 0; byte < (inline ? length : 4); byte++) bytes[target + byte] = block[at + byte] ?? 0
      if (!inline) {
        const low = address.low + at
        words[word + 2] = low
        words[word + 3] = address.high + Math.floor(low / 0x1_0000_0000)
      }
      at += length
    }
    return to
  }

  /** Copies bytes into DuckDB's memory and tells where they are; of so few that they need no place of their own, nothing. */
  #put(bytes: Uint8Array): Address {
    if (bytes.length <= INLINE_BYTES) return { low: 0, high: 0 }
    const row = this.#blocks % VECTOR_ROWS
    const number = (this.#blocks - row) / VECTOR_ROWS
    const chunk = this.#chunks[number] ?? bindings.create_data_chunk([VARCHAR.toLogicalType().logical_type])
    this.#chunks[number] = chunk
    this.#blocks += 1
    const vector = bindings.data_chunk_get_vector(chunk, 0)
    bindings.vector_assign_string_element_len(vector, row, bytes)
    const end = (row + 1) * STRING_BYTES
    const data = bindings.vector_get_data(vector, end)
    const pointer = new DataView(data.buffer, data.byteOffset + end - 8, 8)
    return { low: pointer.getUint32(0, true), high: pointer.getUint32(4, true) }
  }

  /** Forgets all strings. */
  clear(): void {
    for (const chunk of this.#chunks.slice(0, Math.ceil(this.#blocks / VECTOR_ROWS))) bindings.data_chunk_reset(chunk)
    this.#blocks = 0
  }
}

/** The halves of an address. */
interface Address {
  readonly low: number
  readonly high: number
}
