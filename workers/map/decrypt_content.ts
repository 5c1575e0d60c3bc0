// Inside the encryption lies a message of its own: gpg compresses what it gets on standard input, gzip or not, and wraps
// it as literal data. This takes these wrappings off, one by one, without holding more than a block.
import { ByteReader } from './byte_reader.ts'
import type { Fail } from './extract_failure.ts'
import { inflate } from './inflate.ts'
import type { Compression } from './inflated_text.ts'
import { type PacketHeader, packetBody, readBody, readHeader, TAG } from './openpgp_packet.ts'

interface ContentOptions {
  readonly fail: Fail
  /** Hears when the literal data were made. */
  readonly dated: (date: Date) => void
  /** Throws when so many bytes cannot be honest. */
  readonly expanded: (bytes: number) => void
}

/** Compressed packets inside one another; gpg makes one at most. */
const COMPRESSION_DEPTH_MAX = 2

/** A marker, a padding or a signature around the data; larger ones are not honest. */
const SMALL_PACKET_BYTES_MAX = 1_048_576

/**
 * Yields the literal data of a decrypted message, and reads on to its end, so that its digest is checked. Whatever else
 * is wrong with it is believed after that only: a wrong key makes nonsense of everything.
 */
export async function* literalContent(
  message: AsyncIterable<Uint8Array>,
  options: ContentOptions,
): AsyncGenerator<Uint8Array, void> {
  const reader = new ByteReader(message)
  try {
    yield* literalPackets(reader, options, 0)
  } catch (error) {
    await reader.drain()
    throw error
  } finally {
    await reader.close()
  }
}

async function* literalPackets(
  reader: ByteReader,
  options: ContentOptions,
  depth: number,
): AsyncGenerator<Uint8Array, void> {
  const { fail } = options
  let found = false
  for (;;) {
    const header = await readHeader(reader, fail)
    if (header === null) break
    if (header.tag === TAG.literal || header.tag === TAG.compressed) {
      if (found) throw fail('decrypt_corrupt', 'the message inside holds several pieces of data')
      found = true
      const body = new ByteReader(packetBody(reader, header, fail))
      yield* header.tag === TAG.literal ? literal(body, options) : decompressed(body, options, depth)
    } else await skip(reader, header, fail)
  }
  if (!found) throw fail('decrypt_corrupt', 'the message inside holds no data')
}

async function* literal(body: ByteReader, { fail, dated }: ContentOptions): AsyncGenerator<Uint8Array, void> {
  const head = await body.exactly(2)
  const name = head === null ? null : await body.exactly(head[1] ?? 0)
  const seconds = name === null ? null : await body.exactly(4)
  if (seconds === null) throw fail('decrypt_corrupt', 'its literal packet is cut')
  dated(new Date(new DataView(seconds.buffer).getUint32(0) * 1000))
  yield* body.rest()
}

async function* decompressed(
  body: ByteReader,
  options: ContentOptions,
  depth: number,
): AsyncGenerator<Uint8Array, void> {
  const { fail } = options
  if (depth === COMPRESSION_DEPTH_MAX) throw fail('bomb', 'its compressed packets lie inside one another')
  const algorithm = await body.byte()
  const reader = new ByteReader(algorithm === 0 ? body.rest() : inflated(body, algorithm, options))
  try {
    yield* literalPackets(reader, options, depth + 1)
  } finally {
    await reader.close()
  }
}

/** OpenPGP's numbers (RFC 9580 §9.4). */
const COMPRESSIONS: Readonly<Record<number, Compression>> = { 1: 'deflate', 2: 'zlib' }

async function* inflated(
  body: ByteReader,
  algorithm: number | null,
  { fail, expanded }: ContentOptions,
): AsyncGenerator<Uint8Array, void> {
  const compression = algorithm === null ? undefined : COMPRESSIONS[algorithm]
  if (compression === undefined)
    throw fail('decrypt_unsupported', `its inner compression (${algorithm === 3 ? 'BZip2' : algorithm}) is not read`)
  const damaged = (why: string): Error => fail('decrypt_corrupt', `${why}, inside the encryption`)
  let total = 0
  for await (const piece of inflate(body.rest(), { compression, damaged })) {
    total += piece.length
    expanded(total)
    yield piece
  }
}

const SKIPPED: readonly number[] = [TAG.signature, TAG.one_pass_signature, TAG.marker, TAG.padding]

async function skip(reader: ByteReader, header: PacketHeader, fail: Fail): Promise<void> {
  if (!SKIPPED.includes(header.tag))
    throw fail('decrypt_corrupt', `the message inside holds a packet with tag ${header.tag}, which is not data`)
  await readBody(reader, header, { bytes_max: SMALL_PACKET_BYTES_MAX, fail })
}
