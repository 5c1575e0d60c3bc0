// The packet that nearly every log file is: encrypted, with a digest of the plaintext at its end (RFC 9580 §5.13.1). A
// flipped bit shows only in that digest, so whoever keeps anything before the normal end keeps what may be damage.
import { createHash, timingSafeEqual } from 'node:crypto'
import { type BlockCipher, CfbDecipher } from './cfb_decipher.ts'
import type { Fail } from './extract_failure.ts'

/** What opens one file. The bytes are zeroed as soon as the cipher has them. */
export interface SessionKey {
  readonly bytes: Uint8Array
  /** OpenPGP name; null when the file itself tells. */
  readonly algorithm: string | null
}

const CIPHERS: Readonly<Record<string, BlockCipher>> = {
  aes128: { name: 'aes-128-ecb', key_bytes: 16, block_bytes: 16 },
  aes192: { name: 'aes-192-ecb', key_bytes: 24, block_bytes: 16 },
  aes256: { name: 'aes-256-ecb', key_bytes: 32, block_bytes: 16 },
  tripledes: { name: 'des-ede3-ecb', key_bytes: 24, block_bytes: 8 },
}

/** Tells whether Node's own cryptography knows the cipher. */
export const isNativeCipher = (algorithm: string | null): boolean =>
  algorithm !== null && Object.hasOwn(CIPHERS, algorithm)

const DIGEST_BYTES = 20
/** Header of the digest's packet (tag 19, 20 bytes): part of what is digested. */
const DIGEST_HEADER = [0xd3, 0x14] as const
const TAIL_BYTES = DIGEST_HEADER.length + DIGEST_BYTES

/**
 * Decrypts the body of the packet after its version byte into the packets inside; throws decrypt_corrupt at the end
 * unless the digest is right. `spent` hears the seconds of computing.
 */
export async function* decryptWithIntegrity(
  body: AsyncIterable<Uint8Array>,
  session_key: SessionKey,
  options: { readonly fail: Fail; readonly spent: (seconds: number) => void },
): AsyncGenerator<Uint8Array, void> {
  const { fail, spent } = options
  const cipher = CIPHERS[session_key.algorithm ?? '']
  if (cipher === undefined || session_key.bytes.length !== cipher.key_bytes)
    throw fail('decrypt_corrupt', 'its session key does not fit its cipher')
  const decipher = new CfbDecipher(cipher, session_key.bytes)
  session_key.bytes.fill(0)
  const digest = createHash('sha1')
  // A random block whose last two bytes are repeated goes before the packets.
  let prefix_left = cipher.block_bytes + 2
  // The end of what was decrypted before: the last bytes of all are the digest's packet.
  let held = new Uint8Array(0)
  for await (const encrypted of body) {
    const started = performance.now()
    const plain = decipher.update(encrypted, held)
    const ready = plain.subarray(0, Math.max(0, plain.length - TAIL_BYTES))
    held = plain.slice(ready.length)
    digest.update(ready)
    spent((performance.now() - started) / 1000)
    const skipped = Math.min(prefix_left, ready.length)
    prefix_left -= skipped
    if (ready.length > skipped) yield ready.subarray(skipped)
  }
  if (prefix_left > 0 || held.length !== TAIL_BYTES) throw fail('decrypt_corrupt', 'it is cut before its digest')
  digest.update(held.subarray(0, DIGEST_HEADER.length))
  const intact = timingSafeEqual(digest.digest(), held.subarray(DIGEST_HEADER.length))
  if (!intact || held[0] !== DIGEST_HEADER[0] || held[1] !== DIGEST_HEADER[1])
    throw fail('decrypt_corrupt', 'its digest differs: the file is damaged, or the session key is wrong')
}
