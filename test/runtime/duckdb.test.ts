// Settings, errors and bulk columns of the one wrapper of DuckDB: what everybody else takes for granted.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ColumnData, DatabaseError, openDatabase } from '../../runtime/duckdb.ts'

const open = (options: { readonly memory_mb?: number; readonly signal?: AbortSignal } = {}) =>
  openDatabase({ path: ':memory:', threads: 1, memory_mb: 128, ...options })

test('openDatabase() allows no extension from outside, no spilling, and speaks UTC', async () => {
  await using database = await open()
  const [row] = await database.rows(`
    select
      current_setting('autoinstall_known_extensions') as install,
      current_setting('autoload_known_extensions') as load,
      current_setting('temp_directory') as spill,
      current_setting('TimeZone') as zone`)
  assert.deepEqual(row, { install: false, load: false, spill: '', zone: 'UTC' })
})

test('rows() gives plain values: bigint for 64 bits, text for times', async () => {
  await using database = await open()
  const [row] = await database.rows(
    `select 1::bigint as big, 2::integer as small, 18446744073709551615::ubigint as unsigned, 0.5::double as real, true as yes,
      null as nothing, date '2020-02-29' as day, timestamp '2020-02-29 01:02:03.000004' as time, [1, 2] as list,
      {'a': 'b'} as struct, ? as given`,
    ['x'],
  )
  assert.deepEqual(row, {
    big: 1n,
    small: 2,
    unsigned: 18446744073709551615n,
    real: 0.5,
    yes: true,
    nothing: null,
    day: '2020-02-29',
    time: '2020-02-29 01:02:03.000004',
    list: [1, 2],
    struct: { a: 'b' },
    given: 'x',
  })
})

test('a failed statement tells its kind and no value', async () => {
  await using database = await open()
  await database.run(`create table secret (name varchar primary key); insert into secret values ('Ada Lovelace')`)
  const failures = [
    `select name::integer from secret`,
    `insert into secret values ('Ada Lovelace')`,
    `select error(name) from secret`,
    `select strptime(name, '%Y') from secret`,
    `select json_extract(name, '$') from secret`,
  ]
  for (const sql of failures)
    await assert.rejects(database.run(sql), (error: unknown) => {
      assert.ok(error instanceof DatabaseError)
      assert.doesNotMatch(`${error.message} ${error.kind} ${String(error.cause)} ${error.stack}`, /Ada|Lovelace/)
      return true
    })
})

test('a statement that cannot be read tells what is wrong with it', async () => {
  await using database = await open()
  await assert.rejects(
    database.run('select nobody from nowhere'),
    /Catalog Error: Table with name nowhere does not exist/,
  )
})

test('without a place to spill, too much data is an error and no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-duckdb-'))
  const before = process.cwd()
  try {
    process.chdir(folder)
    await using database = await open({ memory_mb: 16 })
    await assert.rejects(
      database.run(
        'create table big as select i, hash(i)::varchar || repeat(i::varchar, 20) as t from range(3000000) r(i) order by t',
      ),
      (error: unknown) => error instanceof DatabaseError && error.kind === 'Out of Memory Error',
    )
    assert.deepEqual(await readdir(folder), [])
  } finally {
    process.chdir(before)
    await rm(folder, { recursive: true })
  }
})

test('an aborted database interrupts what runs and refuses what comes', async () => {
  const stop = new AbortController()
  await using database = await open({ signal: stop.signal })
  const running = database.run(
    'select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3',
  )
  setImmediate(() => stop.abort(new Error('stopped')))
  await assert.rejects(running, /stopped/)
  await assert.rejects(database.run('select 1'), /stopped/)
})

