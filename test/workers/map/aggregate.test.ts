// What a thread makes of slices: pieces, counts, bounded memory, and nothing left in scratch.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { EVENT_TABLES } from '../../../contracts/registry.ts'
import { literal, storedColumns } from '../../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../../runtime/duckdb.ts'
import { Aggregator } from '../../../workers/map/aggregate.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { eventRow } from '../../laws/event_row.ts'
import { world } from '../../laws/random_world.ts'

const scratch = await mkdtemp(join(tmpdir(), 'millrace-aggregate-'))
after(() => rm(scratch, { recursive: true }))

const open = (): Promise<Database> => openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })

test('an aggregate tells the events of each course and one piece per table that got rows', async () => {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch })
  const batch = new EventBatch(4)
  for (const course_id of ['b', 'a', 'b', null])
    batch.append(eventRow({ course_id, actor_id: 1n, event_type: 'page_close' }))
  await aggregator.add(batch)
  await aggregator.add(batch)
  const { courses, pieces } = await aggregator.finish()
  assert.deepEqual(courses, [
    { course_id: 'a', events: 2 },
    { course_id: 'b', events: 4 },
  ])
  assert.deepEqual(
    pieces.map(({ table, rows }) => `${table} ${rows}`),
    ['event_type_day 3', 'learner 2', 'learner_event_day 2', 'learner_moment 2'],
  )
})

test('an aggregator has nothing of one file in the next, whether its rows were held or not', async () => {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch })
  for (let file = 0; file < 6; file++) {
    const batch = new EventBatch(2000)
    const events = [4500, 700, 2000][file % 3] ?? 0
    // Values grow from file to file: what was planned for small ones must not be done to large ones.
    const first = 10 ** (2 * file)
    for (let n = 0; n < events; n++) {
      if (batch.full) {
        await aggregator.add(batch)
        batch.clear()
      }
      const given = { actor_id: BigInt(first + n), event_type: `type ${file}`, course_id: `course ${file}` }
      batch.append(eventRow({ ...given, time_us: 1000 * first + n }))
    }
    await aggregator.add(batch)
    aggregator.reject({ line_no: 2 * first, byte_offset: 3 * first, length: 4 * first, reason: 'bad_json' })
    aggregator.reject({ line_no: first, byte_offset: 0, length: 1, reason: 'too_long' })
    const { courses, pieces } = await aggregator.finish()
    assert.deepEqual(courses, [{ course_id: `course ${file}`, events }])
    const found = (select: string, name: string) => {
      const paths = pieces.filter(({ table }) => table === name).map(({ path }) => `'${path}'`)
      return database.rows(`select ${select} from read_parquet([${paths}])`)
    }
    assert.deepEqual(await found('min(event_type) as type, sum(n)::int as n', 'event_type_day'), [
      { type: `type ${file}`, n: events },
    ])
    const learners = 'count(distinct user_id)::int as n, min(user_id)::double as low, max(user_id)::double as high'
    assert.deepEqual(await found(learners, 'learner'), [{ n: events, low: first, high: first + events - 1 }])
    assert.deepEqual(await found('epoch_us(max(time))::double as last', 'learner_moment'), [
      { last: 1000 * first + events - 1 },
    ])
    assert.deepEqual(await found('line_no::double as line_no, byte_offset::double as at, reason', 'rejected_line'), [
      { line_no: first, at: 0, reason: 'too_long' },
      { line_no: 2 * first, at: 3 * first, reason: 'bad_json' },
    ])
    for (const { path } of pieces) await rm(path)
    const [held] = await database.rows<{ mb: number }>(
      'select sum(memory_usage_bytes) / 1e6 as mb from duckdb_memory()',
    )
    assert.ok((held?.mb ?? 0) < 1, `${held?.mb} MB are held after a file`)
  }
})

test('a file without events or rejected lines has no piece', async () => {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch })
  await aggregator.add(new EventBatch(8))
  assert.deepEqual(await aggregator.finish(), { pieces: [], courses: [] })
})

