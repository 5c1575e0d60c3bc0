// A line of more than LINE_BYTES_MAX bytes is never held: its length, its hash and whether it is blank are taken while it
// passes, so that a file without newlines does no harm.
import { COMMENT_SIGN, isOnlyBlank } from './blank_line.ts'
import { StreamingXxh64 } from './xxh64.ts'

/** What is left of an overlong line; `add` its pieces in order. */
export class OverlongLine {
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
