// The frame of OpenPGP packets (RFC 9580 §4.2): tag, length in five spellings, and bodies that come in parts. It is ours
// because a log file is one packet of tens of megabytes, and through the library its bytes cost several times the CPU
// (docs/decisions/0008_own_packet_framing.md).
import type { ByteReader } from './byte_reader.ts'
import type { Fail } from './extract_failure.ts'

/** The packets that a log file may hold, by tag. */
export const TAG = {
  public_key_session_key: 1,
  signature: 2,
  passphrase_session_key: 3,
  one_pass_signature: 4,
  compressed: 8,
  encrypted: 9,
  marker: 10,
  literal: 11,
  encrypted_with_integrity: 18,
  encrypted_aead_draft: 20,
  padding: 21,
} as const

type Length =
  | { readonly kind: 'definite'; readonly bytes: number }
  /** One part of a body; another length follows it. */
  | { readonly kind: 'partial'; readonly bytes: number }
  /** The body ends where the bytes end (old format). */
  | { readonly kind: 'indeterminate' }

export interface PacketHeader {
  readonly tag: number
  readonly length: Length
  /** The header as it stands in the file. */
  readonly raw: Uint8Array
}

/** Bodies are handed on in blocks of this size, because gpg writes parts of 8 KiB and every hand-over costs. */
const BLOCK_BYTES = 131_072

/** A piece of so many bytes is handed on as it is: a copy would cost more than the hand-over. */
const LARGE_BYTES = 65_536

const CUT = 'an OpenPGP packet is cut, so the file is not whole'

/** Reads a packet's header; null at the end of the bytes. */
export async function readHeader(reader: ByteReader, fail: Fail): Promise<PacketHeader | null> {
  const first = await reader.byte()
  if (first === null) return null
  if ((first & 0x80) === 0) throw fail('decrypt_corrupt', 'there is no OpenPGP packet where one must begin')
  if ((first & 0x40) !== 0) {
    const { length, raw } = await readNewLength(reader, fail)
    return { tag: first & 0x3f, length, raw: Uint8Array.of(first, ...raw) }
  }
  const tag = (first >> 2) & 0x0f
  const size = [1, 2, 4, 0][first & 0x03] ?? 0
  if (size === 0) return { tag, length: { kind: 'indeterminate' }, raw: Uint8Array.of(first) }
  const raw = await must(reader, size, fail)
  return { tag, length: { kind: 'definite', bytes: bigEndian(raw) }, raw: Uint8Array.of(first, ...raw) }
}

/** Yields a packet's body, each piece valid until the next is asked for; throws decrypt_corrupt when it is cut. */
export async function* packetBody(
  reader: ByteReader,
  header: PacketHeader,
  fail: Fail,
): AsyncGenerator<Uint8Array, void> {
  const block = new Uint8Array(BLOCK_BYTES)
  let filled = 0
  let part = header.length
  for (;;) {
    let left = part.kind === 'indeterminate' ? Number.POSITIVE_INFINITY : part.bytes
    while (left > 0) {
      const wanted = Math.min(left, BLOCK_BYTES - filled)
      const here = reader.here(wanted)
      // Waiting for what is here already would cost more than copying it.
      const piece = here.length > 0 ? here : await reader.some(wanted)
      if (piece === null && part.kind === 'indeterminate') break
      if (piece === null) throw fail('decrypt_corrupt', CUT)
      left -= piece.length
      if (filled === 0 && piece.length >= LARGE_BYTES) {
        yield piece
        continue
      }
      block.set(piece, filled)
      filled += piece.length
      if (filled < BLOCK_BYTES) continue
      yield block
      filled = 0
    }
    if (part.kind !== 'partial') break
    part = partHere(reader) ?? (await readNewLength(reader, fail)).length
  }
  if (filled > 0) yield block.subarray(0, filled)
}

/** Reads a small packet's body whole. Only bulk may come in parts or in the old format without a length. */
export async function readBody(
  reader: ByteReader,
  header: PacketHeader,
  options: { readonly bytes_max: number; readonly fail: Fail },
): Promise<Uint8Array> {
  const { length } = header
  if (length.kind !== 'definite' || length.bytes > options.bytes_max)
    throw options.fail('decrypt_corrupt', `an OpenPGP packet with tag ${header.tag} has an impossible length`)
  return must(reader, length.bytes, options.fail)
}

async function readNewLength(reader: ByteReader, fail: Fail): Promise<{ length: Length; raw: Uint8Array }> {
  const head = await must(reader, 1, fail)
  const first = bigEndian(head)
  if (first < 192) return { length: { kind: 'definite', bytes: first }, raw: head }
  if (isPartial(first)) return { length: { kind: 'partial', bytes: partialBytes(first) }, raw: head }
  const tail = await must(reader, first === 255 ? 4 : 1, fail)
  const bytes = first === 255 ? bigEndian(tail) : (first - 192) * 256 + bigEndian(tail) + 192
  return { length: { kind: 'definite', bytes }, raw: Uint8Array.of(...head, ...tail) }
}

/** Takes the length of a part if it is here already and another part follows; gpg writes one in front of every 8 KiB. */
function partHere(reader: ByteReader): Length | null {
  const first = reader.peekHere()
  if (first === undefined || !isPartial(first)) return null
  reader.here(1)
  return { kind: 'partial', bytes: partialBytes(first) }
}

const isPartial = (first: number): boolean => first > 223 && first < 255

const partialBytes = (first: number): number => 2 ** (first & 0x1f)

async function must(reader: ByteReader, bytes: number, fail: Fail): Promise<Uint8Array> {
  const taken = await reader.exactly(bytes)
  if (taken === null) throw fail('decrypt_corrupt', CUT)
  return taken
}

const bigEndian = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0)
