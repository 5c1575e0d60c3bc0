// Every shape in which edX's files have come, and what must be refused.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { EncryptOptions } from '../../../cli/sample/gpg.ts'
import { extract } from '../../../workers/map/extract.ts'
import { askRing, chunksOf, extractAll, gather, type KeyRoom, logFile, openKeyRoom } from './extract_fixture.ts'

const TEXT = Buffer.from(
  Array.from({ length: 4000 }, (_, n) => `{"event_type":"play_video","n":${(n * 7919) % 4001}}\n`).join(''),
)
const GZIP = gzipSync(TEXT)

let room: KeyRoom
before(async () => {
  room = await openKeyRoom()
})
after(() => room[Symbol.asyncDispose]())

const SHAPES: Readonly<Record<string, EncryptOptions>> = {
  'two recipients and gpg’s own compression, as edX makes it': { recipients: ['master', 'czar'] },
  'an expired key': { recipients: ['former'] },
  'no inner compression': { recipients: ['czar'], compression: 'none' },
  'inner ZIP compression': { recipients: ['czar'], compression: 'zip' },
  'hidden recipients': { recipients: ['master', 'former', 'czar'], hidden: true },
  'the cipher AES-128': { recipients: ['czar'], cipher: 'AES128' },
  'the cipher 3DES': { recipients: ['czar'], cipher: '3DES' },
  'the cipher CAST5': { recipients: ['czar'], cipher: 'CAST5' },
}

