// From an encrypted object to the bytes that edX handed to gpg. The head of the file goes to the key service, and only
// this file's session key comes back: no worker ever holds a private key.

import { ERROR_CODES, MillraceError } from '../../contracts/errors.ts'
import type { SessionKeyReply } from '../../contracts/key_exchange.ts'
import { ByteReader } from './byte_reader.ts'
import { literalContent } from './decrypt_content.ts'
import { decryptWithIntegrity, isNativeCipher, type SessionKey } from './decrypt_integrity.ts'
import type { Fail } from './extract_failure.ts'
import { type PacketHeader, packetBody, readBody, readHeader, TAG } from './openpgp_packet.ts'

export interface DecryptOptions {
  /** Asks the key service with the file's session-key packets, as they stand in it. */
  readonly sessionKey: (packets: Uint8Array) => Promise<SessionKeyReply>
  readonly allow_unauthenticated: boolean
  readonly fail: Fail
  /** Throws when so many bytes cannot come of this file. */
  readonly expanded: (bytes: number) => void
  readonly bytes_max: number
  /** Hears the seconds that decryption computed. */
  readonly spent: (seconds: number) => void
}

export interface Decrypted {
  /** Throws at its end unless everything was intact. */
  readonly content: AsyncIterable<Uint8Array>
  /** Key id, 16 upper-case hexadecimal digits, that opened the file. */
  readonly key_id: string
  /** When the message was made, as it says; null before it was read, and for the rare shapes. */
  encryptedAt(): Date | null
}

/** Reads the head of `file` and gets its session key; the content then streams. */
export async function decrypt(file: AsyncIterable<Uint8Array>, options: DecryptOptions): Promise<Decrypted> {
  const reader = new ByteReader(file)
  try {
    const { recipients, packets, encrypted } = await readHead(reader, options.fail)
    if (encrypted.tag === TAG.encrypted && !options.allow_unauthenticated)
      throw options.fail('decrypt_unauthenticated', 'it has no integrity packet, and such files are not allowed')
    if (recipients === 0) throw options.fail('no_key', 'it was encrypted with a passphrase and to no key')
    const { session_key, key_id } = await requestSessionKey(packets, options)
    let made_at: Date | null = null
    const dated = (date: Date): void => {
      made_at = date
    }
    const content = await contentOf(reader, encrypted, { session_key, dated, options })
    return { content, key_id, encryptedAt: () => made_at }
  } catch (error) {
    await reader.close()
    throw error
  }
}

interface Head {
  readonly recipients: number
  /** The public-key session-key packets, header and body. */
  readonly packets: Uint8Array
  readonly encrypted: PacketHeader
}

/** edX encrypts to a handful of keys; more packets than these are not a log file's. */
const HEAD_PACKETS_MAX = 64
/** A session-key packet for the largest keys in use (RSA 16384) has about 2 KiB. */
const HEAD_PACKET_BYTES_MAX = 8192

const ENCRYPTED: readonly number[] = [TAG.encrypted, TAG.encrypted_with_integrity, TAG.encrypted_aead_draft]
const SKIPPED: readonly number[] = [TAG.passphrase_session_key, TAG.marker, TAG.padding]

async function readHead(reader: ByteReader, fail: Fail): Promise<Head> {
  const first = await reader.peek()
  if (first === null) throw fail('not_openpgp', 'it is empty')
  if ((first & 0x80) === 0) throw fail('not_openpgp', 'it does not begin with an OpenPGP packet')
  const packets: Uint8Array[] = []
  for (let count = 0; count <= HEAD_PACKETS_MAX; count += 1) {
    const header = await readHeader(reader, fail)
    if (header === null) throw fail('decrypt_corrupt', 'it is cut before its encrypted data')
    if (ENCRYPTED.includes(header.tag))
      return { recipients: packets.length, packets: Buffer.concat(packets), encrypted: header }
    if (header.tag !== TAG.public_key_session_key && !SKIPPED.includes(header.tag))
      throw fail('not_openpgp', `it is not an encrypted message: it holds a packet with tag ${header.tag}`)
    const body = await readBody(reader, header, { bytes_max: HEAD_PACKET_BYTES_MAX, fail })
    if (header.tag === TAG.public_key_session_key) packets.push(Buffer.concat([header.raw, body]))
  }
  throw fail('not_openpgp', `more than ${HEAD_PACKETS_MAX} packets stand before its encrypted data`)
}

async function requestSessionKey(
  packets: Uint8Array,
  { sessionKey, fail }: DecryptOptions,
): Promise<{ session_key: SessionKey; key_id: string }> {
  const reply = await sessionKey(packets).catch((cause: unknown) => {
    if (cause instanceof MillraceError && cause.code === 'aborted') throw cause
    throw fail('key_service_silent', 'the key service does not answer', cause)
  })
  switch (reply.kind) {
    case 'session_key': {
      const bytes = new Uint8Array(Buffer.from(reply.key, 'base64'))
      return { session_key: { bytes, algorithm: reply.algorithm }, key_id: reply.key_id }
    }
    case 'no_key':
      throw fail('no_key', `no private key of ours is among its recipients ${reply.recipients.join(', ')}`)
    case 'refused': {
      const code = ERROR_CODES.find((known) => known === reply.code)
      throw fail(code ?? 'key_service_silent', `the key service refused: ${reply.reason}`)
    }
  }
}

interface Opening {
  readonly session_key: SessionKey
  readonly dated: (date: Date) => void
  readonly options: DecryptOptions
}

async function contentOf(
  reader: ByteReader,
  encrypted: PacketHeader,
  { session_key, dated, options }: Opening,
): Promise<AsyncIterable<Uint8Array>> {
  const { fail, expanded, spent } = options
  const version = await reader.peek()
  if (version === null) throw fail('decrypt_corrupt', 'it is cut before its encrypted data')
  const with_integrity = encrypted.tag === TAG.encrypted_with_integrity
  if (with_integrity && version === 1 && isNativeCipher(session_key.algorithm)) {
    const body = wholeFile(reader, encrypted, fail)
    return literalContent(decryptWithIntegrity(body, session_key, { fail, spent }), { fail, dated, expanded })
  }
  // Loaded on need: the library costs every thread some 20 MB and a part of its start.
  const { decryptWithLibrary } = await import('./decrypt_library.ts')
  const streams = encrypted.tag === TAG.encrypted_aead_draft || (with_integrity && version === 2)
  return decryptWithLibrary(rebuilt(encrypted, reader), session_key, { ...options, streams })
}

/** Yields the packet's body after its version byte, and makes sure that nothing follows it. */
async function* wholeFile(reader: ByteReader, header: PacketHeader, fail: Fail): AsyncGenerator<Uint8Array, void> {
  try {
    let version_bytes = 1
    for await (const piece of packetBody(reader, header, fail)) {
      yield piece.subarray(version_bytes)
      version_bytes = 0
    }
    if ((await reader.peek()) !== null) throw fail('decrypt_corrupt', 'other data follows its encrypted data')
  } finally {
    await reader.close()
  }
}

/** Yields the packet as it stood in the file, in copies: nobody knows how long the library keeps what it was given. */
async function* rebuilt(header: PacketHeader, reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  try {
    yield header.raw
    for await (const piece of reader.rest()) yield new Uint8Array(piece)
  } finally {
    await reader.close()
  }
}
