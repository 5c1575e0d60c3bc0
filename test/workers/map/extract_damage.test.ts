// The promise that everything rests on: a damaged file never ends normally with other bytes than the ones that edX
// encrypted, wherever the damage is.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { EncryptOptions } from '../../../cli/sample/gpg.ts'
import { MillraceError } from '../../../contracts/errors.ts'
import type { SessionKeyReply } from '../../../contracts/key_exchange.ts'
import { askRing, type Extracted, extractAll, type KeyRoom, openKeyRoom } from './extract_fixture.ts'

// Noise, so that the encrypted packet has several parts.
const TEXT = createHash('shake256', { outputLength: 30_000 }).update('noise').digest()
const GZIP = gzipSync(TEXT)

const SHAPES: Readonly<Record<string, EncryptOptions>> = {
  'as edX makes them': { recipients: ['czar', 'master'] },
  'without inner compression': { recipients: ['czar'], compression: 'none' },
  'with 3DES': { recipients: ['czar'], cipher: '3DES' },
  'through the library (CAST5)': { recipients: ['czar'], cipher: 'CAST5' },
}

let room: KeyRoom
let sessionKey: (packets: Uint8Array) => Promise<SessionKeyReply>
before(async () => {
  room = await openKeyRoom()
  sessionKey = remembered(askRing(room.ring))
})
after(() => room[Symbol.asyncDispose]())

/** Private-key work is slow, and the same packets have the same answer. */
function remembered(ask: typeof sessionKey): typeof sessionKey {
  const replies = new Map<string, Promise<SessionKeyReply>>()
  return (packets) => {
    const name = Buffer.from(packets).toString('base64')
    const reply = replies.get(name) ?? ask(packets)
    replies.set(name, reply)
    return reply
  }
}

const CODES = new Set(['not_openpgp', 'no_key', 'decrypt_corrupt', 'decrypt_unsupported', 'decrypt_unauthenticated'])

/** Extracts, and accepts either the original or an error of decryption. */
async function tryDamaged(file: Uint8Array): Promise<Extracted | MillraceError> {
  try {
    return await extractAll(file, { sessionKey, chunk_bytes: 5000 })
  } catch (error) {
    assert.ok(error instanceof MillraceError, String(error))
    assert.ok(CODES.has(error.code), `${error.code}: ${error.message}`)
    return error
  }
}

suite('a damaged file', () => {
  for (const [shape, options] of Object.entries(SHAPES)) {
    test(`is refused wherever it is cut, ${shape}`, { timeout: 60_000 }, async () => {
      const file = await room.gpg.encrypt(GZIP, options)
      const cuts = [0, 1, 2, 3, 12, 100, 270, 272, 540, 545, 600, 8000, 8800, 20_000]
      const ends = [1, 2, 19, 20, 21, 22, 23, 24, 40, 500]
      for (const bytes of [...cuts, ...ends.map((end) => file.length - end)]) {
        const outcome = await tryDamaged(file.subarray(0, bytes))
        assert.ok(outcome instanceof MillraceError, `cut after ${bytes} of ${file.length} bytes`)
        assert.match(outcome.code, bytes === 0 ? /^not_openpgp$/ : /^decrypt_corrupt$/, `cut after ${bytes} bytes`)
      }
    })

    test(`never yields other bytes for one flipped bit, ${shape}`, { timeout: 60_000 }, async () => {
      const file = await room.gpg.encrypt(GZIP, options)
      const anywhere = fc.integer({ min: 0, max: file.length - 1 })
      const near_an_edge = fc.oneof(
        fc.integer({ min: 0, max: 620 }),
        fc.integer({ min: file.length - 40, max: file.length - 1 }),
      )
      await fc.assert(
        fc.asyncProperty(fc.oneof(anywhere, near_an_edge), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
          const damaged = Buffer.from(file)
          damaged[at] = (damaged[at] ?? 0) ^ (1 << bit)
          const outcome = await tryDamaged(damaged)
          // A flip in the master's session-key packet does no harm to ours.
          if (!(outcome instanceof MillraceError)) assert.ok(outcome.text.equals(TEXT))
        }),
        { numRuns: 150 },
      )
    })

    test(`is refused when something follows it, ${shape}`, async () => {
      const file = await room.gpg.encrypt(GZIP, options)
      for (const tail of [Buffer.alloc(3), Buffer.from('x'), file]) {
        const outcome = await tryDamaged(Buffer.concat([file, tail]))
        assert.ok(outcome instanceof MillraceError)
      }
    })
  }

  test('speaks of the encryption when both the message and the gzip data in it are wrong', async () => {
    const bad_gzip = Buffer.from(GZIP)
    bad_gzip.fill(0xff, 12, 400)
    const file = await room.gpg.encrypt(bad_gzip, { recipients: ['czar'] })
    await assert.rejects(extractAll(file, { sessionKey }), { code: 'gzip_corrupt' })
    const cut = file.subarray(0, file.length - 1)
    await assert.rejects(extractAll(cut, { sessionKey }), { code: 'decrypt_corrupt' })
    const flipped = Buffer.from(file)
    flipped[file.length - 1] = (flipped[file.length - 1] ?? 0) ^ 1
    await assert.rejects(extractAll(flipped, { sessionKey }), { code: 'decrypt_corrupt' })
  })

  test('names the file and never a byte of it', async () => {
    const file = await room.gpg.encrypt(gzipSync('secret learner line\n'), { recipients: ['czar'] })
    const outcome = await tryDamaged(file.subarray(0, -5))
    assert.ok(outcome instanceof MillraceError)
    assert.match(
      outcome.message,
      /^Cannot extract "DemoX\/edx\/events\/2016\/demox-edx-events-2016-03-01\.log\.gz\.gpg": /,
    )
    const reply = await sessionKey(file.subarray(0, 271))
    const key = reply.kind === 'session_key' ? reply.key : 'no session key'
    for (let error: unknown = outcome; error instanceof Error; error = error.cause) {
      assert.ok(!error.message.includes('secret'))
      assert.ok(!error.message.includes(key))
    }
  })
})
