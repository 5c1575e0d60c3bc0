// Worker and reducer build their statements from declarations: here the statements are run, not read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVENT_TABLES, TABLES } from '../../contracts/registry.ts'
import type { KeptTable, SummedTable } from '../../contracts/table.ts'
import {
  commentsOf,
  literal,
  mergedSelect,
  presentedSelect,
  publishedColumns,
  quoted,
  storedColumns,
  storedDdl,
} from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'

const declared = { doc: 'x', type: 'BIGINT' } as const

const summed: SummedTable = {
  name: 'counted',
  kind: 'summed',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one thing',
  doc: 'Things.',
  keys: { day: { ...declared, type: 'DATE' }, secret: { ...declared, hidden: true } },
  measures: {
    n: { ...declared, merge: 'sum' },
    low: { ...declared, merge: 'min' },
    high: { ...declared, merge: 'max' },
    early: { ...declared, type: 'VARCHAR', merge: 'first' },
    late: { ...declared, type: 'VARCHAR', merge: 'last' },
  },
  sql: 'select 1',
}

const kept: KeptTable = {
  name: 'kept',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  grain: 'one thing',
  doc: 'Things.',
  columns: {
    t: declared,
    no: { ...declared, computed: 'row_number() over (partition by user_id order by t)' },
    before: { ...declared, hidden: true, computed: 'lag(no) over (partition by user_id order by t)' },
  },
  sql: 'select 1',
}

const open = (): Promise<Database> => openDatabase({ path: ':memory:', threads: 1, memory_mb: 128 })

test('storedColumns() lists course, learner, keys and measures, registers as structures, and nothing computed', () => {
  assert.deepEqual(
    storedColumns(summed).map(({ name, type }) => `${name} ${type}`),
    [
      'course_id VARCHAR',
      'user_id BIGINT',
      'user_name VARCHAR',
      'day DATE',
      'secret BIGINT',
      'n BIGINT',
      'low BIGINT',
      'high BIGINT',
      'early STRUCT("time" TIMESTAMP, "hash" UBIGINT, "value" VARCHAR)',
      'late STRUCT("time" TIMESTAMP, "hash" UBIGINT, "value" VARCHAR)',
    ],
  )
  assert.deepEqual(
    storedColumns(kept).map(({ name }) => name),
    ['course_id', 'user_id', 'user_name', 't'],
  )
})

test('mergedSelect() merges each measure by its rule, keys of NULL too, and merging twice changes nothing', async () => {
  await using database = await open()
  await database.run(storedDdl(summed, 'counted'))
  const register = (time: string, hash: string, value: string | null) =>
    value === null ? 'null' : `{'time': timestamp '${time}', 'hash': ${hash}::ubigint, 'value': ${literal(value)}}`
  const row = (day: string | null, n: number, time: string, hash: string, value: string | null) =>
    `('c', null, 'anna', ${day ? `date '${day}'` : 'null'}, 7, ${n}, ${n}, ${n}, ${register(time, hash, value)}, ${register(time, hash, value)})`
  await database.run(`insert into counted values
    ${row('2020-01-01', 1, '2020-01-01', '18446744073709551615', 'b')},
    ${row('2020-01-01', 2, '2020-01-01', '3', 'c')},
    ${row('2020-01-01', 4, '2020-01-02', '1', null)},
    ${row(null, 8, '2020-01-02', '1', 'd')},
    ${row(null, 16, '2019-01-02', '1', 'e')}`)
  const once = mergedSelect(summed, 'counted')
  for (const select of [once, mergedSelect(summed, `(${once})`)]) {
    const found = await database.rows(`
      select day, n, low, high, early."value" as early, late."value" as late from (${select}) order by day nulls last`)
    assert.deepEqual(found, [
      { day: '2020-01-01', n: 7n, low: 1n, high: 4n, early: 'c', late: 'b' },
      { day: null, n: 24n, low: 8n, high: 16n, early: 'e', late: 'd' },
    ])
  }
})

test('presentedSelect() opens registers and lets computed columns read those before them', async () => {
  await using database = await open()
  await database.run(`
    create table merged as
    select 'c' as course_id, 1::bigint as user_id, null::date as day, 7 as secret, 1 as n, 1 as low, 1 as high,
      {'time': timestamp '2020-01-01', 'hash': 1::ubigint, 'value': 'x'} as early, null::struct("time" timestamp, "hash" ubigint, "value" varchar) as late;
    create table events as select 'c' as course_id, 1::bigint as user_id, unnest([30, 10, 20]) as t
  `)
  const [row] = await database.rows(presentedSelect(summed, 'merged'))
  assert.deepEqual({ early: row?.early, late: row?.late, n: row?.n }, { early: 'x', late: null, n: 1n })
  const found = await database.rows<{ t: bigint; no: bigint; before: bigint | null }>(
    `select t, no, before from (${presentedSelect(kept, 'events')}) order by no`,
  )
  assert.deepEqual(
    found.map(({ t, no, before }) => [Number(t), no, before]),
    [
      [10, 1n, null],
      [20, 2n, 1n],
      [30, 3n, 2n],
    ],
  )
})

test('publishedColumns() shows the learner’s id and no hidden column', () => {
  assert.deepEqual(
    publishedColumns(summed).map(([name]) => name),
    ['course_id', 'user_id', 'day', 'n', 'low', 'high', 'early', 'late'],
  )
})

test('commentsOf() survives quotes in names and texts', async () => {
  await using database = await open()
  const odd: SummedTable = {
    ...summed,
    doc: `What's "this"?`,
    keys: {},
    measures: { 'a"b': { ...declared, merge: 'sum', doc: `It's n` } },
  }
  await database.run(`create table "o""dd" (course_id VARCHAR, user_id BIGINT, ${quoted('a"b')} BIGINT)`)
  for (const comment of commentsOf(odd, quoted('o"dd'))) await database.run(comment)
  const [found] = await database.rows(`select comment from duckdb_columns() where column_name = 'a"b'`)
  assert.equal(found?.comment, `It's n`)
})

test('every declaration has texts, and its SQL gives its columns over an empty relation `event`', async () => {
  const { EventBatch } = await import('../../workers/map/event_batch.ts')
  const { makeEventTable } = await import('../../workers/map/event_table.ts')
  await using database = await open()
  await makeEventTable(database, new EventBatch(1))
  for (const table of TABLES) {
    for (const text of [table.doc, table.grain, ...publishedColumns(table).map(([, column]) => column.doc)])
      assert.ok(text.length > 3, `${table.name}: ${text}`)
    for (const [name] of publishedColumns(table)) assert.match(name, /^[a-z][a-z0-9_]*$/)
  }
  for (const table of EVENT_TABLES) {
    const relation = quoted(table.name)
    await database.run(storedDdl(table, relation))
    const names = storedColumns(table).map(({ name }) => quoted(name))
    await database.run(`insert into ${relation} (${names.join(', ')}) ${mergedSelect(table, `(${table.sql})`)}`)
  }
})
