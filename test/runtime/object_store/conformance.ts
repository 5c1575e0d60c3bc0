// What every object store must do, whatever it is made of. The same tests run over a directory and over a real S3
// server, because the rest of Millrace is tested mostly over the one and used mostly over the other.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { MillraceError } from '../../../contracts/errors.ts'
import type { ObjectInfo, ObjectStore } from '../../../runtime/object_store/object_store.ts'
import type { StoreObserver } from '../../../runtime/object_store/open_object_store.ts'

const signal = new AbortController().signal
const bytes = (text: string) => Buffer.from(text)
const text = (given: Uint8Array) => Buffer.from(given).toString()
const coded = (code: string) => (error: unknown) => error instanceof MillraceError && error.code === code

export interface Recorded {
  readonly requests: string[]
  bytes_in: number
  bytes_out: number
}

/** Keeps what a store tells its observer. */
export function recorder(): { readonly seen: Recorded; readonly observe: StoreObserver } {
  const seen: Recorded = { requests: [], bytes_in: 0, bytes_out: 0 }
  return {
    seen,
    observe: {
      request: (op, seconds, result) => {
        assert(seconds >= 0)
        seen.requests.push(`${op} ${result}`)
      },
      bytes: (direction, n) => {
        if (direction === 'in') seen.bytes_in += n
        else seen.bytes_out += n
      },
      retry: () => undefined,
    },
  }
}

/** Lists a store's keys. */
export async function keysOf(store: ObjectStore, prefix: string, start_after?: string): Promise<readonly string[]> {
  const keys: string[] = []
  const options = start_after === undefined ? { signal } : { start_after, signal }
  for await (const { key } of store.list(prefix, options)) keys.push(key)
  const alone: string[] = []
  for await (const key of store.keys(prefix, options)) alone.push(key)
  assert.deepEqual(alone, keys, 'keys() lists what list() does')
  return keys
}

/** Reads something to its end. */
export async function drain(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of items) count += 1
  return count
}

