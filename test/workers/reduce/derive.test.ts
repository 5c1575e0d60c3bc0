// How a course database is built, beside what its tables say: all tables, comments, order, and nothing left behind.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { EVENT_TABLES, LEDGER_TABLES, TABLES, VIEWS } from '../../../contracts/registry.ts'
import { publishedColumns, quoted, storedDdl } from '../../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../../runtime/duckdb.ts'
import { buildTables, unresolvedId } from '../../../workers/reduce/derive.ts'

const SOURCES = { rows_schema: 'rows', target_schema: 'course', names: 'name_map' }

async function openRows(threads: number): Promise<Database> {
  const database = await openDatabase({ path: ':memory:', threads, memory_mb: 512 })
  await database.run(
    'create schema rows; create schema course; create table name_map (user_name varchar, user_id bigint)',
  )
  for (const table of EVENT_TABLES)
    await database.run(storedDdl(table, `rows.${table.name}`, [{ name: 'file_date', type: 'DATE' }]))
  for (const { name, columns } of LEDGER_TABLES) {
    const list = Object.entries(columns).map(([column, { type }]) => `${quoted(column)} ${type}`)
    await database.run(`create table rows.${name} (${list.join(', ')})`)
  }
  return database
}

test('buildTables() makes every published table with its columns, types and comments, also without rows', async () => {
  await using database = await openRows(1)
  await buildTables(database, SOURCES)
  const found = await database.rows<{
    table_name: string
    column_name: string
    data_type: string
    comment: string | null
  }>(
    `select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = 'course'
     order by table_name, column_index`,
  )
  const shown = [...TABLES.filter((table) => table.published), ...VIEWS.filter((view) => view.schema === 'main')]
  shown.sort((one, other) => (one.name < other.name ? -1 : 1))
  const expected = shown.flatMap((table) =>
    publishedColumns(table).map(([column_name, { type, doc }]) => ({
      table_name: table.name,
      column_name,
      data_type: type,
      comment: doc,
    })),
  )
  assert.deepEqual(found, expected)
  const left = await database.rows(`select table_name from duckdb_tables() where database_name = 'temp'
    union all select view_name from duckdb_views() where database_name = 'temp' and not internal`)
  assert.deepEqual(left, [])
})

test('buildTables() leaves nothing behind when it fails, and can be called again', async () => {
  await using database = await openRows(1)
  await assert.rejects(buildTables(database, { ...SOURCES, names: 'nowhere' }), /nowhere/)
  await database.run(`attach ':memory:' as other`)
  await buildTables(database, { ...SOURCES, target_schema: 'other.main' })
})

test('buildTables() stores rows in the order of their keys, with several threads too', async () => {
  await using database = await openRows(2)
  await database.run(`
    insert into rows.learner_event_day
    select date '2020-03-01', 'c', hash(i) % 1000000, null, date '2020-01-01' + (hash(-i) % 9)::integer, 'server', 'page:root',
      null, 1, timestamp '2020-01-01', timestamp '2020-01-01'
    from range(200000) as one(i)`)
  await buildTables(database, SOURCES)
  const [found] = await database.rows(`
    with numbered as (
      select rowid as place, row_number() over (order by user_id, day) - 1 as expected from course.learner_event_day
    )
    select count(*) as n, count(*) filter (place <> expected) as misplaced from numbered`)
  assert.deepEqual(found?.misplaced, 0n)
  assert.ok(Number(found?.n) > 150_000)
})

test('unresolvedId() is the negative start of the SHA-256 of the name', async () => {
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 128 })
  for (const name of ['anna', 'Åke Öström', `o'brien`, '😀']) {
    const [found] = await database.rows(`select ${unresolvedId('?')} as id`, [name])
    const start = createHash('sha256').update(name).digest().readBigUInt64BE()
    assert.equal(found?.id, -(1n + (start >> 2n)))
  }
})
