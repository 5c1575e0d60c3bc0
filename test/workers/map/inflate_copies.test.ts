// The inflater takes several literals at a time and copies by more bytes than a match has. These tests stand at the edges
// of that: where a copy reads what it writes itself, where a piece is full in its midst, and where the data has hardly
// anything but literals of 8 bits, as all data have that were compressed before.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { inflate } from '../../../workers/map/inflate.ts'
import { chunksOf } from './extract_fixture.ts'
import { agreesWithZlib, Damaged, inflated, noise } from './inflate_fixture.ts'

/** Bytes of which one in ten is a zero more than chance would have it: nearly all codes are of 8 bits, a few of others. */
const incompressible = (bytes: number): Buffer => {
  const zeroed = noise(bytes, 'zeroed')
  return Buffer.from(noise(bytes).map((byte, n) => ((zeroed[n] ?? 0) < 25 ? 0 : byte)))
}

suite('inflate()', () => {
  test('copies matches of every length from every near distance, and nothing behind them', async () => {
    const tail = noise(400, 'tail')
    for (let distance = 1; distance <= 130; distance++) {
      const texts: Buffer[] = []
      for (let length = 3; length <= 258; length += distance <= 40 ? 1 : 5) {
        const unit = noise(distance, `${distance} ${length}`)
        texts.push(Buffer.alloc(distance + length, unit), tail.subarray(0, 1 + (length % 7)))
      }
      const whole = Buffer.concat([...texts, tail])
      assert.ok((await inflated(zlib.deflateRawSync(whole), 'deflate')).equals(whole), `distance ${distance}`)
    }
  })

  test('fills a piece in the midst of whatever is written, and goes on with the next', async () => {
    // Two literals to a look-up, literals of 8 bits, and matches of every kind, after a piece that lacks so many bytes.
    const of_16 = Buffer.from(noise(300).toString('hex'))
    const ends = [Buffer.concat([of_16, Buffer.alloc(700, noise(90)), of_16.subarray(100, 400)]), incompressible(900)]
    for (const end of ends)
      for (let lacking = 0; lacking <= 700; lacking += lacking < 20 ? 1 : 7) {
        const whole = Buffer.concat([Buffer.alloc(262_144 - lacking, 'once more '), end])
        const sizes: number[] = []
        const pieces: Buffer[] = []
        const compressed = zlib.gzipSync(whole, { level: 9, strategy: end === ends[0] ? 0 : zlib.constants.Z_FILTERED })
        const options = { compression: 'gzip', damaged: (why: string) => new Damaged(why) } as const
        for await (const piece of inflate(chunksOf(compressed, 501), options)) {
          sizes.push(piece.length)
          pieces.push(Buffer.from(piece))
        }
        assert.ok(Buffer.concat(pieces).equals(whole), `${lacking} bytes lacking`)
        const [first = 0] = sizes
        assert.ok(first === whole.length || (first >= 262_144 && first < 262_144 + 264), sizes.join())
      }
  })

  test('reads data that were compressed before, in pieces of any size', async () => {
    const whole = incompressible(30_000)
    const compressed = zlib.deflateRawSync(whole, { strategy: zlib.constants.Z_HUFFMAN_ONLY })
    assert.ok(compressed.length < 30_000, 'it is not stored')
    for (let chunk_bytes = 1; chunk_bytes < 60; chunk_bytes += chunk_bytes < 26 ? 1 : 7)
      assert.ok((await inflated(compressed, 'deflate', chunk_bytes)).equals(whole), `pieces of ${chunk_bytes} bytes`)
    // A match after every number of literals.
    const again = Buffer.concat([whole, ...Array.from({ length: 300 }, (_, n) => whole.subarray(n * 40, n * 41 + 9))])
    assert.ok((await inflated(zlib.deflateRawSync(again), 'deflate', 700)).equals(again))
  })

  test('accepts and refuses exactly what zlib does when data that were compressed before are damaged or cut', async () => {
    const whole = incompressible(8000)
    const compressed = zlib.deflateRawSync(whole, { strategy: zlib.constants.Z_HUFFMAN_ONLY })
    assert.ok(compressed.length < 8000, 'it is not stored')
    for (let cut = compressed.length; cut > compressed.length - 60; cut--)
      await agreesWithZlib(compressed.subarray(0, cut))
    const flip = fc.tuple(fc.nat({ max: compressed.length - 1 }), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(flip, async ([at, change]) => {
        const flipped = Buffer.from(compressed)
        flipped[at] = (flipped[at] ?? 0) ^ change
        await agreesWithZlib(flipped)
      }),
      { numRuns: 500 },
    )
  })
})
