// Packet framing asks for one byte here and four there, while bytes come in chunks of any size. Without this reader
// every parser would have its own idea of a chunk's end.

const NOTHING = new Uint8Array(0)

/**
 * Reads a chunked byte sequence front to back. What `some`, `here` and `rest` give are views of the source's chunks, valid until
 * the next call; what `exactly` gives is a copy.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = NOTHING
  #offset = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Tells the next byte without taking it; null at the end. */
  async peek(): Promise<number | null> {
    while (this.#offset === this.#chunk.length) {
      const next = await this.#source.next()
      if (next.done === true) return null
      this.#chunk = next.value
      this.#offset = 0
    }
    return this.#chunk[this.#offset] ?? null
  }

  async byte(): Promise<number | null> {
    const byte = await this.peek()
    if (byte !== null) this.#offset += 1
    return byte
  }

  /** Takes at least one byte and at most `bytes_max`, as they lie; null at the end. */
  async some(bytes_max: number): Promise<Uint8Array | null> {
    if ((await this.peek()) === null) return null
    return this.here(bytes_max)
  }

  /** Takes at most `bytes_max` bytes of those that need no waiting, which may be none. */
  here(bytes_max: number): Uint8Array {
    const taken = this.#chunk.subarray(this.#offset, this.#offset + bytes_max)
    this.#offset += taken.length
    return taken
  }

  /** Tells the next byte without taking it, if it needs no waiting. */
  peekHere(): number | undefined {
    return this.#chunk[this.#offset]
  }

  /** Takes `bytes` bytes; null when the sequence ends before them. */
  async exactly(bytes: number): Promise<Uint8Array | null> {
    const taken = new Uint8Array(bytes)
    let filled = 0
    while (filled < bytes) {
      const piece = await this.some(bytes - filled)
      if (piece === null) return null
      taken.set(piece, filled)
      filled += piece.length
    }
    return taken
  }

  /** Yields all that is left. */
  async *rest(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const piece = await this.some(Number.POSITIVE_INFINITY)
      if (piece === null) return
      yield piece
    }
  }

  /** Takes all that is left and gives nothing of it. */
  async drain(): Promise<void> {
    while ((await this.some(Number.POSITIVE_INFINITY)) !== null);
  }

  /** Lets the source go; whoever abandons a reader before its end must call it. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }
}