test('a piece has the columns of its table, whether its rows were held, went straight to scratch, merged or not', async () => {
  const events = fc.sample(world, { numRuns: 64, seed: 7 }).flat()
  const shapes: Record<string, Set<string>> = {}
  for (const rows_max of [1, 200, 1_000_000]) {
    await using database = await open()
    await using aggregator = await Aggregator.open({ database, scratch, rows_max })
    const batch = new EventBatch(64)
    for (let from = 0; from < events.length; from += batch.capacity) {
      for (const event of events.slice(from, from + batch.capacity)) batch.append(event)
      await aggregator.add(batch)
      batch.clear()
    }
    for (const { table, path } of (await aggregator.finish()).pieces) {
      const columns = await database.rows(`describe select * from read_parquet(${literal(path)})`)
      shapes[table] ??= new Set()
      shapes[table].add(
        columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`.replaceAll('"', '')).join(', '),
      )
    }
  }
  const declared = EVENT_TABLES.map((table) => [
    table.name,
    new Set([
      storedColumns(table)
        .map(({ name, type }) => `${name} ${type}`.replaceAll('"', ''))
        .join(', '),
    ]),
  ])
  assert.deepEqual(shapes, Object.fromEntries(declared))
})

test('a table that fills the room has a piece of each slice, unmerged when merging is in vain', async () => {
  const piecesOf = async (actors: number) => {
    await using database = await open()
    await using aggregator = await Aggregator.open({ database, scratch, rows_max: 64 })
    const batch = new EventBatch(64)
    for (let slice = 0; slice < 3; slice++) {
      for (let at = 0; at < 64; at++)
        batch.append(eventRow({ actor_id: BigInt(slice * 64 + (at % actors)), hash: BigInt(at) }))
      await aggregator.add(batch)
      batch.clear()
    }
    const { pieces } = await aggregator.finish()
    return pieces.filter(({ table }) => table === 'learner_moment').map(({ rows }) => rows)
  }
  assert.deepEqual(await piecesOf(60), [60, 64, 64])
  assert.deepEqual(await piecesOf(20), [20, 20, 20])
  assert.deepEqual(await piecesOf(5), [15])
})

test('rejected lines become rows in the order of the file, in pieces when they are many', async () => {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch, rows_max: 40_000 })
  for (let line = 100_000; line > 0; line--)
    aggregator.reject({ line_no: line, byte_offset: line * 10, length: 9, reason: line % 2 ? 'bad_json' : 'no_time' })
  const { pieces } = await aggregator.finish()
  assert.deepEqual(new Set(pieces.map(({ table }) => table)), new Set(['rejected_line']))
  assert.equal(pieces.length, 2)
  const paths = pieces.map(({ path }) => literal(path)).join(', ')
  const [found] = await database.rows(
    `select count(distinct line_no) as n, max(byte_offset) as last, count(*) filter (reason = 'no_time') as no_time
     from read_parquet([${paths}])`,
  )
  assert.deepEqual(found, { n: 100_000n, last: 1_000_000n, no_time: 50_000n })
  assert.ok((await bytesHeld(database)) < 1e6, 'lines are held after their file')
})

test('scratch is empty when the aggregator is gone, whatever happened', async () => {
  await using database = await open()
  {
    await using aggregator = await Aggregator.open({ database, scratch, rows_max: 1 })
    const batch = new EventBatch(8)
    for (let at = 0; at < 8; at++) batch.append(eventRow({ actor_id: BigInt(at) }))
    await aggregator.add(batch)
    // The statements of a slice are done when the next one is taken.
    await aggregator.add(batch)
    // The next slice waits for the statements of the first.
    await aggregator.add(batch)
    const [folder = ''] = await readdir(scratch)
    assert.ok((await readdir(join(scratch, folder))).length > 0)
  }
  assert.deepEqual(await readdir(scratch), [])
  await assert.rejects(Aggregator.open({ database, scratch }), /part/)
  assert.deepEqual(await readdir(scratch), [])
})

const EMPTY = new EventBatch(1)

/** Most memory that DuckDB held after any slice of a day of different learners. */
async function memoryOf(slices: number): Promise<number> {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch, rows_max: 8_192 })
  const batch = new EventBatch(2_048)
  let most = 0
  for (let slice = 0; slice < slices; slice++) {
    batch.clear()
    for (let at = 0; at < 2_048; at++) {
      const actor_id = BigInt(slice * 2_048 + at)
      const id = `video-${actor_id}`
      const video = { event_type: 'play_video', family: 'video', block: id, block_id: id, position_s: at } as const
      batch.append(eventRow({ actor_id, username: `learner ${actor_id}`, ...video }))
    }
    await aggregator.add(batch)
    await aggregator.add(EMPTY)
    most = Math.max(most, await bytesHeld(database))
  }
  return most
}

async function bytesHeld(database: Database): Promise<number> {
  const [memory] = await database.rows<{ bytes: bigint }>(
    'select sum(memory_usage_bytes)::bigint as bytes from duckdb_memory()',
  )
  return Number(memory?.bytes)
}

test('a day four times as large, all of it of different learners, needs the same memory', async () => {
  const [day, large] = [await memoryOf(12), await memoryOf(48)]
  assert.ok(large <= day * 1.1, `${day} bytes for a day, ${large} for one four times as large`)
})

test('the rows that a file has in many tables need no more memory than those of the file before it', async () => {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch })
  const events = fc.sample(world, { numRuns: 16, seed: 7 }).flat()
  const held: number[] = []
  for (let file = 0; file < 3; file++) {
    aggregator.reject({ line_no: 1, byte_offset: 0, length: 1, reason: 'too_long' })
    for (let slice = 0; slice < 3; slice++) {
      const batch = new EventBatch(events.length)
      for (const event of events) batch.append(event)
      await aggregator.add(batch)
    }
    held.push(await bytesHeld(database))
    for (const { path } of (await aggregator.finish()).pieces) await rm(path)
  }
  const [first = 0, ...others] = held
  assert.ok(Math.max(...others) <= first * 1.1, `${held.join(', ')} bytes for one file after the other`)
})

test('long payloads of kept events go to scratch before they fill the memory of the database', async () => {
  await using database = await open()
  await using aggregator = await Aggregator.open({ database, scratch })
  const batch = new EventBatch(2_048)
  let hash = 0n
  for (let slice = 0; slice < 24; slice++) {
    while (!batch.full) {
      hash += 1n
      // Text that does not compress: what is held must count as it is.
      const payload = JSON.stringify({ text: randomBytes(6_000).toString('base64') })
      batch.append(
        eventRow({ actor_id: 1n, hash, event_type: 'page_close', kept: true, logged_type: 'page_close', payload }),
      )
    }
    await aggregator.add(batch)
    batch.clear()
  }
  const { pieces } = await aggregator.finish()
  const kept = pieces.filter(({ table }) => table === 'logged_event')
  assert.equal(
    kept.reduce((sum, { rows }) => sum + rows, 0),
    Number(hash),
  )
})
