// A hash forgotten counts a line twice; one made up loses a line.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { SeenLines } from '../../../workers/map/seen_lines.ts'
import { prepareXxh64, xxh64 } from '../../../workers/map/xxh64.ts'

await prepareXxh64()

let scratch: string
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'millrace-seen-'))
})
after(() => rm(scratch, { recursive: true }))

const halvesOf = (hash: bigint): [low: number, high: number] => [Number(hash & 0xffff_ffffn), Number(hash >> 32n)]

/** Few values for each of the parts that the table and the scratch file tell apart: bucket, mark, lower half. */
const crowded = fc
  .tuple(fc.constantFrom(0n, 1n, 0xffffn), fc.constantFrom(0n, 1n, 0xffffn), fc.bigInt({ min: 0n, max: 9n }))
  .map(([bucket, mark, low]) => (bucket << 48n) | (mark << 32n) | low)

for (const slots_max of [8, 64, undefined])
  test(`SeenLines of at most ${slots_max ?? 'the usual'} slots says of every hash what a Set says`, () => {
    const hash = fc.oneof(crowded, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 300, size: 'max' }), fc.boolean(), (hashes, again) => {
        using seen = new SeenLines({ scratch, ...(slots_max === undefined ? {} : { slots_max }) })
        const expected = new Set<bigint>()
        for (const value of again ? [...hashes, ...hashes] : hashes) {
          assert.equal(seen.add(...halvesOf(value)), !expected.has(value))
          expected.add(value)
        }
      }),
    )
  })

test('SeenLines grows and spills without forgetting', () => {
  const hashes = Array.from({ length: 100_000 }, (_, number) => halvesOf(xxh64(Buffer.from(String(number)))))
  for (const slots_max of [2 ** 14, 2 ** 21]) {
    using seen = new SeenLines({ scratch, slots_max })
    assert.ok(hashes.every((hash) => seen.add(...hash)))
    assert.ok(hashes.every((hash) => !seen.add(...hash)))
  }
})

test('SeenLines leaves no file, not even while it is used', async () => {
  using seen = new SeenLines({ scratch, slots_max: 8 })
  using other = new SeenLines({ scratch, slots_max: 8 })
  for (let n = 1; n < 100; n++) assert.ok(seen.add(n, n) && other.add(n, 2 * n))
  assert.deepEqual(await readdir(scratch), [])
})
