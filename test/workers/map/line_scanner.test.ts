// Lines must come out the same wherever the chunks end, one endless line must not fill the memory, and the scan must be
// sure of what is common: unsure of everything it would be right, and slow.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LINE_BYTES_MAX } from '../../../contracts/limits.ts'
import { windowOf } from '../../../workers/map/event_time.ts'
import { LineScanner, type ScannedLine } from '../../../workers/map/line_scanner.ts'
import { EVENT_TYPE, USERNAME } from '../../../workers/map/scan/record.ts'
import { prepareXxh64, xxh64 } from '../../../workers/map/xxh64.ts'
import { FILE_DATE, logLine } from './log_line.ts'

await prepareXxh64()

interface Seen {
  readonly kind: ScannedLine['kind']
  readonly line_no: number
  readonly byte_offset: number
  readonly length: number
  readonly hash: bigint
  readonly blank: boolean | null
  readonly text: string | null
}

const scanner = new LineScanner()

const seenOf = (line: ScannedLine): Seen => {
  const { kind, line_no, byte_offset, length, hash_low, hash_high } = line
  const hash = (BigInt(hash_high) << 32n) | BigInt(hash_low)
  const blank = line.kind === 'overlong' ? line.blank : null
  const text = kind === 'overlong' ? null : scanner.bytes().toString('latin1')
  return { kind, line_no, byte_offset, length, hash, blank, text }
}

function scan(chunks: Iterable<Uint8Array>): Seen[] {
  const lines: Seen[] = []
  scanner.begin(windowOf(FILE_DATE))
  for (const chunk of chunks) {
    scanner.feed(chunk)
    for (let line = scanner.next(); line !== null; line = scanner.next()) lines.push(seenOf(line))
  }
  const last = scanner.end()
  return last === null ? lines : [...lines, seenOf(last)]
}

const texts = (text: string): (string | null)[] => scan([Buffer.from(text)]).map((line) => line.text)

test('LineScanner gives the text between newlines, and a last line without one', () => {
  assert.deepEqual(texts(''), [])
  assert.deepEqual(texts('\n'), [''])
  assert.deepEqual(texts('a'), ['a'])
  assert.deepEqual(texts('a\n'), ['a'])
  assert.deepEqual(texts('a\r\n\nb'), ['a\r', '', 'b'])
})

test('LineScanner counts lines from 1 and bytes from 0', () => {
  const lines = scan([Buffer.from('ab\n\nc')])
  assert.deepEqual(
    lines.map(({ line_no, byte_offset, length, text }) => [line_no, byte_offset, length, text]),
    [
      [1, 0, 2, 'ab'],
      [2, 3, 0, ''],
      [3, 4, 1, 'c'],
    ],
  )
})

test('LineScanner gives the same lines whatever the chunk borders', () => {
  const piece = fc.constantFrom('a', '\n', '\n', 'é', `${logLine({ username: 'bo' })}\n`, '{"a":', '}')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat({ max: 700 })), (pieces, sizes) => {
      const text = pieces.join('')
      const bytes = Buffer.from(text)
      const chunks: Buffer[] = []
      let at = 0
      for (const size of sizes) {
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      chunks.push(bytes.subarray(at))
      assert.deepEqual(scan(chunks), scan([bytes]))
      assert.equal(scan(chunks).length, text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0))
    }),
    { numRuns: 500 },
  )
})

test('LineScanner hashes lines of any length as the library does', () => {
  const lines = Array.from({ length: 200 }, (_, length) => Buffer.alloc(length, 'abcdefghijklmnopqrstuvwxyz0123456789'))
  const found = scan([Buffer.from(lines.map((line) => `${line.toString()}\n`).join(''))])
  assert.deepEqual(
    found.map((line) => line.hash),
    lines.map((line) => xxh64(line)),
  )
})

