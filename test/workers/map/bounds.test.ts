// A file that was made to hurt, or only came out wrong, must cost its own day and nothing else: whatever it expands to, and
// however its lines and members lie, reading it stays within one bound of memory and ends.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { SessionKeyReply } from '../../../contracts/key_exchange.ts'
import { EXPANSION_BYTES_MIN, READING_BYTES_MAX } from '../../../contracts/limits.ts'
import {
  compressed,
  compressedPacket,
  deflatedBulk,
  encrypted,
  gzippedBulk,
  literal,
  literalHeader,
} from './hostile_files.ts'
import type { Reading } from './read_in_child.ts'

const MEBIBYTE = 1_048_576
const CHILD = fileURLToPath(new URL('./read_in_child.ts', import.meta.url))
/** Dead young objects may pile up to a limit of their own (workers/map/pool.ts); here they must not hide what is held. */
const LITTLE_GARBAGE = '--max-semi-space-size=2'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-bounds-'))
})
after(() => rm(folder, { recursive: true }))

/** Reads a file in a process of its own, and asserts that it stayed within the bound. */
async function read(file: Uint8Array, reply?: SessionKeyReply): Promise<Reading> {
  const path = join(folder, 'file')
  await writeFile(path, file)
  const key = reply === undefined ? ['gzip'] : ['gpg', JSON.stringify(reply)]
  const { stdout } = await promisify(execFile)(process.execPath, [LITTLE_GARBAGE, CHILD, path, ...key])
  const reading: Reading = JSON.parse(stdout)
  const { grown_bytes } = reading
  assert.ok(grown_bytes <= READING_BYTES_MAX, `reading took ${grown_bytes} bytes of memory`)
  return reading
}

const readEncrypted = (message: Uint8Array): Promise<Reading> => {
  const { file, reply } = encrypted(message)
  return read(file, reply)
}

suite('reading a log file', { timeout: 240_000 }, () => {
  test('rejects a line of 64 MB and reads the lines around it', async () => {
    const event = '{"event_type":"page_close"}\n'
    const line = Buffer.alloc(64_000_000, '{"event_type":"x",')
    const log = Buffer.concat([Buffer.from(event), line, Buffer.from(`\n${event}`.replace('close', 'other'))])
    const { code, lines, rejected_by_reason, raw_bytes } = await read(gzipSync(log, { level: 1 }))
    assert.equal(code, null)
    assert.deepEqual([lines, rejected_by_reason.too_long, raw_bytes], [3, 1, log.length])
  })

  test('takes no more than a thousand times the size of a plain file, and no more memory', async () => {
    // Deflate expands to 1032 times at most, so a plain file is bounded by its size, and is damaged only at its end.
    const file = gzippedBulk(512)
    const { code, raw_bytes } = await read(file)
    assert.equal(code, 'gzip_corrupt')
    assert.ok(raw_bytes >= 511 * MEBIBYTE && raw_bytes <= 1032 * file.length)
  })

  test('ends a gzip bomb inside gpg’s own compression', async () => {
    const { code, raw_bytes } = await readEncrypted(compressed(literal(gzippedBulk(1040))))
    assert.equal(code, 'bomb')
    assert.ok(raw_bytes <= EXPANSION_BYTES_MIN)
  })

  test('ends a bomb of compressed packets inside one another before anything of it is text', async () => {
    const twice = compressed(compressedPacket(deflatedBulk(literalHeader(), 1040)))
    assert.deepEqual(pick(await readEncrypted(twice)), ['bomb', 0])
    assert.deepEqual(pick(await readEncrypted(compressed(twice))), ['bomb', 0])
  })

  test('takes a gigabyte of something else inside gpg’s compression for no gzip data', async () => {
    const bulk = compressedPacket(deflatedBulk(literalHeader(), 1024))
    assert.deepEqual(pick(await readEncrypted(bulk)), ['gzip_corrupt', 0])
  })

  test('remembers a million lines to find one that comes again', async () => {
    const numbers = Array.from({ length: 1_000_000 }, (_, n) => `${n}\n`)
    const { code, lines, rejected_by_reason } = await read(gzipSync(`${numbers.join('')}0\n`, { level: 1 }))
    assert.deepEqual([code, lines, rejected_by_reason], [null, 1_000_001, { no_object: 1_000_000 }])
  })

  test('reads half a million members of one line each', async () => {
    const member = gzipSync('{"event_type":"page_close"}\n')
    const { code, lines } = await read(Buffer.concat(Array.from({ length: 500_000 }, () => member)))
    assert.deepEqual([code, lines], [null, 500_000])
  })

  test('refuses a gzip header without end, and members without text are no bomb', async () => {
    const endless = Buffer.alloc(64 * MEBIBYTE, 'x')
    endless.set([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255])
    assert.deepEqual(pick(await read(endless)), ['gzip_corrupt', 0])
    const empty = gzipSync('')
    assert.deepEqual(pick(await read(Buffer.concat(Array.from({ length: 300_000 }, () => empty)))), [null, 0])
  })

  test('refuses packets of impossible lengths in the head without reading them', async () => {
    const { file, reply } = encrypted(literal(gzipSync('x\n')))
    const long = Buffer.concat([Buffer.from([0xc1, 255, 127, 255, 255, 255]), Buffer.alloc(32 * MEBIBYTE)])
    assert.equal((await read(Buffer.concat([long, file]), reply)).code, 'decrypt_corrupt')
    const many = Buffer.concat(Array.from({ length: 500_000 }, () => Buffer.from([0xca, 3, 0x50, 0x47, 0x50])))
    assert.equal((await read(Buffer.concat([many, file]), reply)).code, 'not_openpgp')
  })
})

const pick = ({ code, raw_bytes }: Reading): [string | null, number] => [code, raw_bytes]
