// The bucket as an object store, against a real S3 server, directly and through a line that breaks.
import assert from 'node:assert/strict'
import { mkdtemp, open, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { MillraceError } from '../../../contracts/errors.ts'
import { type OpenStoreOptions, openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import { type BreakingLine, startBreakingLine } from '../../fixtures/breaking_line.ts'
import { type S3Server, s3Absence, startS3Server } from '../../fixtures/s3_server.ts'
import { describeObjectStore, drain, keysOf } from './conformance.ts'

const signal = new AbortController().signal
const coded = (code: string) => (error: unknown) => error instanceof MillraceError && error.code === code
const absence = s3Absence()

if (absence !== null) test('the object store in a bucket of a real S3 server', { skip: absence })

describe('S3', { skip: absence !== null }, () => {
  let server: S3Server
  let line: BreakingLine
  let count = 0

  before(async () => {
    server = await startS3Server()
    line = await startBreakingLine(server.endpoint)
    process.env.AWS_ACCESS_KEY_ID = server.access_key
    process.env.AWS_SECRET_ACCESS_KEY = server.secret_key
    await server.createBucket('results')
  })
  after(async () => {
    await line?.stop()
    await server?.stop()
  })

  const openAt = (folder: string, options: Partial<OpenStoreOptions> = {}, endpoint = server.endpoint) =>
    openObjectStore({ url: `s3://results/${folder}`, endpoint, path_style: true }, { base: '/', signal, ...options })

  describeObjectStore('a bucket', (observe) => openAt(`store ${++count}/`, { observe }))

  test('urlOf() names the bucket and the whole key', async () => {
    await using store = await openAt('some/where/')
    assert.equal(store.urlOf('a/b'), 's3://results/some/where/a/b')
  })

  test('two prefixes of one bucket do not see each other', async () => {
    await using store = await openAt('near')
    await using other = await openAt('near by')
    await store.put('a', Buffer.from('x'), { create_only: true, signal })
    await other.put('b', Buffer.from('x'), { create_only: true, signal })
    assert.deepEqual(await keysOf(store, ''), ['a'])
    assert.deepEqual(await keysOf(other, ''), ['b'])
  })

  test('list() goes on over the pages of a long listing', async () => {
    await using store = await openAt('pages')
    const keys = Array.from({ length: 1_003 }, (_, n) => `day-${String(n).padStart(4, '0')}`)
    for (let at = 0; at < keys.length; at += 32)
      await Promise.all(
        keys.slice(at, at + 32).map((key) => store.put(key, Buffer.from(key), { create_only: true, signal })),
      )
    assert.deepEqual(await keysOf(store, ''), keys)
    assert.deepEqual(await keysOf(store, 'day-1', 'day-1000'), ['day-1001', 'day-1002'])
  })

  test('a wrong secret is store_refused, and the secret is not told', async () => {
    const secret = process.env.AWS_SECRET_ACCESS_KEY
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong-secret'
    try {
      await using store = await openAt('x')
      const error = await store.read('a', { signal }).catch((thrown: unknown) => thrown)
      assert(error instanceof MillraceError)
      assert.equal(error.code, 'store_refused')
      assert.equal(error.message, 'Cannot read "s3://results/x/a": the server answers 403 SignatureDoesNotMatch')
    } finally {
      process.env.AWS_SECRET_ACCESS_KEY = secret
    }
  })

  test('a bucket that does not exist is unreachable, as a source under the name of a source', async () => {
    const location = { url: 's3://nobody-has-this', endpoint: server.endpoint, path_style: true }
    await using source = await openObjectStore(location, { base: '/', use: 'source', signal })
    await assert.rejects(keysOf(source, ''), (error: unknown) => {
      assert(error instanceof MillraceError)
      assert.equal(error.code, 'source_unreachable')
      assert.equal(error.message, 'Cannot list "s3://nobody-has-this/": the bucket does not exist')
      return true
    })
    await using store = await openObjectStore(location, { base: '/', signal })
    await assert.rejects(store.put('a', Buffer.from(''), { create_only: true, signal }), coded('store_unreachable'))
  })

  test('a server that is not there is unreachable after the retries, which an abort cuts short', async () => {
    const controller = new AbortController()
    let retries = 0
    const observe = {
      request: () => undefined,
      bytes: () => undefined,
      retry: (_: string, reason: string) => {
        assert.equal(reason, 'network')
        retries += 1
        if (retries === 2) controller.abort()
      },
    }
    // Port 9 (discard) has no server on loopback.
    await using store = await openAt('x', { observe }, 'http://127.0.0.1:9')
    await assert.rejects(store.read('a', { signal: controller.signal }), coded('aborted'))
    assert.equal(retries, 2)
  })

  test('a file of more than 5 GiB is refused before anything is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-large-'))
    try {
      const path = join(folder, 'large')
      await using file = await open(path, 'w')
      await truncate(path, 5 * 1024 ** 3 + 1)
      await file.close()
      await using store = await openAt('large')
      await assert.rejects(store.putFile('f', path, { create_only: true, signal }), /5368709121 bytes are more than/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('open() carries on where a broken connection left the body', async () => {
    const reasons: string[] = []
    const observe = {
      request: () => undefined,
      bytes: () => undefined,
      retry: (op: string, reason: string) => reasons.push(`${op} ${reason}`),
    }
    const content = Buffer.alloc(6_000_000)
    for (let at = 0; at + 4 <= content.length; at += 4) content.writeUInt32LE(at, at)
    await using store = await openAt('broken', { observe }, line.endpoint)
    await store.put('large', content, { create_only: true, signal })
    line.breakAnswersAfter(2_500_000)
    try {
      assert(content.equals(await store.read('large', { signal })))
    } finally {
      line.mend()
    }
    assert.deepEqual(reasons, ['open body', 'open body'])
  })

  test('open() does not mix two versions when the object is replaced between two connections', async () => {
    await using direct = await openAt('mixed')
    await using store = await openAt('mixed', {}, line.endpoint)
    await direct.put('large', Buffer.alloc(6_000_000, 'a'), { create_only: true, signal })
    line.breakAnswersAfter(2_500_000)
    try {
      const { body } = await store.open('large', { signal })
      let seen = 0
      const reading = (async () => {
        for await (const chunk of body) {
          if (seen === 0) await direct.put('large', Buffer.alloc(6_000_000, 'b'), { create_only: false, signal })
          seen += chunk.byteLength
        }
      })()
      await assert.rejects(reading, coded('object_changed'))
      assert(seen < 6_000_000)
    } finally {
      line.mend()
    }
  })

  test('put() with create_only knows its own object when the answer was lost', async () => {
    await using store = await openAt('doubt', {}, line.endpoint)
    line.loseAnswers(1)
    assert.equal(await store.put('head', Buffer.from('mine'), { create_only: true, signal }), 'stored')
    assert.equal(line.lost(), 1, 'the first answer was lost')
    line.loseAnswers(1)
    assert.equal(await store.put('head', Buffer.from('later'), { create_only: true, signal }), 'exists')
    assert.equal(line.lost(), 2)
    assert.equal(Buffer.from(await store.read('head', { signal })).toString(), 'mine')
  })

  test('a body that is left early gives its connection back', async () => {
    await using store = await openAt('early')
    await store.put('large', Buffer.alloc(4_000_000), { create_only: true, signal })
    for (let n = 0; n < 300; n += 1) {
      const { body } = await store.open('large', { signal })
      for await (const _ of body) break
    }
    assert.equal(await drain(store.list('', { signal })), 1)
  })
})
