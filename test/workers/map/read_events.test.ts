// The boundary from bytes to rows: nothing may get lost between the lines of a file and its ledger.
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LineLedger, RejectedLine } from '../../../contracts/ledger.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { LineScanner } from '../../../workers/map/line_scanner.ts'
import { readEvents } from '../../../workers/map/read_events.ts'
import { COURSE, FILE_DATE, logLine } from './log_line.ts'

const scanner = new LineScanner()

interface Read {
  readonly ledger: LineLedger
  readonly rejected: readonly RejectedLine[]
  /** Rows of each batch that was handed on. */
  readonly batches: readonly number[]
  readonly hashes: readonly unknown[]
}

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[] = []): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) return
    yield bytes.subarray(at, at + size)
    at += size
  }
  yield bytes.subarray(at)
}

async function read(
  file: string | Uint8Array,
  different: { sizes?: readonly number[]; duplicates?: 'drop' | 'keep'; capacity?: number } = {},
): Promise<Read> {
  const batch = new EventBatch(different.capacity ?? 8)
  const rejected: RejectedLine[] = []
  const batches: number[] = []
  const hashes: unknown[] = []
  const events = readEvents(chunksOf(Buffer.from(file), different.sizes), {
    date: FILE_DATE,
    rules: { duplicates: different.duplicates ?? 'drop', organisations: ['chalmersx'], keep_events: [] },
    scanner,
    scratch: tmpdir(),
    batch,
    rejected: (line) => rejected.push(line),
    signal: new AbortController().signal,
  })
  for (;;) {
    const next = await events.next()
    if (next.done === true) return { ledger: next.value, rejected, batches, hashes }
    batches.push(next.value.rows)
    for (let row = 0; row < next.value.rows; row++) hashes.push(next.value.columns.hash.values[row])
    next.value.clear()
  }
}

const A = logLine({ username: 'a', time: '2019-05-07T10:00:00Z' })
const B = logLine({ username: 'b', time: '2019-05-07T09:00:00.5Z' })

test('readEvents() gives an empty ledger and no batch for an empty file', async () => {
  const { ledger, batches } = await read('')
  assert.deepEqual(batches, [])
  assert.deepEqual([ledger.lines, ledger.events, ledger.min_time, ledger.max_time], [0, 0, null, null])
})

test('readEvents() decides blank, duplicate, rejected, event in this order', async () => {
  const bad = '{"x": }'
  const { ledger, rejected } = await read(`${A}\n\n#x\n#x\n${A}\n${bad}\n${bad}\nno\n${A}\r\n${B}`)
  assert.deepEqual([ledger.lines, ledger.events, ledger.blank, ledger.duplicates, ledger.rejected], [10, 3, 3, 2, 2])
  assert.deepEqual(ledger.rejected_by_reason, { bad_json: 1, no_object: 1 })
  const bad_offset = 2 * (A.length + 1) + 7
  assert.deepEqual(rejected, [
    { line_no: 6, byte_offset: bad_offset, length: bad.length, reason: 'bad_json' },
    { line_no: 8, byte_offset: bad_offset + 2 * (bad.length + 1), length: 2, reason: 'no_object' },
  ])
  assert.deepEqual([ledger.min_time, ledger.max_time], ['2019-05-07T09:00:00.500000Z', '2019-05-07T10:00:00.000000Z'])
})

test('readEvents() counts every occurrence when duplicates are kept', async () => {
  const { ledger } = await read(`${A}\n${A}\nno\nno\n`, { duplicates: 'keep' })
  assert.deepEqual([ledger.events, ledger.duplicates, ledger.rejected], [2, 0, 2])
})

test('readEvents() takes a repeated overlong line for a duplicate', async () => {
  const long = 'x'.repeat(4_194_305)
  const { ledger, rejected } = await read(`${long}\n${long}\n${long}y\n${A}`)
  assert.deepEqual([ledger.duplicates, ledger.rejected_by_reason, ledger.events], [1, { too_long: 2 }, 1])
  assert.deepEqual(
    rejected.map((line) => line.length),
    [long.length, long.length + 1],
  )
})

test('readEvents() hands on full batches and the rest', async () => {
  const lines = Array.from({ length: 7 }, (_, number) => logLine({ username: `u${number}` }))
  assert.deepEqual((await read(lines.join('\n'), { capacity: 3 })).batches, [3, 3, 1])
  assert.deepEqual((await read(lines.slice(1).join('\n'), { capacity: 3 })).batches, [3, 3])
})

test('readEvents() gives its consumer a turn when many lines were rejected, so that notes of them do not pile up', async () => {
  const broken = Array.from({ length: 40_000 }, (_, number) => `broken ${number}`).join('\n')
  const { ledger, batches, rejected } = await read(`${broken}\n${A}\n`)
  assert.deepEqual(batches, [0, 0, 1])
  assert.deepEqual([ledger.rejected, rejected.length, ledger.events], [40_000, 40_000, 1])
})

