// How a course database is built, beside what its tables say: all tables, comments, order, and nothing left behind.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { DECLARED, DERIVED_TABLES, EVENT_TABLES, LEDGER_TABLES, TABLES, VIEWS } from '../../../contracts/registry.ts'
import { RuleChoices } from '../../../contracts/rule_choices.ts'
import { tableSet } from '../../../contracts/table_set.ts'
import { publishedColumns, quoted, storedColumns, storedDdl } from '../../../contracts/table_sql.ts'
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

test('buildTables() derives nothing from nothing, by whatever rules', async () => {
  for (const survey_titles of ['exact', 'loose'] as const)
    for (const session_end of ['gap', 'gap_or_page_close'] as const) {
      await using database = await openRows(1)
      const choices = RuleChoices.parse({ survey_titles, session_end })
      await buildTables(database, { ...SOURCES, tables: tableSet(DECLARED, { choices }) })
      for (const { name } of DERIVED_TABLES)
        assert.deepEqual(await database.rows(`from course.${quoted(name)}`), [], name)
    }
})

test('buildTables() makes the same of the tables with rows alone as of all, and needs no others', async () => {
  const with_rows = new Set(['learner_event_day', 'event_type_day', 'enrollment_event', 'last_page'])
  const contents: unknown[] = []
  for (const told of [undefined, with_rows]) {
    await using database = await openRows(1)
    const values: Readonly<Record<string, string>> = {
      VARCHAR: `'c'`,
      BIGINT: '7',
      BOOLEAN: 'true',
      DATE: `'2020-01-02'`,
    }
    for (const table of EVENT_TABLES.filter(({ name }) => with_rows.has(name))) {
      const filled = storedColumns(table).filter(({ name, type }) => name !== 'user_name' && values[type] !== undefined)
      const columns = filled.map(({ name }) => quoted(name)).join(', ')
      const row = filled.map(({ type }) => values[type]).join(', ')
      await database.run(`insert into rows.${table.name} (file_date, ${columns}) values ('2020-01-02', ${row})`)
    }
    if (told !== undefined)
      for (const { name } of EVENT_TABLES) if (!told.has(name)) await database.run(`drop table rows.${quoted(name)}`)
    await buildTables(database, { ...SOURCES, ...(told && { with_rows: told }) })
    const published = TABLES.filter((table) => table.published)
    const rows = await Promise.all(published.map(({ name }) => database.rows(`from course.${quoted(name)}`)))
    contents.push(Object.fromEntries(published.map(({ name }, at) => [name, rows[at]])))
  }
  const [of_all, of_some] = contents
  assert.deepEqual(of_some, of_all)
  const [found] = Object.entries(of_some ?? {}).filter(([name]) => name === 'person_course')
  assert.equal(found?.[1].length, 1)
})

test('unresolvedId() is the negative start of the SHA-256 of the name', async () => {
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 128 })
  for (const name of ['anna', 'Åke Öström', `o'brien`, '😀']) {
    const [found] = await database.rows(`select ${unresolvedId('?')} as id`, [name])
    const start = createHash('sha256').update(name).digest().readBigUInt64BE()
    assert.equal(found?.id, -(1n + (start >> 2n)))
  }
})
