// Keys as data czars keep them: several, old, locked, one of them unreadable; and the answers that workers get.
import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createKeyring, type Keyring } from '../../cli/sample/gpg.ts'
import { SessionKeyReply, SessionKeyRequest } from '../../contracts/key_exchange.ts'
import { subjectsOf } from '../../contracts/subjects.ts'
import { type KeyRing, loadKeys } from '../../coordinator/key_ring.ts'
import { answerSessionKey, serveKeys } from '../../coordinator/key_service.ts'

let folder: string
let gpg: Keyring
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-ring-'))
  gpg = await createKeyring(folder)
  await gpg.makeKey({ name: 'plain', algorithm: 'ed25519/cv25519' })
  await gpg.makeKey({ name: 'other', algorithm: 'ed25519/cv25519' })
  await gpg.makeKey({ name: 'locked', algorithm: 'ed25519/cv25519', passphrase: 'pass phrase with spaces' })
  await gpg.makeKey({ name: 'old', algorithm: 'ed25519/cv25519', expired: true })
})
after(async () => {
  await gpg[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Writes files into a fresh folder and loads it; what was logged comes along. */
async function ringOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ ring: KeyRing; logged: string; directory: string }> {
  const directory = await mkdtemp(join(folder, 'ring-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content, { mode: 0o600 })
  let logged = ''
  const warn = (event: string, fields?: unknown): void => {
    logged += `${event} ${JSON.stringify(fields)}\n`
  }
  return { ring: await loadKeys(directory, { log: { warn } }), logged, directory }
}

/** The session-key packets at the head of a file (gpg writes them in the old format). */
function headOf(file: Buffer): Buffer {
  let end = 0
  while ((file[end] ?? 0) >> 2 === 0x21) {
    const two = ((file[end] ?? 0) & 3) === 1
    end += two ? 3 + file.readUInt16BE(end + 1) : 2 + file.readUInt8(end + 1)
  }
  return file.subarray(0, end)
}

function requestFor(packets: Uint8Array): SessionKeyRequest {
  return SessionKeyRequest.parse({
    day: { organisation: 'demox', site: 'edx', date: '2016-03-01' },
    packets: Buffer.from(packets).toString('base64'),
  })
}

async function ask(ring: KeyRing, recipients: readonly string[], hidden = false): Promise<SessionKeyReply> {
  const file = await gpg.encrypt(Buffer.from('text'), { recipients, hidden })
  return SessionKeyReply.parse(await answerSessionKey(ring, requestFor(headOf(file))))
}

suite('loadKeys()', () => {
  test('takes armored and binary files, several keys in one, and unlocks by either name of a passphrase file', async () => {
    const locked = await gpg.exportSecretKeyBinary('locked')
    const two = `From: czar\n\n${await gpg.exportSecretKey('plain')}\n${await gpg.exportSecretKey('old')}`
    for (const passphrase_file of ['locked.passphrase', 'locked.pgp.passphrase']) {
      const { ring, logged } = await ringOf({
        'two.asc': two,
        'locked.pgp': locked,
        [passphrase_file]: 'pass phrase with spaces\n',
        'notes.txt': 'not a key',
      })
      assert.equal(ring.keys.length, 3)
      assert.deepEqual(ring.warnings, [])
      assert.equal(logged, '')
    }
  })

  test('warns of files it cannot use, names them, and keeps the good ones', async () => {
    const locked = await gpg.exportSecretKey('locked')
    const { ring, logged, directory } = await ringOf({
      'bad.asc': 'no key at all',
      'big.gpg': Buffer.alloc(5_000_000),
      'cut.gpg': (await gpg.exportSecretKeyBinary('plain')).subarray(0, 50),
      'good.key': await gpg.exportSecretKey('plain'),
      'shut.asc': locked,
      'wrong.asc': locked,
      'wrong.passphrase': 'a wrong passphrase',
    })
    await mkdir(join(directory, 'folder.asc'))
    assert.equal(ring.keys.length, 1)
    assert.equal(ring.warnings.length, 5)
    for (const [index, name] of ['bad.asc', 'big.gpg', 'cut.gpg', 'shut.asc', 'wrong.asc'].entries())
      assert.match(ring.warnings[index] ?? '', new RegExp(`^Cannot (read|unlock) .*${name}": `))
    assert.equal(logged.includes('a wrong passphrase'), false)
    assert.equal(logged.includes('BEGIN PGP'), false)
    const again = await loadKeys(directory, { log: { warn() {} } })
    assert.equal(again.keys.length, 1)
    assert.equal(again.warnings.length, 6)
  })

  test('warns of a key that every user of the machine can read, and uses it', async () => {
    const { directory } = await ringOf({ 'open.asc': await gpg.exportSecretKey('plain') })
    await chmod(join(directory, 'open.asc'), 0o644)
    const ring = await loadKeys(directory, { log: { warn() {} } })
    assert.equal(ring.keys.length, 1)
    assert.match(ring.warnings.join(), /open\.asc" can be read by every user/)
  })

  test('makes an empty ring of a folder that is not there', async () => {
    const ring = await loadKeys(join(folder, 'nowhere'), { log: { warn() {} } })
    assert.deepEqual(ring.keys, [])
    assert.match(ring.warnings.join(), /nowhere": ENOENT/)
    assert.deepEqual(await ask(ring, ['plain']), {
      kind: 'refused',
      code: 'key_unreadable',
      reason: `no private key is usable; ${ring.warnings.join()}`,
    })
  })
})

suite('answerSessionKey()', () => {
  test('finds our key wherever it stands among the recipients, expired or hidden', async () => {
    const { ring } = await ringOf({
      'a.asc': await gpg.exportSecretKey('plain'),
      'b.asc': await gpg.exportSecretKey('old'),
    })
    for (const [recipients, ours] of [
      [['plain'], 'plain'],
      [['other', 'locked', 'plain'], 'plain'],
      [['other', 'old'], 'old'],
    ] as const)
      for (const hidden of [false, true]) {
        const reply = await ask(ring, recipients, hidden)
        const [key_id] = await gpg.encryptionKeyIds(ours)
        assert.equal(reply.kind, 'session_key')
        assert.ok(reply.kind === 'session_key')
        assert.equal(reply.key_id, key_id)
        assert.equal(reply.algorithm, 'aes256')
        assert.equal(Buffer.from(reply.key, 'base64').length, 32)
      }
  })

  test('lists the recipients when none is ours', async () => {
    const { ring } = await ringOf({ 'a.asc': await gpg.exportSecretKey('plain') })
    const [other] = await gpg.encryptionKeyIds('other')
    assert.deepEqual(await ask(ring, ['other']), { kind: 'no_key', recipients: [other] })
    assert.deepEqual(await ask(ring, ['other'], true), { kind: 'no_key', recipients: ['hidden'] })
  })

  test('calls a damaged packet damaged, not a missing key', async () => {
    const { ring } = await ringOf({ 'a.asc': await gpg.exportSecretKey('plain') })
    const head = headOf(await gpg.encrypt(Buffer.from('text'), { recipients: ['plain'] }))
    const flipped = Buffer.from(head)
    flipped[head.length - 5] = (flipped[head.length - 5] ?? 0) ^ 0x10
    for (const packets of [flipped, Buffer.from('rubbish'), Buffer.alloc(0)]) {
      const reply = await answerSessionKey(ring, requestFor(packets))
      assert.equal(reply.kind === 'refused' ? reply.code : reply.kind, 'decrypt_corrupt')
    }
  })
})

test('serveKeys() answers over the bus, counts, and logs no key', async () => {
  const { ring } = await ringOf({ 'a.asc': await gpg.exportSecretKey('plain') })
  const logged: unknown[] = []
  const note = (...entry: unknown[]): void => void logged.push(entry)
  const counted: string[] = []
  let handler = (_body: unknown): Promise<unknown> => Promise.reject(new Error('no handler'))
  const answer = async (_subject: string, given: (body: unknown) => Promise<unknown>): Promise<AsyncDisposable> => {
    handler = given
    return { async [Symbol.asyncDispose]() {} }
  }
  await using _service = await serveKeys({ answer, subjects: subjectsOf('test') }, ring, {
    log: { info: note, warn: note, debug: note },
    observe: (result) => counted.push(result),
  })
  const file = await gpg.encrypt(Buffer.from('text'), { recipients: ['plain'] })
  const reply = SessionKeyReply.parse(await handler(requestFor(headOf(file))))
  assert.ok(reply.kind === 'session_key')
  assert.equal(SessionKeyReply.parse(await handler({ packets: 7 })).kind, 'refused')
  assert.deepEqual(counted, ['session_key', 'refused'])
  assert.equal(JSON.stringify(logged).includes(reply.key), false)
  assert.match(JSON.stringify(logged), /session_key_sent/)
})
