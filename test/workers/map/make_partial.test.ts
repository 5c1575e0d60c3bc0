// One day, from its file to its receipt, without queue and threads: what stands in the results store afterwards, and that
// nothing stands there when the file is not whole.
import assert from 'node:assert/strict'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { MapJob } from '../../../contracts/job.ts'
import { Receipt } from '../../../contracts/receipt.ts'
import { OUR_TABLES } from '../../../contracts/registry.ts'
import { receiptKey } from '../../../contracts/store_layout.ts'
import { readRecord } from '../../../runtime/object_store/records.ts'
import { NO_COUNTRIES } from '../../../workers/map/countries.ts'
import { type MakePartialDeps, makePartial } from '../../../workers/map/make_partial.ts'
import { type MapTools, openMapTools } from '../../../workers/map/map_tools.ts'
import { SharedProgress } from '../../../workers/map/shared_progress.ts'
import { type DayRoom, gzipped, keysOf, logOf, openDayRoom, sha256Of } from './day_fixture.ts'
import { askRing, type KeyRoom, openKeyRoom } from './extract_fixture.ts'

const DATE = '2016-03-01'
const EVENTS = 500

const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

describe('makePartial()', { timeout: 120_000 }, () => {
  const { signal } = new AbortController()
  let keys: KeyRoom
  let tools: MapTools
  let room: DayRoom
  let scratch: string

  before(async () => {
    keys = await openKeyRoom()
  })
  after(async () => {
    await tools[Symbol.asyncDispose]()
    await keys[Symbol.asyncDispose]()
    await room[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await room?.[Symbol.asyncDispose]()
    room = await openDayRoom()
    scratch = join(room.folder, 'scratch')
    await mkdir(scratch)
    await tools?.[Symbol.asyncDispose]()
    tools = openMapTools({ memory_mb: 128, tables: OUR_TABLES, scratch })
  })

  const make = (job: MapJob, changed: Partial<MakePartialDeps> = {}) =>
    makePartial(job, {
      source: room.source,
      results: room.results,
      sessionKey: askRing(keys.ring),
      tools,
      tables: OUR_TABLES,
      countryOf: NO_COUNTRIES,
      scratch,
      worker: 'test',
      attempt: 1,
      allow_unauthenticated: false,
      progress: new SharedProgress(),
      now: () => new Date('2024-01-01T00:00:00Z'),
      signal,
      ...changed,
    })
  const encrypted = (log: Buffer, recipients: readonly string[] = ['master', 'czar']) =>
    keys.gpg.encrypt(gzipped(log), { recipients })
  const rowsOf = (receipt: Receipt) => receipt.parts.map(({ table, rows }) => [table, rows]).sort()

  it('stores parts whose hashes stand in the receipt, and the receipt itself', async () => {
    const log = logOf(DATE, EVENTS)
    const job = await room.put(DATE, gzipped(log), 'gzip')
    const { receipt, first } = await make(job)
    assert.equal(first, true)
    const { lines, events, blank, duplicates, rejected } = receipt.ledger
    assert.deepEqual(
      { lines, events, blank, duplicates, rejected },
      { lines: EVENTS + 3, events: EVENTS, blank: 1, duplicates: 1, rejected: 1 },
    )
    assert.equal(receipt.bytes.raw, log.length)
    assert.deepEqual(receipt.courses, [
      { course_id: 'course-v1:DemoX+1+2015', events: Math.ceil(EVENTS / 3) },
      { course_id: 'course-v1:DemoX+1+2016', events: EVENTS - Math.ceil(EVENTS / 3) },
    ])
    assert.ok(receipt.parts.some(({ table, rows }) => table === 'video_event' && rows === EVENTS))
    for (const part of receipt.parts) assert.equal(await sha256Of(room.results, part.key), part.sha256)
    const key = receiptKey(job.log_file.day.site, job.log_file.day.date, job.fingerprint)
    assert.deepEqual(await readRecord(room.results, key, Receipt, { signal }), receipt)
    assert.deepEqual(await keysOf(room.results), [key, ...receipt.parts.map((part) => part.key)].sort())
    assert.deepEqual(await filesBelow(scratch), [])
  })

  it('makes the same of a file that gpg encrypted as of a plain one', async () => {
    const log = logOf(DATE, EVENTS)
    const plain = await make(await room.put(DATE, gzipped(log), 'gzip'))
    const wrapped = await make(await room.put(DATE, await encrypted(log), 'gpg'))
    assert.equal(wrapped.receipt.sha256_raw, plain.receipt.sha256_raw)
    assert.match(wrapped.receipt.key_id ?? '', /^[0-9A-F]{16}$/)
    assert.deepEqual(wrapped.receipt.ledger, plain.receipt.ledger)
    assert.deepEqual(rowsOf(wrapped.receipt), rowsOf(plain.receipt))
  })

  it('a second attempt leaves everything as it stands', async () => {
    const job = await room.put(DATE, gzipped(logOf(DATE, EVENTS)), 'gzip')
    const one = await make(job)
    const before_second = await keysOf(room.results)
    const two = await make(job, { attempt: 2 })
    assert.equal(two.first, false)
    assert.deepEqual(two.receipt.parts, one.receipt.parts)
    assert.deepEqual(await keysOf(room.results), before_second)
  })

  it('counts its progress to the end', async () => {
    const log = logOf(DATE, EVENTS)
    const progress = new SharedProgress()
    await make(await room.put(DATE, gzipped(log), 'gzip'), { progress })
    const { raw_bytes, encrypted_bytes, events, steps } = progress.read()
    assert.equal(raw_bytes, log.length)
    assert.equal(encrypted_bytes, gzipped(log).length)
    assert.equal(events, EVENTS)
    assert.ok(steps > 1)
  })

  it('a log of lines that cannot be read has their places and nothing else', async () => {
    const { receipt } = await make(await room.put(DATE, gzipped(Buffer.from('no event\nnor this\n')), 'gzip'))
    assert.equal(receipt.ledger.rejected, 2)
    assert.deepEqual(rowsOf(receipt), [['rejected_line', 2]])
    assert.deepEqual(receipt.courses, [])
    assert.deepEqual(await filesBelow(scratch), [])
  })

  it('an empty log is a day with nothing in it', async () => {
    const { receipt } = await make(await room.put(DATE, gzipped(Buffer.alloc(0)), 'gzip'))
    assert.equal(receipt.ledger.lines, 0)
    assert.deepEqual([receipt.parts, receipt.courses], [[], []])
  })

  const damages: readonly (readonly [string, string, (file: Buffer) => Buffer])[] = [
    ['cut', 'decrypt_corrupt', (file) => file.subarray(0, file.length - 40)],
    [
      'changed in one bit',
      'decrypt_corrupt',
      (file) => {
        const at = file.length - 300
        const changed = Buffer.from(file)
        changed[at] = (changed[at] ?? 0) ^ 1
        return changed
      },
    ],
    ['no OpenPGP', 'not_openpgp', () => Buffer.from('<html>Access denied</html>')],
  ]
  for (const [what, code, damage] of damages)
    it(`a file that is ${what} leaves nothing in store or scratch, and the next day is not touched by it`, async () => {
      const sound = await make(await room.put(DATE, gzipped(logOf(DATE, EVENTS)), 'gzip'))
      const stored = await keysOf(room.results)
      const file = damage(await encrypted(logOf('2016-03-02', 3_000)))
      await assert.rejects(make(await room.put('2016-03-02', file, 'gpg')), { code })
      assert.deepEqual(await keysOf(room.results), stored)
      assert.deepEqual(await filesBelow(scratch), [])
      const next = await make(await room.put('2016-03-03', gzipped(logOf(DATE, EVENTS)), 'gzip'))
      assert.deepEqual(rowsOf(next.receipt), rowsOf(sound.receipt))
    })

  it('a file whose key we do not have is no_key', async () => {
    const job = await room.put(DATE, await encrypted(logOf(DATE, 10), ['master']), 'gpg')
    await assert.rejects(make(job), { code: 'no_key' })
  })

  it('a file that changed or went since it was planned is said to have', async () => {
    const job = await room.put(DATE, gzipped(logOf(DATE, 10)), 'gzip')
    await room.put(DATE, gzipped(logOf(DATE, 11)), 'gzip')
    await assert.rejects(make(job), { code: 'object_changed' })
    await rm(join(room.folder, 'source', job.log_file.key))
    await assert.rejects(make(job), { code: 'object_missing' })
  })

  it('an abort ends it with nothing stored', async () => {
    const job = await room.put(DATE, await encrypted(logOf(DATE, 5_000)), 'gpg')
    const stop = new AbortController()
    const sessionKey: MakePartialDeps['sessionKey'] = (packets) => {
      stop.abort()
      return askRing(keys.ring)(packets)
    }
    await assert.rejects(make(job, { sessionKey, signal: stop.signal }))
    assert.deepEqual(await keysOf(room.results), [])
    assert.deepEqual(await filesBelow(scratch), [])
  })
})