/** Declares the tests for one kind of store; `open` makes an empty one. */
export function describeObjectStore(kind: string, open: (observe: StoreObserver) => Promise<ObjectStore>): void {
  describe(`the object store in ${kind}`, () => {
    let folder: string
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'millrace-store-'))
    })
    after(() => rm(folder, { recursive: true, force: true }))

    test('put() with create_only stores once and leaves the first object as it is', async () => {
      await using store = await open(recorder().observe)
      assert.equal(await store.put('a/b.json', bytes('first'), { create_only: true, signal }), 'stored')
      assert.equal(await store.put('a/b.json', bytes('second'), { create_only: true, signal }), 'exists')
      assert.equal(text(await store.read('a/b.json', { signal })), 'first')
    })

    test('read() and getFile() give an object whole that comes in many pieces', async () => {
      await using store = await open(recorder().observe)
      const large = randomBytes(1_000_000)
      await store.put('large', large, { create_only: true, signal })
      assert.ok(large.equals(await store.read('large', { signal })))
      await store.getFile('large', join(folder, 'large'), { signal })
      assert.ok(large.equals(await readFile(join(folder, 'large'))))
    })

    test('put() without create_only replaces the object and its ETag', async () => {
      await using store = await open(recorder().observe)
      await store.put('k', bytes('one'), { create_only: false, signal })
      const first = await store.open('k', { signal })
      await drain(first.body)
      assert.equal(await store.put('k', bytes('three'), { create_only: false, signal }), 'stored')
      assert.equal(text(await store.read('k', { signal })), 'three')
      await assert.rejects(store.read('k', { if_match: first.info.etag, signal }), coded('object_changed'))
    })

    test('put() with create_only lets exactly one of many win', async () => {
      await using store = await open(recorder().observe)
      const tries = Array.from({ length: 12 }, (_, n) =>
        store.put('head', bytes(`${n}`), { create_only: true, signal }),
      )
      const results = await Promise.all(tries)
      const winner = results.indexOf('stored')
      assert.equal(results.filter((result) => result === 'stored').length, 1)
      assert.equal(text(await store.read('head', { signal })), `${winner}`)
    })

    test('putFile() and getFile() carry a file of several chunks, and an empty one', async () => {
      await using store = await open(recorder().observe)
      for (const [name, size] of [
        ['large', 3_000_001],
        ['empty', 0],
      ] as const) {
        const content = Buffer.alloc(size, 'millrace')
        const path = join(folder, `${name}.in`)
        await writeFile(path, content)
        assert.equal(await store.putFile(`files/${name}`, path, { create_only: true, signal }), 'stored')
        assert.equal(await store.putFile(`files/${name}`, path, { create_only: true, signal }), 'exists')
        const back = join(folder, `${name}.out`)
        const info = await store.getFile(`files/${name}`, back, { signal })
        assert.equal(info.size, size)
        assert(content.equals(await readFile(back)))
        assert(content.equals(await readFile(path)), 'the file given is left as it is')
      }
    })

    test('getFile() leaves no file behind when it fails', async () => {
      await using store = await open(recorder().observe)
      await store.put('k', bytes('one'), { create_only: true, signal })
      const path = join(folder, 'never')
      await assert.rejects(store.getFile('k', path, { if_match: 'another', signal }), coded('object_changed'))
      await assert.rejects(readFile(path), { code: 'ENOENT' })
    })

    test('list() goes by the bytes of whole keys, not folder by folder', async () => {
      await using store = await open(recorder().observe)
      const keys = ['a/b', 'a.b', 'a-b/c', 'a', 'a0', 'ab', 'b/\u{1F600}', 'b/\uFF5E', 'b/é', 'B', 'b/c/d', 'b/c.d']
      const files = keys.filter((key) => key !== 'a')
      for (const key of files) await store.put(key, bytes(key), { create_only: true, signal })
      const sorted = [...files].sort((x, y) => Buffer.compare(bytes(x), bytes(y)))
      assert.deepEqual(await keysOf(store, ''), sorted)
      for (const start_after of [...keys, 'a/', 'b', 'b/c', 'b/z', 'zzz']) {
        const rest = sorted.filter((key) => Buffer.compare(bytes(key), bytes(start_after)) > 0)
        assert.deepEqual(await keysOf(store, '', start_after), rest, `after ${start_after}`)
      }
      for (const prefix of ['a', 'a/', 'a-', 'b/c', 'b/c/', 'b/é', 'x', 'x/y'])
        assert.deepEqual(
          await keysOf(store, prefix),
          sorted.filter((key) => key.startsWith(prefix)),
          `under ${prefix}`,
        )
    })

    test('list() tells the size and ETag that open() finds', async () => {
      await using store = await open(recorder().observe)
      await store.put('x/y', bytes('twelve bytes'), { create_only: true, signal })
      const listed: ObjectInfo[] = []
      for await (const info of store.list('x/', { signal })) listed.push(info)
      const [info] = listed
      assert(info !== undefined && listed.length === 1)
      assert.equal(info.size, 12)
      const opened = await store.open('x/y', { if_match: info.etag, signal })
      await drain(opened.body)
      assert.equal(opened.info.etag, info.etag)
      assert(Math.abs(Date.now() - info.last_modified.getTime()) < 600_000)
    })

    test('list() of an empty store and of an unknown prefix gives nothing', async () => {
      await using store = await open(recorder().observe)
      assert.deepEqual(await keysOf(store, ''), [])
      assert.deepEqual(await keysOf(store, 'done/edx/'), [])
    })

    test('open() of what is not there is object_missing, with the key in the sentence', async () => {
      await using store = await open(recorder().observe)
      await store.put('a/b', bytes('x'), { create_only: true, signal })
      for (const key of ['nothing', 'a', 'a/b/c']) {
        const error = await store.open(key, { signal }).catch((thrown: unknown) => thrown)
        assert(error instanceof MillraceError)
        assert.equal(error.code, 'object_missing')
        assert(error.message.includes(store.urlOf(key)), error.message)
      }
    })

    test('copy() replaces what was there, and a missing original is object_missing', async () => {
      await using store = await open(recorder().observe)
      await store.put('editions/ü 1+2%.duckdb', bytes('new'), { create_only: true, signal })
      await store.put('course.duckdb', bytes('old one'), { create_only: false, signal })
      await store.copy('editions/ü 1+2%.duckdb', 'course.duckdb', { signal })
      assert.equal(text(await store.read('course.duckdb', { signal })), 'new')
      await assert.rejects(store.copy('nothing', 'course.duckdb', { signal }), coded('object_missing'))
      assert.equal(text(await store.read('course.duckdb', { signal })), 'new')
    })

    test('remove() makes room for a create-only put, and again removes without complaint', async () => {
      await using store = await open(recorder().observe)
      await store.put('q/1', bytes('x'), { create_only: true, signal })
      await store.remove('q/1', { signal })
      await store.remove('q/1', { signal })
      assert.deepEqual(await keysOf(store, 'q/'), [])
      assert.equal(await store.put('q/1', bytes('y'), { create_only: true, signal }), 'stored')
    })

    test('an abort ends every kind of request with `aborted`', async () => {
      await using store = await open(recorder().observe)
      await store.put('k', Buffer.alloc(2_000_000), { create_only: true, signal })
      const aborted = AbortSignal.abort()
      await assert.rejects(store.read('k', { signal: aborted }), coded('aborted'))
      await assert.rejects(store.put('l', bytes(''), { create_only: true, signal: aborted }), coded('aborted'))
      await assert.rejects(store.copy('k', 'l', { signal: aborted }), coded('aborted'))
      await assert.rejects(store.remove('k', { signal: aborted }), coded('aborted'))
      await assert.rejects(drain(store.list('', { signal: aborted })), coded('aborted'))
      const controller = new AbortController()
      const { body } = await store.open('k', { signal: controller.signal })
      const reading = (async () => {
        for await (const _ of body) controller.abort()
      })()
      await assert.rejects(reading, coded('aborted'))
    })

    test('the observer hears of every request, its result and its bytes', async () => {
      const { seen, observe } = recorder()
      await using store = await open(observe)
      seen.requests.length = 0
      await store.put('k', bytes('12345'), { create_only: true, signal })
      await store.put('k', bytes('12345'), { create_only: true, signal })
      await store.read('k', { signal })
      await store.copy('k', 'l', { signal })
      await store.remove('k', { signal })
      await store.read('k', { signal }).catch(() => undefined)
      assert.deepEqual(seen, {
        requests: ['put ok', 'put conflict', 'open ok', 'copy ok', 'remove ok', 'open error'],
        bytes_in: 5,
        bytes_out: 5,
      })
      await keysOf(store, '')
      assert(seen.requests.includes('list ok'))
    })
  })
}
