// The inflater is our own, so zlib is asked about everything that it says: of whole data, of damaged data, in any pieces.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { inflate } from '../../../workers/map/inflate.ts'
import type { Compression } from '../../../workers/map/inflated_text.ts'
import { chunksOf, gather } from './extract_fixture.ts'
import { agreesWithZlib, Damaged, inflated, noise } from './inflate_fixture.ts'

const COMPRESS: Readonly<Record<Compression, (text: Uint8Array, options: zlib.ZlibOptions) => Buffer>> = {
  gzip: zlib.gzipSync,
  zlib: zlib.deflateSync,
  deflate: zlib.deflateRawSync,
}

/** Texts with repetitions near and far, long and short, and with none. */
const text = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(4000)).map(([period, length]) => {
        const unit = noise(period)
        return Buffer.alloc(length, unit)
      }),
      fc.integer({ min: 0, max: 40_000 }).map((length) => noise(length)),
      fc.integer({ min: 0, max: 4000 }).map((length) => Buffer.from(noise(length).map((byte) => 97 + (byte % 7)))),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => Buffer.concat(pieces))

const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    zlib.constants.Z_DEFAULT_STRATEGY,
    zlib.constants.Z_FIXED,
    zlib.constants.Z_HUFFMAN_ONLY,
    zlib.constants.Z_RLE,
    zlib.constants.Z_FILTERED,
  ),
})

const compressions = fc.constantFrom<Compression>('gzip', 'zlib', 'deflate')

