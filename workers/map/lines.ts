// Cuts a stream of chunks into lines, wherever the chunks end. Memory is bounded by the longest line that counts: of a
// longer one only its length, its hash and whether it is blank are kept, so that a file without newlines does no harm.
//
// States of the line under construction: none (it starts in the present chunk) -> carried (its beginning was copied from
// earlier chunks) -> overlong (over LINE_BYTES_MAX: hashed as it passes). A newline or the end of the file leads to none.
import { LINE_BYTES_MAX } from '../../contracts/limits.ts'
import { COMMENT_SIGN, isOnlyBlank } from './blank_line.ts'
import { StreamingXxh64 } from './xxh64.ts'

const NEWLINE = 0x0a
const NO_BYTES = Buffer.alloc(0)

interface Place {
  /** From 1. */
  readonly line_no: number
  /** Offset of the first byte in the file. */
  readonly byte_offset: number
  /** Bytes without the newline. */
  readonly length: number
}

/** A line in memory. `bytes` is a view that is valid until the next call of the cutter. */
interface WholeLine extends Place {
  readonly kind: 'whole'
  readonly bytes: Buffer
}

/** A line of more than LINE_BYTES_MAX bytes, known only by what was taken while it passed. */
interface OverlongLine extends Place {
  readonly kind: 'overlong'
  readonly hash: bigint
  readonly blank: boolean
}

export type Line = WholeLine | OverlongLine

/** Cuts lines: `feed` a chunk, take `next` until it is null, and so on; after the last chunk take `end` once. */
export class LineCutter {
  #chunk: Buffer = NO_BYTES
  #at = 0
  #carried = NO_BYTES
  #carried_bytes = 0
  #overlong: Overlong | null = null
  #line_no = 0
  #byte_offset = 0

  /** Takes the next chunk; the one before must have been used up. */
  feed(chunk: Uint8Array): void {
    this.#chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#at = 0
  }

  /** Gives the next line that ends in the present chunk; null when another chunk is needed. */
  next(): Line | null {
    const end = this.#chunk.indexOf(NEWLINE, this.#at)
    if (end === -1) {
      this.#carry(this.#chunk.subarray(this.#at))
      this.#at = this.#chunk.length
      return null
    }
    const piece = this.#chunk.subarray(this.#at, end)
    this.#at = end + 1
    return this.#finish(piece, 1)
  }

  /** Gives the line after the last newline, if there is one. */
  end(): Line | null {
    return this.#carried_bytes === 0 && this.#overlong === null ? null : this.#finish(NO_BYTES, 0)
  }

  #finish(piece: Buffer, newline_bytes: number): Line {
    let bytes = piece
    if (this.#carried_bytes > 0 || this.#overlong !== null || piece.length > LINE_BYTES_MAX) {
      this.#carry(piece)
      bytes = this.#carried.subarray(0, this.#carried_bytes)
    }
    const overlong = this.#overlong
    const length = overlong === null ? bytes.length : overlong.length
    const line_no = ++this.#line_no
    const byte_offset = this.#byte_offset
    this.#byte_offset += length + newline_bytes
    this.#carried_bytes = 0
    this.#overlong = null
    if (overlong === null) return { kind: 'whole', bytes, line_no, byte_offset, length }
    return { kind: 'overlong', hash: overlong.digest(), blank: overlong.blank, line_no, byte_offset, length }
  }

  /** Keeps a piece of a line that goes on, or only its traces when the line has become too long. */
  #carry(piece: Buffer): void {
    if (this.#overlong !== null) {
      this.#overlong.add(piece)
      return
    }
    const length = this.#carried_bytes + piece.length
    if (length > LINE_BYTES_MAX) {
      this.#overlong = new Overlong()
      this.#overlong.add(this.#carried.subarray(0, this.#carried_bytes))
      this.#overlong.add(piece)
      this.#carried_bytes = 0
      return
    }
    if (length > this.#carried.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(2 * length, 65_536), LINE_BYTES_MAX))
      this.#carried.copy(grown, 0, 0, this.#carried_bytes)
      this.#carried = grown
    }
    piece.copy(this.#carried, this.#carried_bytes)
    this.#carried_bytes = length
  }
}

class Overlong {
  length = 0
  blank = true
  #comment = false
  readonly #hash = new StreamingXxh64()

  add(piece: Uint8Array): void {
    if (piece.length === 0) return
    if (this.length === 0) this.#comment = piece[0] === COMMENT_SIGN
    if (this.blank && !this.#comment) this.blank = isOnlyBlank(piece)
    this.length += piece.length
    this.#hash.update(piece)
  }

  digest(): bigint {
    return this.#hash.digest()
  }
}
