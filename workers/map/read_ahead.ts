// Reading and computing take turns unless somebody reads ahead: while a thread is busy with lines, nobody asks for the next
// piece, and every small piece then costs it a wait. So pieces are gathered to blocks, and the next block is asked for
// before this one is used.

/**
 * Yields what `source` yields, in blocks of `block_bytes` but for the last, one block ahead. There are two blocks in all:
 * one that was yielded is filled anew when the next is asked for.
 */
export async function* readAhead(
  source: AsyncIterable<Uint8Array>,
  block_bytes: number,
): AsyncGenerator<Uint8Array, void> {
  const pieces = source[Symbol.asyncIterator]()
  /** What of the last piece found no room in its block. */
  let rest: Uint8Array = new Uint8Array(0)
  const fill = async (memory: Uint8Array): Promise<Block> => {
    let filled = 0
    while (filled < block_bytes) {
      if (rest.length === 0) {
        const piece = await pieces.next()
        if (piece.done === true) return { memory, filled, last: true }
        rest = piece.value
      }
      const part = rest.subarray(0, block_bytes - filled)
      memory.set(part, filled)
      filled += part.length
      rest = rest.subarray(part.length)
    }
    return { memory, filled, last: false }
  }
  let ahead = fill(new Uint8Array(block_bytes))
  let spare: Uint8Array | null = null
  try {
    for (;;) {
      const block = await ahead
      if (!block.last) {
        ahead = fill(spare ?? new Uint8Array(block_bytes))
        // It is heard when its turn comes; until then a failure must not end the thread.
        ahead.catch(() => undefined)
      }
      if (block.filled > 0) yield block.memory.subarray(0, block.filled)
      if (block.last) return
      spare = block.memory
    }
  } finally {
    await pieces.return?.()
  }
}

interface Block {
  readonly memory: Uint8Array
  readonly filled: number
  readonly last: boolean
}
