// Declarations are written for text, and what they run over are ENUMs: no table may see the difference.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EVENT_COLUMNS } from '../../../contracts/event.ts'
import { isOfTypes } from '../../../contracts/event_types.ts'
import { EVENT_TABLES } from '../../../contracts/registry.ts'
import { mergedSelect, quoted, storedDdl } from '../../../contracts/table_sql.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { makeEventTable, ServedEvents } from '../../../workers/map/event_table.ts'
import { eventRow } from '../../laws/event_row.ts'
import { world } from '../../laws/random_world.ts'

const AS_TEXT = Object.entries(EVENT_COLUMNS)
  .filter(([, { storage }]) => storage === 'text')
  .map(([name]) => `${quoted(name)}::varchar as ${quoted(name)}`)

test('every table says the same over a batch, whose text is ENUMs, as over the same rows with plain text', async () => {
  await using database = await open()
  for (const table of EVENT_TABLES) await database.run(storedDdl(table, `stored_${table.name}`))
  const batch = new EventBatch(64)
  await fc.assert(
    fc.asyncProperty(world, async (events) => {
      batch.clear()
      for (const event of events.slice(0, batch.capacity)) batch.append(event)
      await makeEventTable(database, batch)
      const found = await rowsOfTables(database)
      await database.run(`create or replace table event as select * replace (${AS_TEXT.join(', ')}) from event`)
      assert.deepEqual(found, await rowsOfTables(database))
    }),
    { numRuns: 15, endOnFailure: true },
  )
})

test('served events of some types have every column as it is among all, whether they are few or many', async () => {
  await using database = await open()
  const batch = new EventBatch(5000)
  for (const events of fc.sample(world, { numRuns: 40, seed: 7 }))
    for (const event of events) if (!batch.full) batch.append(event)
  const events = new ServedEvents(database)
  events.serve(batch, true)
  const types = batch.columns.event_type.values
  assert.ok(types.length > 5 && batch.rows > 100)
  const order = 'order by hash, time, event_type'
  const all = events.seenBy({ table: 'all', rows: null, count: 1_000_000, plain: false }).sql
  for (const some of [[types[0] ?? ''], types.slice(1, 4), types.slice(2), types]) {
    const names = some.map((type) => `'${type}'`).join(', ')
    const expected = await database.rows(`from ${all} where event_type in (${names}) ${order}`)
    const rows = events.rowsOf({ type_nos: some.map((type) => types.indexOf(type) + 1), needs: [] })
    for (const count of [expected.length, 1_000_000]) {
      const { sql, plan_holds } = events.seenBy({ table: 'some', rows, count, plain: false })
      assert.equal(plan_holds, count < 1_000_000)
      assert.deepEqual(await database.rows(`from ${sql} ${order}`), expected)
    }
  }
})

test('every table says the same over the events that it is shown as over all', async () => {
  await using database = await open()
  const batch = new EventBatch(2000)
  for (const events of fc.sample(world, { numRuns: 40, seed: 7 }))
    for (const event of events) if (!batch.full) batch.append(event)
  const events = new ServedEvents(database)
  events.serve(batch)
  const types = batch.columns.event_type.values
  let left_out = 0
  for (const table of EVENT_TABLES) {
    const wanted = table.types
    const type_nos =
      wanted === undefined ? null : types.flatMap((type, at) => (isOfTypes(type, wanted) ? [at + 1] : []))
    const shown = events.rowsOf({ type_nos, needs: table.needs ?? [] })
    if (type_nos === null && shown !== null) left_out += batch.rows - shown.length
    const [some, all] = [shown, null].map((rows) => {
      const { sql } = events.seenBy({ table: `${table.name} ${rows?.length}`, rows, count: 1, plain: true })
      return `with event as not materialized (from ${sql}) from (${table.sql}) order by all`
    })
    assert.deepEqual(await database.rows(some ?? ''), await database.rows(all ?? ''), table.name)
  }
  assert.ok(left_out > batch.rows)
})

test('a plan over few events holds for the next batch, and one over many is refused there', async () => {
  await using database = await open()
  await database.run('create table found (event_type varchar, n bigint)')
  const events = new ServedEvents(database)
  const batch = new EventBatch(64)
  const found: unknown[] = []
  for (const types of [
    ['play_video', 'page_close', 'play_video'],
    ['seq_next'],
    ['page_close', 'edx.x', 'play_video'],
  ]) {
    batch.clear()
    for (const event_type of types) batch.append(eventRow({ event_type }))
    events.serve(batch, true)
    const type_nos = batch.columns.event_type.values.flatMap((type, at) => (type === 'seq_next' ? [] : [at + 1]))
    const rows = events.rowsOf({ type_nos, needs: [] })
    const { sql } = events.seenBy({ table: 'some', rows, count: 1, plain: false })
    await database.runPlanned(`insert into found select event_type, count(*) from ${sql} group by all`)
    found.push(await database.rows('from found order by all'))
    await database.runPlanned('truncate found')
  }
  const row = (event_type: string, n: bigint) => ({ event_type, n })
  assert.deepEqual(found, [
    [row('page_close', 1n), row('play_video', 2n)],
    [],
    [row('edx.x', 1n), row('page_close', 1n), row('play_video', 1n)],
  ])
  const many = { table: 'many', rows: null, count: 1_000_000, plain: false }
  const over_many = `insert into found select event_type, 1 from ${events.seenBy(many).sql}`
  await database.runPlanned(over_many)
  events.serve(batch, true)
  events.seenBy(many)
  await assert.rejects(database.runPlanned(over_many), /Invalid Input Error/)
  events.serve(null)
  await assert.rejects(database.run(over_many), /no rows at present/)
})

const open = () => openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })

async function rowsOfTables(database: Awaited<ReturnType<typeof openDatabase>>) {
  const found = []
  for (const table of EVENT_TABLES) {
    const stored = `stored_${table.name}`
    await database.run(`
      delete from ${stored};
      insert into ${stored} by name ${mergedSelect(table, `(${table.sql})`)}
    `)
    found.push({ table: table.name, rows: await database.rows(`select * from ${stored} order by all`) })
  }
  return found
}