test('appendColumns() carries every type, NULLs and chunk borders', async () => {
  await using database = await open()
  await database.run(
    'create table t (i integer, b boolean, d double, l bigint, u ubigint, ts timestamp, s varchar, e varchar)',
  )
  const rows = 5000
  const valid = new Uint8Array(Math.ceil(rows / 64) * 8)
  for (let row = 0; row < rows; row++) if (row % 3 !== 0) valid[row >> 3] = (valid[row >> 3] ?? 0) | (1 << (row & 7))
  const values = Array.from({ length: 700 }, (_, at) => (at % 2 === 0 ? `s${at}` : `räksmörgås 😀 number ${at}`))
  const columns: ColumnData[] = [
    { kind: 'fixed', values: Int32Array.from({ length: rows }, (_, row) => row - 2500), valid: null },
    { kind: 'fixed', values: Uint8Array.from({ length: rows }, (_, row) => row % 2), valid },
    { kind: 'fixed', values: Float64Array.from({ length: rows }, (_, row) => row / 8), valid },
    { kind: 'fixed', values: BigInt64Array.from({ length: rows }, (_, row) => -BigInt(row) << 40n), valid },
    {
      kind: 'fixed',
      values: BigUint64Array.from({ length: rows }, (_, row) => 0xffff_ffff_ffff_ffffn - BigInt(row)),
      valid: null,
    },
    { kind: 'fixed', values: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row) * 1_000_001n), valid: null },
    { kind: 'text', codes: Uint32Array.from({ length: rows }, (_, row) => row % 701), values },
    { kind: 'text', codes: new Uint32Array(rows), values: [] },
  ]
  await database.appendColumns('t', columns, rows)
  const found = await database.rows('select *, epoch_us(ts) as us from t order by i')
  assert.equal(found.length, rows)
  found.forEach((row, at) => {
    const is_valid = at % 3 !== 0
    assert.equal(row.i, at - 2500)
    assert.equal(row.b, is_valid ? at % 2 === 1 : null)
    assert.equal(row.d, is_valid ? at / 8 : null)
    assert.equal(row.l, is_valid ? -BigInt(at) << 40n : null)
    assert.equal(row.u, 0xffff_ffff_ffff_ffffn - BigInt(at))
    assert.equal(row.us, BigInt(at) * 1_000_001n)
    assert.equal(row.s, at % 701 === 0 ? null : values[(at % 701) - 1])
    assert.equal(row.e, null)
  })
})

test('appendColumns() refuses columns that do not fit the table', async () => {
  await using database = await open()
  await database.run('create schema s; create table s.t (i integer)')
  const long: ColumnData = { kind: 'fixed', values: new BigInt64Array(4), valid: null }
  const integer: ColumnData = { kind: 'fixed', values: new Int32Array(4), valid: null }
  const text: ColumnData = { kind: 'text', codes: new Uint32Array(4), values: [] }
  for (const columns of [[long], [text], [], [integer, integer]])
    await assert.rejects(database.appendColumns('s.t', columns, 4), /columns given differ/)
  await assert.rejects(database.appendColumns('s.t', [integer], 5), /columns given differ/)
  await database.appendColumns('s.t', [integer], 4)
  assert.deepEqual(await database.rows('select count(*) as n from s.t'), [{ n: 4n }])
})

test('serveRows() makes text an ENUM that sorts as text, whatever its letters', async () => {
  await using database = await open()
  const values = [
    'b',
    '😀',
    '',
    '\ufffd',
    "it's",
    'B',
    '\ue000',
    'ä',
    'a very long string that is not stored inline',
    'bb',
  ]
  const rows = values.length + 1
  const codes = Uint32Array.from({ length: rows }, (_, row) => row)
  const number: ColumnData = { kind: 'fixed', values: Int32Array.from(codes), valid: null }
  database.serveRows('t', {
    columns: [
      { name: 'i', type: 'INTEGER', data: number },
      { name: 's', type: 'VARCHAR', data: { kind: 'text', codes, values } },
      { name: 'e', type: 'VARCHAR', data: { kind: 'text', codes: new Uint32Array(rows), values: [] } },
    ],
    count: rows,
    select: () => null,
  })
  const found = await database.rows(`select i, s, e, typeof(s) like $1 as coded from t('') order by i`, ['ENUM%'])
  const coded = { e: null, coded: true }
  assert.deepEqual(found, [
    { i: 0, s: null, ...coded },
    ...values.map((value, at) => ({ i: at + 1, s: value, ...coded })),
  ])
  const order = (by: string) => database.rows(`select s::varchar as found from t('') order by ${by} nulls first`)
  assert.deepEqual(await order('s'), await order('s::varchar'))
  const [ends] = await database.rows(
    `select min(s)::varchar = min(s::varchar) as low, max(s)::varchar = max(s::varchar) as high from t('')`,
  )
  assert.deepEqual(ends, { low: true, high: true })
})

test('serveRows() carries dictionaries on both sides of where DuckDB widens their codes', async () => {
  await using database = await open()
  for (const size of [1, 255, 256, 65_535, 65_536]) {
    const values = Array.from({ length: size }, (_, at) => `value ${at}`)
    const codes = Uint32Array.from({ length: size + 1 }, (_, row) => size - row)
    const number: ColumnData = { kind: 'fixed', values: Int32Array.from(codes), valid: null }
    const columns = [
      { name: 'i', type: 'INTEGER', data: number },
      { name: 's', type: 'VARCHAR', data: { kind: 'text', codes, values } },
    ] as const
    database.serveRows('t', { columns, count: codes.length, select: () => null })
    const [found] = await database.rows(
      `select count(*) as n, count(*) filter (s is not distinct from if(i > 0, 'value ' || (i - 1), null)) as right from t('')`,
    )
    assert.deepEqual(found, { n: BigInt(size + 1), right: BigInt(size + 1) })
  }
})

