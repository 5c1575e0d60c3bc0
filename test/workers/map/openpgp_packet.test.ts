// gpg writes only some of the spellings of a packet's length; other programs write the others.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { ByteReader } from '../../../workers/map/byte_reader.ts'
import { failureOf } from '../../../workers/map/extract_failure.ts'
import { packetBody, readBody, readHeader } from '../../../workers/map/openpgp_packet.ts'
import { chunksOf, gather } from './extract_fixture.ts'

const fail = failureOf('x.log.gz.gpg')

function bigEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, n) => Math.floor(value / 256 ** (bytes - 1 - n)) % 256)
}

/** A new-format length in its shortest spelling. */
function newLength(bytes: number): number[] {
  if (bytes < 192) return [bytes]
  if (bytes < 8384) return [192 + Math.floor((bytes - 192) / 256), (bytes - 192) % 256]
  return [255, ...bigEndian(bytes, 4)]
}

function inParts(body: Buffer): Buffer {
  const pieces: Uint8Array[] = [Buffer.from([0xd2])]
  let at = 0
  for (; at + 512 <= body.length; at += 512) pieces.push(Buffer.from([224 + 9]), body.subarray(at, at + 512))
  return Buffer.concat([...pieces, Buffer.from(newLength(body.length - at)), body.subarray(at)])
}

const SPELLINGS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  'new, shortest': (body) => Buffer.concat([Buffer.from([0xd2, ...newLength(body.length)]), body]),
  'new, four bytes': (body) => Buffer.concat([Buffer.from([0xd2, 255, ...bigEndian(body.length, 4)]), body]),
  'new, parts of 512': inParts,
  'old, two bytes': (body) => Buffer.concat([Buffer.from([0x80 | (9 << 2) | 1, ...bigEndian(body.length, 2)]), body]),
  'old, four bytes': (body) => Buffer.concat([Buffer.from([0x80 | (9 << 2) | 2, ...bigEndian(body.length, 4)]), body]),
  'old, to the end': (body) => Buffer.concat([Buffer.from([0x80 | (9 << 2) | 3]), body]),
}

suite('packetBody()', () => {
  for (const [spelling, write] of Object.entries(SPELLINGS)) {
    test(`reads a body of any length, in any chunks, from the spelling "${spelling}"`, async () => {
      const lengths = fc.oneof(
        fc.constantFrom(0, 1, 191, 192, 511, 512, 8383, 8384),
        fc.integer({ min: 0, max: 60_000 }),
      )
      await fc.assert(
        fc.asyncProperty(lengths, fc.integer({ min: 1, max: 5000 }), async (length, chunk_bytes) => {
          const body = Buffer.from(Array.from({ length }, (_, n) => n % 251))
          const reader = new ByteReader(chunksOf(write(body), chunk_bytes))
          const header = await readHeader(reader, fail)
          assert.ok(header !== null)
          assert.equal(header.tag, spelling.startsWith('old') ? 9 : 18)
          assert.ok((await gather(packetBody(reader, header, fail))).equals(body))
          assert.equal(await readHeader(reader, fail), null)
        }),
        { numRuns: 40 },
      )
    })

    // A body that ends where the bytes end cannot show a cut; the digest inside it does.
    if (spelling === 'old, to the end') continue
    test(`notices a cut in the spelling "${spelling}"`, async () => {
      const whole = write(Buffer.alloc(1500, 7))
      const cuts = [1, 2, 3, 600, whole.length - 1]
      for (const cut of cuts) {
        const reader = new ByteReader(chunksOf(whole.subarray(0, cut), 100))
        await assert.rejects(
          async () => {
            const header = await readHeader(reader, fail)
            if (header !== null) await gather(packetBody(reader, header, fail))
          },
          { code: 'decrypt_corrupt' },
          `cut after ${cut}`,
        )
      }
    })
  }

  test('hands a large body on in blocks, whatever its parts and chunks', async () => {
    const body = Buffer.alloc(400_000, 1)
    const reader = new ByteReader(chunksOf(inParts(body), 333))
    const header = await readHeader(reader, fail)
    assert.ok(header !== null)
    const sizes: number[] = []
    for await (const block of packetBody(reader, header, fail)) sizes.push(block.length)
    assert.deepEqual(sizes, [131_072, 131_072, 131_072, 400_000 - 3 * 131_072])
  })

  test('hands on a large piece as it is, between pieces that it gathers', async () => {
    const body = Buffer.from(Array.from({ length: 500_000 }, (_, n) => (n >> 3) % 251))
    for (const chunk_bytes of [65_000, 65_536, 100_000, 131_072, 200_000, 600_000])
      for (const spelling of ['new, four bytes', 'old, to the end']) {
        const reader = new ByteReader(chunksOf(SPELLINGS[spelling]?.(body) ?? body, chunk_bytes))
        const header = await readHeader(reader, fail)
        assert.ok(header !== null)
        assert.ok((await gather(packetBody(reader, header, fail))).equals(body), `${spelling}, ${chunk_bytes} bytes`)
        assert.equal(await readHeader(reader, fail), null)
      }
  })
})

test('readBody() refuses parts and lengths that no small packet has', async () => {
  for (const bytes of [[0xc1, 224 + 9, 0], [0x84 | 3], [0xc1, 255, 0, 1, 0, 0]]) {
    const reader = new ByteReader(chunksOf(Buffer.from([...bytes, ...new Array(70_000).fill(0)])))
    const header = await readHeader(reader, fail)
    assert.ok(header !== null)
    await assert.rejects(readBody(reader, header, { bytes_max: 8192, fail }), { code: 'decrypt_corrupt' })
  }
})