suite('inflate()', () => {
  test('gives back what zlib compressed, with any settings and in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        compressions,
        text,
        settings,
        fc.integer({ min: 1, max: 9000 }),
        async (compression, whole, options, chunk_bytes) => {
          const compressed = COMPRESS[compression](whole, options)
          assert.ok((await inflated(compressed, compression, chunk_bytes)).equals(whole))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('gives pieces of about 256 KiB from one memory, whatever the members and their matches across pieces', async () => {
    const line = (n: number): string =>
      `{"n":${n},"event_type":"play_video","again":"${noise(30, String(n % 97)).toString('hex')}"}\n`
    const whole = Buffer.from(Array.from({ length: 20_000 }, (_, n) => line(n)).join(''))
    const cuts = [0, 1, 250_000, 262_144, 262_145, 262_400, 900_000, whole.length]
    const members = cuts
      .slice(1)
      .map((end, n) => zlib.gzipSync(whole.subarray(cuts[n], end), { level: n % 3 === 0 ? 0 : 9 }))
    const memories = new Set<ArrayBufferLike>()
    const sizes: number[] = []
    const pieces: Buffer[] = []
    for await (const piece of inflate(chunksOf(Buffer.concat(members), 100_000), {
      compression: 'gzip',
      damaged: (why) => new Damaged(why),
    })) {
      memories.add(piece.buffer)
      sizes.push(piece.length)
      pieces.push(Buffer.from(piece))
    }
    assert.ok(Buffer.concat(pieces).equals(whole))
    assert.equal(memories.size, 1)
    assert.ok(
      sizes.slice(0, -1).every((bytes) => bytes >= 262_144 && bytes < 262_144 + 264),
      sizes.join(),
    )
  })

  test('gives many tiny members in few pieces', async () => {
    const member = zlib.gzipSync('one line\n')
    const sizes: number[] = []
    const compressed = Buffer.concat(Array.from({ length: 60_000 }, () => member))
    for await (const piece of inflate(chunksOf(compressed), {
      compression: 'gzip',
      damaged: (why) => new Damaged(why),
    }))
      sizes.push(piece.length)
    assert.deepEqual(sizes.length, 3)
    assert.equal(
      sizes.reduce((sum, bytes) => sum + bytes, 0),
      540_000,
    )
  })

  test('accepts and refuses exactly what zlib does when raw data is damaged, and says the same bytes', async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 })
    let accepted = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(text, settings, damage, fc.option(fc.nat()), async (whole, options, flips, cut) => {
        const compressed = zlib.deflateRawSync(whole.subarray(0, 3000), options)
        for (const [at, change] of flips) {
          const place = at % compressed.length
          compressed[place] = (compressed[place] ?? 0) ^ change
        }
        const given = cut === null ? compressed : compressed.subarray(0, cut % (compressed.length + 1))
        if (await agreesWithZlib(given)) accepted++
        else refused++
      }),
      { numRuns: 1500 },
    )
    assert.ok(accepted > 100 && refused > 100, `${accepted} accepted, ${refused} refused`)
  })

  test('accepts and refuses exactly what zlib does of codes that somebody made up', async () => {
    // Three bits of a last block with its own code, then lengths of few values, which now and then make a code.
    const header = fc.tuple(
      fc.integer({ min: 0, max: 31 }),
      fc.integer({ min: 0, max: 31 }),
      fc.array(fc.constantFrom(0, 0, 1, 2, 2, 3, 3, 4, 5, 7), { minLength: 4, maxLength: 19 }),
      fc.uint8Array({ minLength: 0, maxLength: 200 }),
    )
    await fc.assert(
      fc.asyncProperty(header, async ([literals, distances, lengths, rest]) => {
        const bits = [1, 0, 1, ...bitsOf(literals, 5), ...bitsOf(distances, 5), ...bitsOf(lengths.length - 4, 4)]
        for (const length of lengths) bits.push(...bitsOf(length, 3))
        await agreesWithZlib(Buffer.concat([packed(bits), rest]))
      }),
      { numRuns: 3000 },
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await agreesWithZlib(Buffer.from(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  test('refuses gzip and zlib data with any flipped bit in its data or checksums', async () => {
    for (const compression of ['gzip', 'zlib'] as const) {
      const whole = noise(300).toString('hex')
      const compressed = COMPRESS[compression](Buffer.from(whole), {})
      const [first, tail] = compression === 'gzip' ? [10, 9] : [2, 5]
      for (let at = first; at < compressed.length; at++)
        for (let bit = 0; bit < 8; bit++) {
          const flipped = Buffer.from(compressed)
          flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
          // The bits between the end of the data and the checksum belong to nobody.
          const outcome = await inflated(flipped, compression).catch((error: unknown) => error)
          const harmless = outcome instanceof Buffer && outcome.toString() === whole
          assert.ok(outcome instanceof Damaged || (harmless && at === compressed.length - tail), `bit ${bit} of ${at}`)
        }
    }
  })

  test('sums up checksums of the highest bytes without an overflow', async () => {
    for (const bytes of [5551, 5552, 5553, 700_001]) {
      const whole = Buffer.alloc(bytes, 255)
      assert.ok((await inflated(zlib.deflateSync(whole), 'zlib')).equals(whole))
    }
  })

  test('reads headers with everything that gzip allows, wherever they are split, and refuses the rest', async () => {
    const raw = zlib.deflateRawSync('text')
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(zlib.crc32('text'), 0)
    trailer.writeUInt32LE(4, 4)
    const member = (flags: number, extra: Buffer): Buffer => {
      const header = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 255]), extra])
      const crc = Buffer.alloc(2)
      crc.writeUInt16LE(zlib.crc32(header) & 0xffff)
      return Buffer.concat([header, ...((flags & 2) === 0 ? [] : [crc]), raw, trailer])
    }
    const field = Buffer.from([3, 0, 7, 0, 7])
    const name = Buffer.from('name\0')
    const whole = [
      member(0, Buffer.alloc(0)),
      member(1, Buffer.alloc(0)),
      member(2, Buffer.alloc(0)),
      member(4, field),
      member(8, name),
      member(16, name),
      member(31, Buffer.concat([field, name, Buffer.from('a comment\0')])),
      member(4, Buffer.concat([Buffer.from([255, 255]), Buffer.alloc(65_535)])),
    ]
    for (const file of [...whole, Buffer.concat(whole)]) {
      const expected = zlib.gunzipSync(file)
      for (const chunk_bytes of file.length > 60_000 ? [999] : [1, 5, 11, 65_536])
        assert.ok((await inflated(file, 'gzip', chunk_bytes)).equals(expected))
    }
    const bad_crc = member(2, Buffer.alloc(0))
    bad_crc[10] = (bad_crc[10] ?? 0) ^ 1
    for (const file of [
      member(32, Buffer.alloc(0)),
      member(128, Buffer.alloc(0)),
      bad_crc,
      ...whole.map((one) => one.subarray(0, 13)),
    ])
      await assert.rejects(inflated(file, 'gzip', 3), Damaged)
    await assert.rejects(inflated(member(8, Buffer.alloc(1_000_000, 'x')), 'gzip'), Damaged)
  })

  test('refuses a member that refers to the text of the member before it', async () => {
    const dictionary = noise(500)
    const second = zlib.deflateRawSync(dictionary, { dictionary })
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(zlib.crc32(dictionary), 0)
    trailer.writeUInt32LE(500, 4)
    const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
    const file = Buffer.concat([zlib.gzipSync(dictionary), header, second, trailer])
    assert.throws(() => zlib.gunzipSync(file))
    await assert.rejects(inflated(file, 'gzip'), Damaged)
  })

  test('reads its source to the end before it speaks of damage, and lets an error of the source win', async () => {
    let read = 0
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 5; n++) {
        read++
        yield Buffer.from('no gzip at all')
      }
      throw new Error('the source failed')
    }
    const options = { compression: 'gzip', damaged: (why: string) => new Damaged(why) } as const
    await assert.rejects(gather(inflate(source(), options)), /the source failed/)
    assert.equal(read, 5)
  })

  test('serves several streams at one time', async () => {
    const texts = [noise(700_000), Buffer.alloc(700_000, 'abc'), noise(10)]
    const streams = texts.map((whole) =>
      inflate(chunksOf(zlib.gzipSync(whole)), { compression: 'gzip', damaged: (why) => new Damaged(why) }),
    )
    const read: Buffer[][] = texts.map(() => [])
    for (let open = true; open; ) {
      open = false
      for (const [n, stream] of streams.entries()) {
        const next = await stream.next()
        if (next.done === true) continue
        read[n]?.push(Buffer.from(next.value))
        open = true
      }
    }
    assert.ok(texts.every((whole, n) => Buffer.concat(read[n] ?? []).equals(whole)))
  })
})

const bitsOf = (value: number, count: number): number[] => Array.from({ length: count }, (_, n) => (value >> n) & 1)

function packed(bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8))
  for (const [n, bit] of bits.entries()) bytes[n >> 3] = (bytes[n >> 3] ?? 0) | (bit << (n & 7))
  return bytes
}
