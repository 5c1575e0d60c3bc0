// The directory as an object store: what it shares with S3, and what only a file system can do wrong.
import assert from 'node:assert/strict'
import { appendFile, mkdir, mkdtemp, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { MillraceError } from '../../../contracts/errors.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import { describeObjectStore, drain, keysOf } from './conformance.ts'

const signal = new AbortController().signal
const coded = (code: string) => (error: unknown) => error instanceof MillraceError && error.code === code

let base: string
let count = 0
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'millrace-directory-'))
})
after(() => rm(base, { recursive: true, force: true }))

const newName = () => `store ${++count}`
const openAt = (name: string, use: 'source' | 'results' = 'results') =>
  openObjectStore({ url: `./${name}`, path_style: false }, { base, use, signal })

describeObjectStore('a directory', (observe) =>
  openObjectStore({ url: newName(), path_style: false }, { base, observe, signal }),
)

test('openObjectStore() takes a file URL, with %-signs decoded', async () => {
  await using store = await openObjectStore({ url: `file://${base}/a%20b`, path_style: false }, { base: '/', signal })
  assert.equal(store.urlOf('x/y'), join(base, 'a b', 'x/y'))
  assert.equal(store.url, `file://${base}/a%20b`)
})

test('openObjectStore() says that a source folder does not exist, but makes a results folder on the first put', async () => {
  const name = newName()
  await assert.rejects(openAt(name, 'source'), (error: unknown) => {
    assert(error instanceof MillraceError)
    assert.equal(error.code, 'source_unreachable')
    assert.equal(error.message, `Cannot open the folder "${join(base, name)}": the folder does not exist`)
    return true
  })
  await using store = await openAt(name)
  assert.deepEqual(await keysOf(store, ''), [])
  await store.put('a', Buffer.from('x'), { create_only: true, signal })
  await using source = await openAt(name, 'source')
  assert.deepEqual(await keysOf(source, ''), ['a'])
})

test('list() of a source whose folder vanished fails, since an empty listing would look like deleted days', async () => {
  const name = newName()
  await mkdir(join(base, name))
  await using source = await openAt(name, 'source')
  await rename(join(base, name), join(base, `${name} away`))
  await assert.rejects(keysOf(source, ''), coded('source_unreachable'))
})

test('open() notices a file that changes while it is read', async () => {
  await using store = await openAt(newName())
  await store.put('k', Buffer.alloc(1_000_000), { create_only: true, signal })
  const { body } = await store.open('k', { signal })
  const reading = (async () => {
    let chunks = 0
    for await (const _ of body) if (++chunks === 1) await appendFile(store.urlOf('k'), 'more')
  })()
  await assert.rejects(reading, coded('object_changed'))
})

test('open() reads the version it was opened with, or none, when the file is replaced before the first byte', async () => {
  await using store = await openAt(newName())
  await store.put('k', Buffer.from('one'), { create_only: true, signal })
  const { body } = await store.open('k', { signal })
  await store.put('k', Buffer.from('two'), { create_only: false, signal })
  await assert.rejects(drain(body), coded('object_changed'))
  const { body: removed } = await store.open('k', { signal })
  await store.remove('k', { signal })
  await assert.rejects(drain(removed), coded('object_missing'))
})

test('a key can never lead out of the store', async () => {
  await using store = await openAt(newName())
  await writeFile(join(base, 'secret'), 'x')
  for (const key of ['../secret', 'a/../../secret', '/etc/passwd', 'a//b', './a', '', 'a/', '.tmp/a', 'a\0b']) {
    await assert.rejects(store.read(key, { signal }), coded('object_missing'), key)
    await assert.rejects(store.put(key, Buffer.from(''), { create_only: true, signal }), /no key/)
    await store.remove(key, { signal })
  }
})

test('nothing under construction is listed or left behind, and what a killed process left goes after a day', async () => {
  const name = newName()
  const hidden = join(base, name, '.tmp')
  await mkdir(hidden, { recursive: true })
  await writeFile(join(hidden, 'old'), 'half a receipt')
  await writeFile(join(hidden, 'young'), 'half a receipt')
  await utimes(join(hidden, 'old'), 0, 0)
  await using store = await openAt(name)
  await store.put('a', Buffer.from('x'), { create_only: true, signal })
  await store.put('a', Buffer.from('x'), { create_only: true, signal })
  assert.deepEqual(await keysOf(store, ''), ['a'])
  assert.deepEqual(await readdir(hidden), ['young'])
})

test('list() follows symbolic links, but not in a circle, and leaves out links to nowhere', async () => {
  const name = newName()
  await mkdir(join(base, name, 'year'), { recursive: true })
  await mkdir(join(base, `${name} elsewhere`))
  await writeFile(join(base, `${name} elsewhere`, 'day'), 'x')
  await symlink(join(base, `${name} elsewhere`), join(base, name, 'linked'))
  await symlink(join(base, name), join(base, name, 'year', 'circle'))
  await symlink(join(base, 'nowhere'), join(base, name, 'nowhere'))
  await using source = await openAt(name, 'source')
  assert.deepEqual(await keysOf(source, ''), ['linked/day'])
  assert.deepEqual(await keysOf(source, 'year/'), [])
})

test('a key below a file is refused with the reason', async () => {
  await using store = await openAt(newName())
  await store.put('a', Buffer.from('x'), { create_only: true, signal })
  await assert.rejects(store.put('a/b', Buffer.from('x'), { create_only: true, signal }), (error: unknown) => {
    assert(error instanceof MillraceError)
    assert.equal(error.code, 'store_refused')
    assert.match(error.message, /^Cannot store ".*\/a\/b": a file stands where a folder is needed$/)
    return true
  })
})