test('LineScanner is sure of a common event and of nothing that is odd about one', () => {
  const kindOf = (line: string): string | undefined => scan([Buffer.from(line)])[0]?.kind
  assert.equal(kindOf(logLine()), 'event')
  assert.equal(kindOf(logLine({ event: { a: [1, { b: null }] }, page: 'https://x/é' })), 'event')
  const doubtful = {
    'text around the object': `x ${logLine()}`,
    'text behind it': `${logLine()} `,
    'a cut': logLine().slice(0, -2),
    'another form of time': logLine({ time: '2019-05-07 10:00:00' }),
    'a time outside the window': logLine({ time: '2010-05-07T10:00:00Z' }),
    'no type': logLine({ event_type: undefined }),
    'a type that is no text': logLine({ event_type: 7 }),
    'a huge id': logLine({ context: { user_id: 9_007_199_254_740_992 } }),
    'an id with a fraction': logLine({ context: { user_id: 7.5 } }),
    'a key in disguise': logLine().replace('"time"', '"tim\\u0065"'),
    'a control character': logLine().replace('ada', 'a\tda'),
    'a broken escape': logLine().replace('ada', 'a\\da'),
    'a broken number': logLine().replace('42', '042'),
    'deep nesting': logLine({ event: JSON.parse(`${'['.repeat(99)}1${']'.repeat(99)}`) }),
  }
  for (const [name, line] of Object.entries(doubtful)) assert.equal(kindOf(line), 'unsure', name)
})

test('LineScanner gives texts numbers, and begins anew when there are too many', () => {
  scanner.begin(windowOf(FILE_DATE))
  const before = scanner.fresh_starts
  const lines = Array.from({ length: 150_000 }, (_, number) => `${logLine({ username: `u${number}` })}\n`)
  for (let at = 0; at < lines.length; at += 1_000) {
    scanner.feed(Buffer.from(lines.slice(at, at + 1_000).join('')))
    for (let line = scanner.next(); line !== null; line = scanner.next()) {
      assert.equal(line.kind, 'event')
      assert.equal(scanner.text(scanner.word(USERNAME)), `u${line.line_no - 1}`)
      assert.equal(scanner.text(scanner.word(EVENT_TYPE)), 'problem_show')
    }
  }
  assert.ok(scanner.fresh_starts > before)
})

function* inChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

for (const size of [65_536, 1_000_003, 2 ** 24])
  test(`LineScanner keeps a line of LINE_BYTES_MAX and not a longer one, in chunks of ${size}`, () => {
    const longest = Buffer.alloc(LINE_BYTES_MAX + 1, 'x')
    longest[LINE_BYTES_MAX] = 0x0a
    const [whole] = scan(inChunks(longest, size))
    assert.deepEqual([whole?.kind, whole?.length], ['unsure', LINE_BYTES_MAX])
    const too_long = Buffer.alloc(LINE_BYTES_MAX + 1, 'x')
    const [line] = scan(inChunks(too_long, size))
    assert.deepEqual(
      [line?.kind, line?.length, line?.hash, line?.blank],
      ['overlong', too_long.length, xxh64(too_long), false],
    )
  })

test('an overlong line is blank when it is white space or a comment', () => {
  const blank = (bytes: Buffer): boolean | null | undefined => scan(inChunks(bytes, 65_536))[0]?.blank
  for (const size of [LINE_BYTES_MAX + 10, 3 * LINE_BYTES_MAX]) {
    assert.equal(blank(Buffer.alloc(size, ' \0\t')), true)
    assert.equal(blank(Buffer.concat([Buffer.from('#'), Buffer.alloc(size, 'x')])), true)
    assert.equal(blank(Buffer.concat([Buffer.alloc(size, ' '), Buffer.from('x')])), false)
    assert.equal(blank(Buffer.concat([Buffer.from('x'), Buffer.alloc(size, ' ')])), false)
  }
})

test('LineScanner goes on after an overlong line as if nothing had been', () => {
  for (const length of [LINE_BYTES_MAX + 1, 20_000_000]) {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(length, 'x'), Buffer.from('\nb\nc')])
    for (const size of [65_536, 1_048_576, bytes.length]) {
      const lines = scan(inChunks(bytes, size))
      assert.deepEqual(
        lines.map(({ kind, byte_offset }) => [kind, byte_offset]),
        [
          ['unsure', 0],
          ['overlong', 2],
          ['unsure', length + 3],
          ['unsure', length + 5],
        ],
      )
    }
  }
})