test('readEvents() counts what is odd about events', async () => {
  const { ledger } = await read(
    [
      `host ${A}`,
      logLine({ event_type: 'x', event: '{"a": "b' }),
      logLine({ context: { course_id: '' } }),
      logLine({ context: { course_id: 'course-v1:OtherX+a+b' } }),
      logLine({ context: { course_id: 'CHALMERSX/a/b' } }),
      logLine({ session: 'x'.repeat(9) }).slice(0, -4),
      `host ${COURSE}`,
    ].join('\n'),
  )
  const { events, prefixed, truncated_payload, no_course, foreign_org, rescued, rejected } = ledger
  assert.deepEqual(
    [events, prefixed, truncated_payload, no_course, foreign_org, rescued, rejected],
    [6, 1, 1, 1, 1, 1, 1],
  )
})

test('readEvents() tells its progress and stops when it is told to', async () => {
  const stop = new AbortController()
  const told: number[][] = []
  const bytes = Buffer.from(`${A}\n${B}\n`)
  const events = readEvents(chunksOf(bytes, [A.length + 1, 1]), {
    date: FILE_DATE,
    rules: { duplicates: 'drop', organisations: [], keep_events: [] },
    scanner,
    scratch: tmpdir(),
    batch: new EventBatch(8),
    rejected: () => assert.fail('no line is bad'),
    progress: (raw_bytes, count) => {
      told.push([raw_bytes, count])
      if (told.length === 2) stop.abort(new Error('enough'))
    },
    signal: stop.signal,
  })
  await assert.rejects(events.next(), /enough/)
  assert.deepEqual(told, [
    [A.length + 1, 1],
    [A.length + 2, 1],
  ])
})

interface Slowly {
  readonly lines: number
  readonly blank: number
  readonly duplicates: number
  /** Numbers of the lines that are whole JSON, each the first of its kind. */
  readonly sound: ReadonlySet<number>
}

/** The rules for lines once more, slowly and by other means: strings, a Set, JSON.parse. */
function slowly(bytes: Buffer): Slowly {
  const texts = bytes.toString('latin1').split('\n')
  if (texts.at(-1) === '') texts.pop()
  const seen = new Set<string>()
  const sound = new Set<number>()
  let blank = 0
  let duplicates = 0
  for (const [index, text] of texts.entries()) {
    if (/^#/.test(text) || !/[^ \t\r\v\f\0]/.test(text)) blank++
    else if (seen.has(text)) duplicates++
    else if (isSound(text)) sound.add(index + 1)
    seen.add(text)
  }
  return { lines: texts.length, blank, duplicates, sound }
}

function isSound(text: string): boolean {
  const whole = Buffer.from(text, 'latin1').toString().replaceAll('\0', '')
  try {
    return JSON.parse(whole.replace(/^[^{]*|[^}]*$/g, '')) !== null
  } catch {
    return false
  }
}

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(A, B, `x${A}`, `${B}\r`, '{}', '', '\0', ' ', '#', '\r', 'no', '{"a":1}') },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.nat({ max: A.length }).map((at) => A.slice(0, at)) },
)
const file = fc
  .array(fc.tuple(piece, fc.constantFrom('\n', '\n', '\n', '')), { maxLength: 20 })
  .map((pieces) => Buffer.concat(pieces.flat().map((part) => Buffer.from(part))))

test('readEvents() accounts for every line of any bytes, as a slow reading of the rules does', async () => {
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      const { ledger, rejected } = await read(bytes)
      const expected = slowly(bytes)
      assert.equal(ledger.lines, ledger.events + ledger.blank + ledger.duplicates + ledger.rejected)
      assert.deepEqual(
        [ledger.lines, ledger.blank, ledger.duplicates],
        [expected.lines, expected.blank, expected.duplicates],
      )
      assert.equal(rejected.length, ledger.rejected)
      const rejected_sound = rejected.filter(({ line_no }) => expected.sound.has(line_no))
      assert.equal(ledger.events - ledger.rescued + rejected_sound.length, expected.sound.size)
      for (const { reason } of rejected_sound) assert.match(reason, /^(not_an_object|(no|odd)_(time|type|source))$/)
      for (const line of rejected) assert.ok(line.byte_offset + line.length <= bytes.length)
    }),
    { numRuns: 400 },
  )
})

test('readEvents() reads the same whatever the chunk borders', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.array(fc.integer({ min: 0, max: 40 })), async (bytes, sizes) => {
      const { batches: _, ...whole } = await read(bytes)
      const { batches: __, ...chunked } = await read(bytes, { sizes, capacity: 2 })
      assert.deepEqual(chunked, whole)
    }),
    { numRuns: 300 },
  )
})
