// The rare shapes of an encrypted file, through OpenPGP.js: old ciphers that Node does not know, files without integrity
// packet, and authenticated encryption of newer programs. Slow, but a file from 2013 must be readable too.
import * as openpgp from 'openpgp'
import type { SessionKey } from './decrypt_integrity.ts'
import type { Fail } from './extract_failure.ts'

interface LibraryOptions {
  readonly fail: Fail
  readonly allow_unauthenticated: boolean
  readonly bytes_max: number
  /**
   * Whether each part of the message is proved before it is parsed (authenticated encryption). Every other message is
   * held in memory whole. As a stream, a wrong key makes it nonsense that the library parses before it sees the digest,
   * and it waits without end where the nonsense looks like encrypted data inside.
   */
  readonly streams: boolean
}

/**
 * Yields the literal data of `message`, which begins with the encrypted packet; throws decrypt_corrupt at the end unless
 * its integrity was proved.
 */
export async function* decryptWithLibrary(
  message: AsyncIterable<Uint8Array>,
  session_key: SessionKey,
  options: LibraryOptions,
): AsyncGenerator<Uint8Array, void> {
  const { fail } = options
  const algorithm = CIPHERS.find((name) => name === (session_key.algorithm ?? 'aes256'))
  if (algorithm === undefined) throw fail('decrypt_unsupported', `its cipher ${session_key.algorithm} is not read`)
  const config: openpgp.PartialConfig = {
    allowUnauthenticatedStream: true,
    allowUnauthenticatedMessages: options.allow_unauthenticated,
    maxDecompressedMessageSize: options.bytes_max,
  }
  // The library wraps what its source throws; the source knows better what happened.
  const source: { error?: unknown } = {}
  async function* watched(): AsyncGenerator<Uint8Array, void> {
    try {
      yield* message
    } catch (error) {
      source.error = error
      throw error
    }
  }
  try {
    const binaryMessage = options.streams ? ReadableStream.from(watched()) : await whole(watched())
    const decrypted = await openpgp.decrypt({
      message: await openpgp.readMessage({ binaryMessage, config }),
      sessionKeys: [{ data: session_key.bytes, algorithm }],
      format: 'binary',
      config,
    })
    if (decrypted.data instanceof Uint8Array) yield decrypted.data
    else yield* decrypted.data
  } catch (error) {
    if ('error' in source) throw source.error
    throw fail('decrypt_corrupt', 'it is damaged, or its session key is wrong', error)
  } finally {
    session_key.bytes.fill(0)
  }
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const gathered: Uint8Array[] = []
  for await (const piece of pieces) gathered.push(piece)
  return Buffer.concat(gathered)
}

/** Names of ciphers in OpenPGP.js. A version 2 packet names its cipher itself, and the library then ignores ours. */
const CIPHERS = ['aes256', 'aes192', 'aes128', 'tripledes', 'cast5', 'blowfish', 'twofish'] as const
