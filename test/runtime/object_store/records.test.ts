// Records in a store: read through their schema or not at all, and found by number.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { MillraceError } from '../../../contracts/errors.ts'
import { numberedKey } from '../../../contracts/store_layout.ts'
import type { ObjectStore } from '../../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import { latestNumber, putRecord, readRecord } from '../../../runtime/object_store/records.ts'

const signal = new AbortController().signal
const Point = z.strictObject({ x: z.number(), name: z.string() })

let base: string
let store: ObjectStore
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'millrace-records-'))
  store = await openObjectStore({ url: './store', path_style: false }, { base, signal })
})
after(async () => {
  await store[Symbol.asyncDispose]()
  await rm(base, { recursive: true })
})

/** Stores a text as a record and reads it; returns the sentence of the failure. */
async function complaint(text: string): Promise<string> {
  await store.put('bad', Buffer.from(text, 'latin1'), { create_only: false, signal })
  const error = await readRecord(store, 'bad', Point, { signal }).catch((thrown: unknown) => thrown)
  assert(error instanceof MillraceError)
  assert.equal(error.code, 'object_corrupt')
  return error.message.replace(join(base, 'store'), '')
}

test('readRecord() gives back what putRecord() stored', async () => {
  const options = { create_only: true, signal }
  assert.equal(await putRecord(store, 'good', { x: 1, name: 'é' }, options), 'stored')
  assert.equal(await putRecord(store, 'good', { x: 2, name: 'a' }, options), 'exists')
  assert.deepEqual(await readRecord(store, 'good', Point, { signal }), { x: 1, name: 'é' })
})

test('putRecord() stores a long record as gzip, and a cut one is refused', async () => {
  const long = { x: 1, name: 'secret '.repeat(20_000) }
  await putRecord(store, 'long', long, { create_only: true, signal })
  const bytes = await store.read('long', { signal })
  assert.ok(bytes.length < 5_000)
  assert.deepEqual(JSON.parse(gunzipSync(bytes).toString('utf8')), long)
  assert.deepEqual(await readRecord(store, 'long', Point, { signal }), long)
  await store.put('cut', bytes.subarray(0, bytes.length - 9), { create_only: true, signal })
  await assert.rejects(readRecord(store, 'cut', Point, { signal }), { code: 'object_corrupt' })
})

test('readRecord() gives back what is expected when the record is its text, and reads what is stored when it is not', async () => {
  for (const name of ['short', 'long '.repeat(20_000)]) {
    const expected = { x: 1, name }
    const read = () => readRecord(store, 'likely', Point, { expected, signal })
    await putRecord(store, 'likely', { x: 1, name }, { create_only: false, signal })
    assert.equal(await read(), expected, 'the very object')
    await putRecord(store, 'likely', { x: 2, name }, { create_only: false, signal })
    assert.deepEqual(await read(), { x: 2, name })
    await putRecord(store, 'likely', { name, x: 1 }, { create_only: false, signal })
    assert.deepEqual(await read(), expected, 'in another order')
    await putRecord(store, 'likely', { x: 1, name, more: 1 }, { create_only: false, signal })
    await assert.rejects(read(), { code: 'object_corrupt' })
  }
})

test('readRecord() names what is wrong with a record and never quotes it', async () => {
  assert.equal(await complaint('{"x": secret'), 'Cannot read the record "/bad": it is not JSON')
  assert.equal(await complaint('{"x": 1, "name": "\xff"}'), 'Cannot read the record "/bad": it is not JSON')
  assert.match(
    await complaint('{"x": "secret", "name": "a"}'),
    /^Cannot read the record "\/bad": x: [^;]*expected number/,
  )
  assert.match(await complaint('{"x": 1}'), /: name: /)
  assert.match(await complaint('[]'), /: record: /)
  for (const text of ['{"x": "secret"}', '"secret"']) assert(!(await complaint(text)).includes('secret'))
})

test('latestNumber() finds the highest number right under the prefix', async () => {
  const latest = (after?: number) => latestNumber(store, 'plans/edx/', { signal, ...(after ? { after } : {}) })
  assert.equal(await latest(), null)
  for (const number of [1, 2, 10])
    await putRecord(store, numberedKey('plans/edx/', number), {}, { create_only: true, signal })
  for (const foreign of ['plans/edx/zz.json', 'plans/edx/0000000099.json.bak', 'plans/edx/deeper/0000000077.json'])
    await putRecord(store, foreign, {}, { create_only: true, signal })
  assert.equal(await latest(), 10)
  assert.equal(await latest(2), 10)
  assert.equal(await latest(10), 10, 'nothing follows the number that the caller knows')
  assert.equal(await latestNumber(store, 'plans/edge/', { signal, after: 0 }), null)
})
