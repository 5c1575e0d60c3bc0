// The rare shapes of an encrypted file, through OpenPGP.js: old ciphers that Node does not know, files without integrity
// packet, and authenticated encryption of newer programs. Slow, but a file from 2013 must be readable too.
import * as openpgp from 'openpgp'
import type { SessionKey } from './decrypt_integrity.ts'
import type { Fail } from './extract_failure.ts'

/**
 * Yields the literal data of `message`, which begins with the encrypted packet; throws decrypt_corrupt at the end unless
 * its integrity was proved. A packet without integrity protection is held in memory whole: the library reads it so.
 */
export async function* decryptWithLibrary(
  message: AsyncIterable<Uint8Array>,
  session_key: SessionKey,
  options: { readonly fail: Fail; readonly allow_unauthenticated: boolean; readonly bytes_max: number },
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
    const decrypted = await openpgp.decrypt({
      message: await openpgp.readMessage({ binaryMessage: ReadableStream.from(watched()), config }),
      sessionKeys: [{ data: session_key.bytes, algorithm }],
      format: 'binary',
      config,
    })
    for await (const piece of decrypted.data) yield piece
  } catch (error) {
    if ('error' in source) throw source.error
    throw fail('decrypt_corrupt', 'it is damaged, or its session key is wrong', error)
  } finally {
    session_key.bytes.fill(0)
  }
}

/** Names of ciphers in OpenPGP.js. A version 2 packet names its cipher itself, and the library then ignores ours. */
const CIPHERS = ['aes256', 'aes192', 'aes128', 'tripledes', 'cast5', 'blowfish', 'twofish'] as const
