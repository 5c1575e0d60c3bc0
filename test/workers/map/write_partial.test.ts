// Several parts are on their way at one time: their order, what a failure leaves behind, and pieces of every size.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { CalendarDate, Site } from '../../../contracts/day.ts'
import { MillraceError } from '../../../contracts/errors.ts'
import { Fingerprint } from '../../../contracts/fingerprint.ts'
import { openObjectStore } from '../../../runtime/object_store/open_object_store.ts'
import type { Piece } from '../../../workers/map/piece.ts'
import { writePartial } from '../../../workers/map/write_partial.ts'

const { signal } = new AbortController()
const address = {
  site: Site.parse('edx'),
  date: CalendarDate.parse('2020-03-01'),
  fingerprint: Fingerprint.parse('0123456789abcdef0123456789abcdef'),
}

/** A store in a folder of its own, and another folder with pieces of these sizes. */
async function given(context: TestContext, sizes: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-parts-'))
  context.after(() => rm(folder, { recursive: true }))
  const scratch = await mkdtemp(join(folder, 'scratch-'))
  const results = await openObjectStore(
    { url: join(folder, 'results'), path_style: false },
    { base: folder, use: 'results', signal },
  )
  const pieces: Piece[] = []
  const hashes: string[] = []
  for (const [index, size] of sizes.entries()) {
    const path = join(scratch, `${index}.parquet`)
    const bytes = randomBytes(size)
    await writeFile(path, bytes)
    pieces.push({ table: `table_${index}`, path, rows: index })
    hashes.push(createHash('sha256').update(bytes).digest('hex'))
  }
  const stored = async (): Promise<number> => (await Array.fromAsync(results.keys('', { signal }))).length
  return { results, pieces, hashes, scratch, stored }
}

test('writePartial() gives the parts in the order of the pieces, and tells of each, whatever their sizes', async (context) => {
  const sizes = [3_000_000, 1, 1_048_577, 1_048_576, 10, 500_000, 2_000_000, 7, 1_000]
  const { results, pieces, hashes, scratch } = await given(context, sizes)
  let told = 0
  const parts = await writePartial(pieces, { results, address, signal, stored: () => told++ })
  assert.equal(told, sizes.length)
  const expected = sizes.map((bytes, index) => ({ table: `table_${index}`, rows: index, bytes, sha256: hashes[index] }))
  assert.deepEqual(
    parts.map(({ table, rows, bytes, sha256 }) => ({ table, rows, bytes, sha256 })),
    expected,
  )
  for (const { key, sha256 } of parts) {
    assert.ok(key.includes(sha256.slice(0, 16)))
    const body = await results.read(key, { signal })
    assert.equal(createHash('sha256').update(body).digest('hex'), sha256)
  }
  assert.deepEqual(await readdir(scratch), [])
})

test('a second attempt finds its parts in the store and names the same', async (context) => {
  const { results, pieces, stored } = await given(context, [2_000_000, 100, 3_000])
  const contents = await Promise.all(pieces.map(({ path }) => readFile(path)))
  const first = await writePartial(pieces, { results, address, signal })
  for (const [index, { path }] of pieces.entries()) await writeFile(path, contents[index] ?? '')
  assert.deepEqual(await writePartial(pieces, { results, address, signal }), first)
  assert.equal(await stored(), pieces.length)
})

test('a piece that cannot be stored ends the writing, once nothing is on its way any more', async (context) => {
  const { results, pieces, stored } = await given(
    context,
    Array.from({ length: 40 }, () => 1_100_000),
  )
  const lost = pieces[2]?.path ?? ''
  await rm(lost)
  await assert.rejects(writePartial(pieces, { results, address, signal }), { code: 'ENOENT', path: lost })
  const left = await stored()
  assert.ok(left < pieces.length / 2, `${left} parts were stored after one failed`)
  await setTimeout(100)
  assert.equal(await stored(), left)
})

test('writing that is told to stop fails with the reason for it, before pieces of every size', async (context) => {
  const reason = new MillraceError('aborted', 'Cannot go on: told to stop')
  for (const size of [10, 2_000_000]) {
    const { results, pieces, stored } = await given(context, [size, size])
    const told = AbortSignal.abort(reason)
    await assert.rejects(writePartial(pieces, { results, address, signal: told }), { code: 'aborted' })
    assert.equal(await stored(), 0)
  }
})
