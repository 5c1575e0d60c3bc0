// Reading and computing take turns unless somebody reads ahead: while a thread is busy with lines, nobody asks for the next
// piece, and every small piece then costs it a wait. So pieces are gathered to blocks, and the next block is asked for
// before this one is used.

/** Yields what `source` yields, in blocks of at least `block_bytes` but for the last, one block ahead. */
export async function* readAhead(
  source: AsyncIterable<Uint8Array>,
  block_bytes: number,
): AsyncGenerator<Uint8Array, void> {
  const pieces = source[Symbol.asyncIterator]()
  const gather = async (): Promise<Block> => {
    const gathered: Uint8Array[] = []
    let bytes = 0
    while (bytes < block_bytes) {
      const piece = await pieces.next()
      if (piece.done === true) return { bytes: joined(gathered), last: true }
      gathered.push(piece.value)
      bytes += piece.value.length
    }
    return { bytes: joined(gathered), last: false }
  }
  let ahead = gather()
  try {
    for (;;) {
      const block = await ahead
      if (!block.last) {
        ahead = gather()
        // It is heard when its turn comes; until then a failure must not end the thread.
        ahead.catch(() => undefined)
      }
      if (block.bytes.length > 0) yield block.bytes
      if (block.last) return
    }
  } finally {
    await pieces.return?.()
  }
}

interface Block {
  readonly bytes: Uint8Array
  readonly last: boolean
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)
}