suite('extract()', () => {
  for (const [shape, options] of Object.entries(SHAPES)) {
    test(`reads a file with ${shape}`, async () => {
      const encrypted = await room.gpg.encrypt(GZIP, options)
      const { text, facts } = await extractAll(encrypted, { sessionKey: askRing(room.ring), chunk_bytes: 1000 })
      assert.ok(text.equals(TEXT))
      assert.equal(facts.encrypted_bytes, encrypted.length)
      assert.equal(facts.gzip_bytes, GZIP.length)
      assert.equal(facts.raw_bytes, TEXT.length)
      assert.equal(facts.sha256_raw, createHash('sha256').update(TEXT).digest('hex'))
      const names = options.recipients.filter((name) => name !== 'master')
      const ours = (await Promise.all(names.map((name) => room.gpg.encryptionKeyIds(name)))).flat()
      assert.ok(ours.includes(facts.key_id ?? ''), `${facts.key_id} is one of ${ours.join()}`)
      if (options.cipher !== 'CAST5') {
        const year = options.recipients.includes('former') ? 2015 : new Date().getUTCFullYear()
        assert.equal(new Date(facts.encrypted_at ?? '').getUTCFullYear(), year)
      }
    })
  }

  test('reads a plain gzip file of several members with zeros after the last', async () => {
    const file = Buffer.concat([gzipSync(TEXT.subarray(0, 999)), gzipSync(TEXT.subarray(999)), Buffer.alloc(600)])
    for (const chunk_bytes of [1, 7, 65_536]) {
      const { text, facts } = await extractAll(file, { chunk_bytes })
      assert.ok(text.equals(TEXT))
      assert.equal(facts.key_id, null)
      assert.equal(facts.gzip_bytes, file.length)
    }
  })

  test('reads a file without integrity packet only when that is allowed', async () => {
    const encrypted = await room.gpg.encrypt(GZIP, { recipients: ['czar'], integrity: false })
    const sessionKey = askRing(room.ring)
    await assert.rejects(extractAll(encrypted, { sessionKey }), { code: 'decrypt_unauthenticated' })
    const { text } = await extractAll(encrypted, { sessionKey, allow_unauthenticated: true })
    assert.ok(text.equals(TEXT))
  })

  test('refuses inner BZip2 compression in its own words', async () => {
    const encrypted = await room.gpg.encrypt(GZIP, { recipients: ['czar'], compression: 'bzip2' })
    await assert.rejects(extractAll(encrypted, { sessionKey: askRing(room.ring) }), {
      code: 'decrypt_unsupported',
      message: /BZip2/,
    })
  })

  test('names the recipients when no key of ours is among them', async () => {
    const encrypted = await room.gpg.encrypt(GZIP, { recipients: ['master'] })
    const [key_id] = await room.gpg.encryptionKeyIds('master')
    await assert.rejects(extractAll(encrypted, { sessionKey: askRing(room.ring) }), {
      code: 'no_key',
      message: new RegExp(`\\.log\\.gz\\.gpg.*${key_id}`),
    })
  })

  // A wrong key makes nonsense, which now and then looks like any packet there is: hence so many keys.
  test('takes a wrong session key for damage, whatever its cipher', async () => {
    const encrypted = await room.gpg.encrypt(GZIP, { recipients: ['czar'] })
    for (const [algorithm, bytes, keys] of [
      ['aes256', 32, 1000],
      ['aes128', 16, 1000],
      ['cast5', 16, 1000],
      ['aes256', 31, 1],
      ['cast5', 15, 1],
    ] as const)
      for (let n = 0; n < keys; n += 1) {
        const key = randomBytes(bytes).toString('base64')
        const sessionKey = async () => ({ kind: 'session_key', key, algorithm, key_id: 'F'.repeat(16) }) as const
        await assert.rejects(extractAll(encrypted, { sessionKey }), { code: 'decrypt_corrupt' }, `${algorithm} ${key}`)
      }
  })

  test('tells a silent key service from a file’s own fault', async () => {
    const encrypted = await room.gpg.encrypt(GZIP, { recipients: ['czar'] })
    const sessionKey = () => Promise.reject(new Error('timeout'))
    await assert.rejects(extractAll(encrypted, { sessionKey }), { code: 'key_service_silent', retryable: true })
  })

  test('refuses what is no OpenPGP message', async () => {
    const sessionKey = askRing(room.ring)
    const files = [Buffer.alloc(0), GZIP, Buffer.from('hello'), Buffer.from([0xcb, 0x01, 0x62])]
    for (const file of files) {
      const code = file === GZIP ? /not_openpgp|decrypt_corrupt/ : /not_openpgp/
      await assert.rejects(extractAll(file, { sessionKey }), { code })
    }
  })

  test('refuses a file encrypted to nothing but a passphrase', async () => {
    const skesk = Buffer.from([0xc3, 0x04, 0x04, 0x09, 0x00, 0x02])
    const file = Buffer.concat([skesk, Buffer.from([0xd2, 0x03, 0x01, 0x00, 0x00])])
    await assert.rejects(extractAll(file, { sessionKey: askRing(room.ring) }), { code: 'no_key' })
  })

  test('finds gzip damage inside an intact message', async () => {
    const sessionKey = askRing(room.ring)
    const wrong_crc = Buffer.from(GZIP)
    wrong_crc.writeUInt32LE(1, GZIP.length - 8)
    const wrong_length = Buffer.from(GZIP)
    wrong_length.writeUInt32LE(1, GZIP.length - 4)
    const cut = [1, 8, 9, 5000].map((bytes) => GZIP.subarray(0, -bytes))
    const second_cut = Buffer.concat([GZIP, GZIP.subarray(0, 40)])
    for (const gzip of [wrong_crc, wrong_length, ...cut, second_cut, Buffer.alloc(0), Buffer.from('plain text')]) {
      await assert.rejects(extractAll(await room.gpg.encrypt(gzip, { recipients: ['czar'] }), { sessionKey }), {
        code: 'gzip_corrupt',
      })
      await assert.rejects(extractAll(gzip, { chunk_bytes: 13 }), { code: 'gzip_corrupt' })
    }
  })

  test('finds whatever follows the last gzip member', async () => {
    const gzip = gzipSync(TEXT.subarray(0, 60))
    const junk = ['01', '1f', '1f8b', '1f8b08', '1f8bffff', '414243', '0001', `0000${gzip.toString('hex')}`, '0000000a']
    for (const hex of junk)
      for (const chunk_bytes of [1, gzip.length, gzip.length + 1, 65_536])
        await assert.rejects(
          extractAll(Buffer.concat([gzip, Buffer.from(hex, 'hex')]), { chunk_bytes }),
          { code: 'gzip_corrupt' },
          `${hex} in chunks of ${chunk_bytes}`,
        )
  })

  test('gives a text of many pieces whole', async () => {
    const long = Buffer.from(Array.from({ length: 400_000 }, (_, n) => `${(n * 7919) % 400_009}\n`).join(''))
    const { text, facts } = await extractAll(gzipSync(long), { chunk_bytes: 50_000 })
    assert.ok(text.equals(long))
    assert.equal(facts.sha256_raw, createHash('sha256').update(long).digest('hex'))
  })

  test('lets its source go when the reader leaves', async () => {
    let closed = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* chunksOf(Buffer.concat(Array.from({ length: 50 }, () => GZIP)), 4096)
      } finally {
        closed = true
      }
    }
    const file = await extract(source(), logFile(GZIP, 'gzip'), {
      sessionKey: () => Promise.reject(new Error('unused')),
      allow_unauthenticated: false,
      signal: new AbortController().signal,
    })
    for await (const _ of file.bytes) break
    assert.equal(closed, true)
    assert.throws(() => file.facts(), { name: 'AssertionError' })
  })

  test('hears that it must stop while a little input becomes much text', async () => {
    const file = gzipSync(Buffer.alloc(50_000_000))
    const stop = new AbortController()
    let raw_bytes = 0
    const { bytes } = await extract(chunksOf(file), logFile(file, 'gzip'), {
      sessionKey: () => Promise.reject(new Error('unused')),
      allow_unauthenticated: false,
      observe: (progress) => {
        raw_bytes = progress.raw_bytes
        // As a message of the main thread comes: between two turns of the event loop.
        if (raw_bytes > 10_000_000) setImmediate(() => stop.abort())
      },
      signal: stop.signal,
    })
    await assert.rejects(gather(bytes), { code: 'aborted' })
    assert.ok(raw_bytes < 20_000_000, `${raw_bytes} bytes came`)
  })

  test('stops when it is told to', async () => {
    const stop = new AbortController()
    const file = await extract(chunksOf(GZIP, 100), logFile(GZIP, 'gzip'), {
      sessionKey: () => Promise.reject(new Error('unused')),
      allow_unauthenticated: false,
      observe: () => stop.abort(),
      signal: stop.signal,
    })
    stop.abort()
    await assert.rejects(gather(file.bytes), { code: 'aborted', retryable: true })
  })
})
