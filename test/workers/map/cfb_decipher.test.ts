// Blocks are decrypted all at once, so OpenSSL, which takes one after another, is asked about the same bytes.
import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { CfbDecipher } from '../../../workers/map/cfb_decipher.ts'

const CIPHERS = [
  { name: 'aes-128-ecb', key_bytes: 16, block_bytes: 16 },
  { name: 'aes-192-ecb', key_bytes: 24, block_bytes: 16 },
  { name: 'aes-256-ecb', key_bytes: 32, block_bytes: 16 },
  { name: 'des-ede3-ecb', key_bytes: 24, block_bytes: 8 },
]

suite('CfbDecipher', () => {
  test('gives back what OpenSSL encrypted, in pieces that end anywhere, behind what goes before', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    fc.assert(
      fc.property(
        fc.constantFrom(...CIPHERS),
        bytes(32),
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 40 }),
            fc.nat(5000).map((length) => Buffer.alloc(length, 'text')),
          ),
        ),
        (cipher, key_bytes, pieces) => {
          const key = key_bytes.subarray(0, cipher.key_bytes)
          const encrypt = createCipheriv(cipher.name.replace('ecb', 'cfb'), key, new Uint8Array(cipher.block_bytes))
          const decipher = new CfbDecipher(cipher, key)
          for (const piece of pieces) {
            const before = Buffer.alloc(piece.length % 33, 'before')
            const plain = decipher.update(encrypt.update(piece), before)
            assert.deepEqual(Buffer.from(plain), Buffer.concat([before, piece]))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('leaves the key and the encrypted bytes as they are, and forgets no key that is zeroed later', () => {
    const key = new Uint8Array(32).fill(7)
    const text = Buffer.alloc(100, 'text')
    const encrypted = createCipheriv('aes-256-cfb', key, new Uint8Array(16)).update(text)
    const copy = Buffer.from(encrypted)
    const decipher = new CfbDecipher({ name: 'aes-256-ecb', key_bytes: 32, block_bytes: 16 }, key)
    assert.deepEqual(key, new Uint8Array(32).fill(7))
    key.fill(0)
    assert.deepEqual(Buffer.from(decipher.update(encrypted)), text)
    assert.deepEqual(encrypted, copy)
  })

  test('leaves no memory to the garbage collector but its own', () => {
    const decipher = new CfbDecipher({ name: 'aes-256-ecb', key_bytes: 32, block_bytes: 16 }, new Uint8Array(32))
    const encrypted = new Uint8Array(8_388_608)
    const before = process.memoryUsage().arrayBuffers
    for (let n = 0; n < 5; n++) decipher.update(encrypted)
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 * encrypted.length)
  })
})
