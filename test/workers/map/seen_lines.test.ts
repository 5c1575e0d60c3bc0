// A hash forgotten counts a line twice; one made up loses a line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SeenLines } from '../../../workers/map/seen_lines.ts'
import { xxh64 } from '../../../workers/map/xxh64.ts'

const halvesOf = (hash: bigint): [low: number, high: number] => [Number(hash & 0xffff_ffffn), Number(hash >> 32n)]

test('SeenLines says of every hash what a Set says, 0 and crowded slots included', () => {
  const crowded = fc.tuple(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: 20n }))
  const hash = fc.oneof(
    crowded.map(([high, low]) => (high << 56n) | (low << 5n)),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  )
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 300 }), (hashes) => {
      const seen = new SeenLines()
      const expected = new Set<bigint>()
      for (const value of hashes) {
        assert.equal(seen.add(...halvesOf(value)), !expected.has(value))
        expected.add(value)
      }
    }),
  )
})

test('SeenLines grows without forgetting', () => {
  const seen = new SeenLines()
  const hashes = Array.from({ length: 100_000 }, (_, number) => xxh64(Buffer.from(String(number))))
  assert.ok(hashes.every((hash) => seen.add(...halvesOf(hash))))
  assert.ok(hashes.every((hash) => !seen.add(...halvesOf(hash))))
})
