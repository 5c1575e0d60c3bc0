// The samples are only worth something when they have the packets that edX's files have.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createKeyring } from '../../../cli/sample/gpg.ts'

test('createKeyring() makes keys, encrypts to several of them and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-gpg-'))
  try {
    {
      await using ring = await createKeyring(folder)
      await ring.makeKey({ name: 'czar', algorithm: 'rsa2048', passphrase: 'open sesame' })
      await ring.makeKey({ name: 'master', algorithm: 'ed25519/cv25519' })
      await ring.makeKey({ name: 'former', algorithm: 'ed25519/cv25519', expired: true })

      assert.match(await ring.exportSecretKey('czar'), /^-----BEGIN PGP PRIVATE KEY BLOCK-----/)
      assert.equal((await ring.exportSecretKeyBinary('master'))[0], 0x94)
      assert.match((await ring.encryptionKeyIds('czar')).join(), /^[0-9A-F]{16}$/)

      const encrypted = await ring.encrypt(gzipSync('{}\n'), { recipients: ['czar', 'master', 'former'] })
      assert.ok([0x84, 0x85].includes(encrypted[0] ?? 0), 'a file begins with a session-key packet')
      const streamed = await ring.encrypt(twice(), {
        recipients: ['czar'],
        integrity: false,
      })
      assert.ok(streamed.length > 0)
    }
    assert.deepEqual(await readdir(folder), [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  assert.equal(existsSync(folder), false)
})

async function* twice(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one')
  yield Buffer.from('two')
}
