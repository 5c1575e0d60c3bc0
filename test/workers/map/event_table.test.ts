// Declarations are written for text, and what they run over are ENUMs: no table may see the difference.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EVENT_COLUMNS } from '../../../contracts/event.ts'
import { EVENT_TABLES } from '../../../contracts/registry.ts'
import { mergedSelect, quoted, storedDdl } from '../../../contracts/table_sql.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { eventsSql, makeEventTable, serveEvents } from '../../../workers/map/event_table.ts'
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

test('eventsSql() gives the events of some types, with every column as it is among all', async () => {
  await using database = await open()
  const batch = new EventBatch(5000)
  for (const events of fc.sample(world, { numRuns: 40, seed: 7 }))
    for (const event of events) if (!batch.full) batch.append(event)
  serveEvents(database, batch)
  const types = batch.columns.event_type.values
  assert.ok(types.length > 5 && batch.rows > 100)
  const order = 'order by hash, time, event_type'
  for (const some of [[types[0] ?? ''], types.slice(1, 4), types.slice(2), types]) {
    const found = await database.rows(`from ${eventsSql(some.map((type) => types.indexOf(type) + 1))} ${order}`)
    const names = some.map((type) => `'${type}'`).join(', ')
    assert.deepEqual(found, await database.rows(`from ${eventsSql(null)} where event_type in (${names}) ${order}`))
  }
  serveEvents(database, null)
  await assert.rejects(database.run(`from ${eventsSql(null)}`), /no rows at present/)
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
