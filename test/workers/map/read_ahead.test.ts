// Reading ahead changes when pieces come, never what comes, and lets go of its source however it is left.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAhead } from '../../../workers/map/read_ahead.ts'

interface Source {
  readonly pieces: AsyncIterable<Uint8Array>
  asked: number
  released: boolean
}

function sourceOf(pieces: readonly Uint8Array[], failure?: Error): Source {
  const source: Source = { pieces: yielded(), asked: 0, released: false }
  async function* yielded(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces) {
        source.asked++
        yield piece
      }
      if (failure !== undefined) throw failure
    } finally {
      source.released = true
    }
  }
  return source
}

const bytes = (length: number, value = 0): Uint8Array => new Uint8Array(length).fill(value)

test('readAhead() yields the same bytes in two blocks of the asked size that take turns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 9 })),
      fc.integer({ min: 1, max: 20 }),
      async (pieces, size) => {
        const source = sourceOf(pieces)
        const memories = new Set<ArrayBufferLike>()
        const blocks: Buffer[] = []
        for await (const block of readAhead(source.pieces, size)) {
          memories.add(block.buffer)
          // The next block must be able to come without this one being touched.
          await new Promise(setImmediate)
          blocks.push(Buffer.from(block))
        }
        assert.ok(memories.size <= 2)
        assert.deepEqual(Buffer.concat(blocks), Buffer.concat(pieces))
        assert.ok(blocks.slice(0, -1).every((block) => block.length === size))
        assert.ok(blocks.every((block) => block.length > 0))
        assert.ok(source.released)
      },
    ),
  )
})

test('readAhead() asks for the next block before this one is used, and for no more', async () => {
  const source = sourceOf([bytes(4), bytes(4), bytes(4), bytes(4), bytes(4)])
  const blocks = readAhead(source.pieces, 4)
  await blocks.next()
  await new Promise(setImmediate)
  assert.equal(source.asked, 2)
  await blocks.return()
  assert.ok(source.released)
})

test('readAhead() throws the failure of its source after what came whole before it', async () => {
  const source = sourceOf([bytes(4, 1), bytes(2, 2)], new Error('the line broke'))
  const seen: number[] = []
  await assert.rejects(async () => {
    for await (const block of readAhead(source.pieces, 4)) seen.push(block.length)
  }, /the line broke/)
  assert.deepEqual(seen, [4])
})

test('readAhead() lets go of a source whose next block fails after it was left', async () => {
  const source = sourceOf([bytes(4)], new Error('too late to hear'))
  for await (const _ of readAhead(source.pieces, 4)) break
  assert.ok(source.released)
})