test('serveRows() gives the rows that an argument means, of every width, and others once they are served', async () => {
  await using database = await open()
  const rows = 5000
  const valid = new Uint8Array(Math.ceil(rows / 64) * 8)
  for (let row = 0; row < rows; row++) if (row % 3 !== 0) valid[row >> 3] = (valid[row >> 3] ?? 0) | (1 << (row & 7))
  const of = <T>(make: (row: number) => T) => Array.from({ length: rows }, (_, row) => make(row))
  const nan = new Float64Array(rows)
  new Uint32Array(nan.buffer).fill(0x7ff4_0001)
  const text = (size: number): ColumnData => ({
    kind: 'text',
    codes: Uint32Array.from(of((row) => row % (size + 1))),
    values: of((row) => `text number ${row}`).slice(0, size),
  })
  const columns = [
    { name: 'i', type: 'INTEGER', data: { kind: 'fixed', values: Int32Array.from(of((row) => row)), valid: null } },
    { name: 'b', type: 'BOOLEAN', data: { kind: 'fixed', values: Uint8Array.from(of((row) => row % 2)), valid } },
    {
      name: 'l',
      type: 'BIGINT',
      data: { kind: 'fixed', values: BigInt64Array.from(of((row) => -BigInt(row))), valid },
    },
    { name: 'nan', type: 'DOUBLE', data: { kind: 'fixed', values: nan, valid: null } },
    { name: 'byte', type: 'VARCHAR', data: text(200) },
    { name: 'short', type: 'VARCHAR', data: text(3000) },
    { name: 'plain', type: 'VARCHAR', data: text(4000), plain: true },
  ] as const
  const select = (argument: string) =>
    argument === '' ? null : Uint32Array.from(of((row) => row).filter((row) => row % Number(argument) === 0))
  database.serveRows('t', { columns, count: rows, select })
  for (const every of [1, 2, 7, 5000]) {
    const found = await database.rows(`from t('${every}') order by i`)
    assert.deepEqual(found, await database.rows(`from t('') where i % ${every} = 0 order by i`))
    assert.equal(found.length, Math.ceil(rows / every))
    assert.deepEqual(await database.rows(`select count(*) as n from t('${every}')`), [{ n: BigInt(found.length) }])
  }
  const [row] = await database.rows(`from t('') where i = 4`)
  assert.deepEqual(row, {
    i: 4,
    b: false,
    l: -4n,
    nan: Number.NaN,
    byte: 'text number 3',
    short: 'text number 3',
    plain: 'text number 3',
  })
  database.serveRows('t', { columns: columns.slice(0, 1), count: 3, select: () => null })
  assert.deepEqual(await database.rows(`from t('') order by i`), [{ i: 0 }, { i: 1 }, { i: 2 }])
  database.serveRows('t', null)
  await assert.rejects(database.run(`from t('')`), /t\(\) has no rows at present/)
})

test('a statement over served rows is interrupted like any other', async () => {
  const stop = new AbortController()
  await using database = await open({ signal: stop.signal })
  const data: ColumnData = { kind: 'fixed', values: new Int32Array(100_000), valid: null }
  database.serveRows('t', { columns: [{ name: 'i', type: 'INTEGER', data }], count: 100_000, select: () => null })
  const running = database.run(`select count(*) from t('') a, t('') b where (a.i + b.i) % 7 = 3`)
  setTimeout(() => stop.abort(new Error('stopped')), 50)
  await assert.rejects(running, /stopped/)
})

test('serveRows() refuses columns that are not of their types, and tells no string of them', async () => {
  await using database = await open()
  const long: ColumnData = { kind: 'fixed', values: new BigInt64Array(4), valid: null }
  const text: ColumnData = { kind: 'text', codes: Uint32Array.of(1), values: ['Ada Lovelace'] }
  const wrong = [
    { name: 'l', type: 'INTEGER', data: long },
    { name: 's', type: 'VARCHAR', data: text },
    { name: 's', type: 'BIGINT', data: text },
  ] as const
  for (const column of wrong)
    assert.throws(
      () => database.serveRows('t', { columns: [column], count: 4, select: () => null }),
      (error: unknown) => {
        assert.ok(error instanceof DatabaseError)
        assert.doesNotMatch(`${error.message} ${error.stack}`, /Ada|Lovelace/)
        return true
      },
    )
})
