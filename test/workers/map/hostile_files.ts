// Log files that want more memory or time than is good: no gpg makes them, so they are made by hand, packet by packet.
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import * as zlib from 'node:zlib'
import type { SessionKeyReply } from '../../../contracts/key_exchange.ts'

const MEBIBYTE = 1_048_576
const SYNC = { finishFlush: zlib.constants.Z_SYNC_FLUSH, level: 9 }
/** A last block with nothing in it. */
const LAST_BLOCK = Buffer.from([3, 0])

/** Raw deflate data of `before`, then so many mebibytes of one line of 64 KiB: some thousandth of them. */
export function deflatedBulk(before: Uint8Array, mebibytes: number): Buffer {
  const bulk = zlib.deflateRawSync(Buffer.alloc(16 * MEBIBYTE, `${'x'.repeat(65_535)}\n`), SYNC)
  const blocks = Array.from({ length: mebibytes / 16 }, () => bulk)
  return Buffer.concat([zlib.deflateRawSync(before, SYNC), ...blocks, LAST_BLOCK])
}

/** A gzip member of so many mebibytes of it, with a wrong checksum: whoever gets there has read them all. */
export function gzippedBulk(mebibytes: number): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  return Buffer.concat([header, deflatedBulk(Buffer.alloc(0), mebibytes), Buffer.alloc(8)])
}

/** A literal packet in the old format, which needs no length. */
export const literalHeader = (): Buffer => Buffer.from([0xaf, 0x62, 0, 0, 0, 0, 0])

export const literal = (content: Uint8Array): Buffer => Buffer.concat([literalHeader(), content])

/** A compressed packet around raw deflate data. */
export const compressedPacket = (deflated: Uint8Array): Buffer => Buffer.concat([Buffer.from([0xa3, 1]), deflated])

export const compressed = (message: Uint8Array): Buffer => compressedPacket(zlib.deflateRawSync(message, { level: 9 }))

/** Encrypts a message to a session key, and tells what a key service would answer. */
export function encrypted(message: Uint8Array): { readonly file: Buffer; readonly reply: SessionKeyReply } {
  const key = randomBytes(32)
  const random = randomBytes(16)
  const plain = Buffer.concat([random, random.subarray(14), message, Buffer.from([0xd3, 0x14])])
  const digest = createHash('sha1').update(plain).digest()
  const cipher = createCipheriv('aes-256-cfb', key, Buffer.alloc(16))
  const body = Buffer.concat([Buffer.from([1]), cipher.update(plain), cipher.update(digest)])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  // A session-key packet that nobody reads, and the encrypted packet.
  const head = Buffer.from([0xc1, 12, 3, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0xd2, 255])
  const reply = {
    kind: 'session_key',
    key: key.toString('base64'),
    algorithm: 'aes256',
    key_id: 'F'.repeat(16),
  } as const
  return { file: Buffer.concat([head, length, body]), reply }
}
