// Lines must come out the same wherever the chunks end, and one endless line must not fill the memory.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LINE_BYTES_MAX } from '../../../contracts/limits.ts'
import { type Line, LineCutter } from '../../../workers/map/lines.ts'
import { xxh64 } from '../../../workers/map/xxh64.ts'

type Seen = Omit<Line, 'bytes' | 'kind'> & { readonly text: string | null }

const seenOf = (line: Line): Seen => {
  const { line_no, byte_offset, length } = line
  return { line_no, byte_offset, length, text: line.kind === 'whole' ? line.bytes.toString('latin1') : null }
}

function cut(chunks: Iterable<Uint8Array>): Seen[] {
  const cutter = new LineCutter()
  const lines: Seen[] = []
  for (const chunk of chunks) {
    cutter.feed(chunk)
    for (let line = cutter.next(); line !== null; line = cutter.next()) lines.push(seenOf(line))
  }
  const last = cutter.end()
  return last === null ? lines : [...lines, seenOf(last)]
}

const texts = (text: string): (string | null)[] => cut([Buffer.from(text)]).map((line) => line.text)

test('LineCutter gives the text between newlines, and a last line without one', () => {
  assert.deepEqual(texts(''), [])
  assert.deepEqual(texts('\n'), [''])
  assert.deepEqual(texts('a'), ['a'])
  assert.deepEqual(texts('a\n'), ['a'])
  assert.deepEqual(texts('a\r\n\nb'), ['a\r', '', 'b'])
})

test('LineCutter counts lines from 1 and bytes from 0', () => {
  assert.deepEqual(cut([Buffer.from('ab\n\nc')]), [
    { line_no: 1, byte_offset: 0, length: 2, text: 'ab' },
    { line_no: 2, byte_offset: 3, length: 0, text: '' },
    { line_no: 3, byte_offset: 4, length: 1, text: 'c' },
  ])
})

test('LineCutter gives the same lines whatever the chunk borders', () => {
  const file = fc.string({ unit: fc.constantFrom('a', '\n', 'é'), maxLength: 60 })
  fc.assert(
    fc.property(file, fc.array(fc.nat({ max: 7 })), (text, sizes) => {
      const bytes = Buffer.from(text)
      const chunks: Buffer[] = []
      let at = 0
      for (const size of sizes) {
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      chunks.push(bytes.subarray(at))
      assert.deepEqual(cut(chunks), cut([bytes]))
      assert.equal(cut(chunks).length, text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0))
    }),
    { numRuns: 500 },
  )
})

function* inChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const lastLine = (bytes: Uint8Array, size: number): Line | null => {
  const cutter = new LineCutter()
  for (const chunk of inChunks(bytes, size)) {
    cutter.feed(chunk)
    const line = cutter.next()
    if (line !== null) return line
  }
  return cutter.end()
}

for (const size of [65_536, 1_000_003, 2 ** 24])
  test(`LineCutter keeps a line of LINE_BYTES_MAX and not a longer one, in chunks of ${size}`, () => {
    const longest = Buffer.alloc(LINE_BYTES_MAX + 1, 'x')
    longest[LINE_BYTES_MAX] = 0x0a
    const whole = lastLine(longest, size)
    assert.ok(whole?.kind === 'whole' && whole.length === LINE_BYTES_MAX)
    const too_long = Buffer.alloc(LINE_BYTES_MAX + 1, 'x')
    const line = lastLine(too_long, size)
    assert.ok(line?.kind === 'overlong')
    assert.deepEqual([line.length, line.hash, line.blank], [too_long.length, xxh64(too_long), false])
  })

test('an overlong line is blank when it is white space or a comment', () => {
  const blank = (bytes: Buffer): boolean => {
    const line = lastLine(bytes, 65_536)
    assert.ok(line?.kind === 'overlong')
    return line.blank
  }
  const size = LINE_BYTES_MAX + 10
  assert.equal(blank(Buffer.alloc(size, ' \0\t')), true)
  assert.equal(blank(Buffer.concat([Buffer.from('#'), Buffer.alloc(size, 'x')])), true)
  assert.equal(blank(Buffer.concat([Buffer.alloc(size, ' '), Buffer.from('x')])), false)
  assert.equal(blank(Buffer.concat([Buffer.from('x'), Buffer.alloc(size, ' ')])), false)
})

test('LineCutter goes on after an overlong line as if nothing had been', () => {
  const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(LINE_BYTES_MAX + 1, 'x'), Buffer.from('\nb\nc')])
  const lines = cut(inChunks(bytes, 65_536))
  assert.deepEqual(
    lines.map((line) => line.text),
    ['a', null, 'b', 'c'],
  )
  assert.equal(lines[2]?.byte_offset, LINE_BYTES_MAX + 4)
})
