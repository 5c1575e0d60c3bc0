// A log file as a worker meets it: in a store, under an ETag; and the shapes that newer programs than gpg 2.2 write.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import * as openpgp from 'openpgp'
import { loadKeys } from '../../../coordinator/key_ring.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import { openLogFile } from '../../../workers/map/extract.ts'
import { askRing, extractAll, gather, logFile } from './extract_fixture.ts'

const TEXT = Buffer.from('{"event_type":"page_close"}\n'.repeat(20_000))
const GZIP = gzipSync(TEXT)
const { signal } = new AbortController()
const noKey = (): Promise<never> => Promise.reject(new Error('a plain file needs no key'))

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-open-'))
})
after(() => rm(folder, { recursive: true, force: true }))

suite('openLogFile()', () => {
  test('reads the object that was planned, and not the one that has taken its place', async () => {
    await using store = await openObjectStore({ url: folder, path_style: false }, { base: folder, signal })
    const planned = logFile(GZIP, 'gzip')
    await store.put(planned.key, GZIP, { create_only: true, signal })
    const { info } = await store.open(planned.key, { signal }).then(async (opened) => {
      await gather(opened.body)
      return opened
    })
    const options = { sessionKey: noKey, allow_unauthenticated: false, signal }
    const file = await openLogFile(store, { ...planned, etag: info.etag }, options)
    assert.ok((await gather(file.bytes)).equals(TEXT))
    assert.equal(file.facts().encrypted_bytes, GZIP.length)
    await store.put(planned.key, gzipSync('re-published'), { create_only: false, signal })
    await assert.rejects(openLogFile(store, { ...planned, etag: info.etag }, options), { code: 'object_changed' })
  })
})

suite('extract()', () => {
  test('reads authenticated encryption to a version 6 key, and notices its damage', async () => {
    const config = { v6Keys: true, aeadProtect: true }
    const keys = await openpgp.generateKey({ userIDs: { name: 'czar' }, type: 'curve25519', format: 'object', config })
    await writeFile(join(folder, 'v6.asc'), keys.privateKey.armor(), { mode: 0o600 })
    const encrypted = await openpgp.encrypt({
      message: await openpgp.createMessage({ binary: new Uint8Array(GZIP) }),
      encryptionKeys: keys.publicKey,
      format: 'binary',
      config,
    })
    const ring = await loadKeys(folder, { log: { warn() {} } })
    const sessionKey = askRing(ring)
    assert.ok((await extractAll(encrypted, { sessionKey })).text.equals(TEXT))
    for (const at of [encrypted.length - 1, encrypted.length - 20, encrypted.length - 200]) {
      const flipped = encrypted.slice()
      flipped[at] = (flipped[at] ?? 0) ^ 4
      await assert.rejects(extractAll(flipped, { sessionKey }), { code: 'decrypt_corrupt' })
      await assert.rejects(extractAll(encrypted.subarray(0, at), { sessionKey }), { code: 'decrypt_corrupt' })
    }
  })
})
