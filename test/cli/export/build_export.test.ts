// The format of an export against values chosen to break it. The database is made by hand; reading back is done by a reader
// of CSV written from RFC 4180 here, not by the program that wrote the files.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { buildExport } from '../../../cli/export/build_export.ts'
import type { Format } from '../../../cli/export/file_name.ts'
import type { Manifest } from '../../../cli/export/manifest.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'

const { signal } = new AbortController()
let folder = ''
let database_path = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-export-'))
  database_path = join(folder, 'edition.duckdb')
  await using database = await openDatabase({ path: database_path, threads: 2, memory_mb: 512 })
  await database.run(TABLES)
})
after(() => rm(folder, { recursive: true, force: true }))

const TABLES = `
  create table text_case (no bigint, value varchar);
  insert into text_case values
    (1, null), (2, ''), (3, 'a "b" c'), (4, '"'), (5, 'a,b'), (6, 'two' || chr(10) || 'lines'), (7, 'cr' || chr(13) || 'x'),
    (8, ' blank '), (9, 'NULL'), (10, '# no comment'), (11, 'é 😀 ' || chr(8232)), (12, '\\N'), (13, 'a;b' || chr(9) || '|'''),
    (14, '""'), (15, chr(10));
  create table number_case (no bigint, value double);
  insert into number_case values
    (1, null), (2, 0), (3, '-0.0'::double), (4, 1e300), (5, 0.1::double + 0.2::double), (6, 5e-324), (7, 1.7976931348623157e308),
    (8, 100), (9, -1.5), (10, 1e16), (11, 1e-7), (12, 123456789.123456789), (13, 1 / 3::double);
  create table other_case (no bigint, flag boolean, time timestamp, day date, count bigint, hash ubigint);
  insert into other_case values
    (1, true, '2020-02-29 23:59:59.999999', '2020-02-29', 9223372036854775807, 18446744073709551615),
    (2, false, '2020-01-02 03:04:05', '0999-01-02', -9223372036854775808, 0),
    (3, null, '2020-01-02', null, null, null),
    (4, null, null, null, 0, null);
  create table list_case (no bigint, answers varchar[], part struct(id varchar, n bigint));
  insert into list_case values (1, ['a,b', 'c"d', null], {'id': 'x', 'n': 1}), (2, [], null), (3, null, null);
  create table sign_case (value double);
  insert into sign_case values ('-0.0'::double), (0), ('-0.0'::double), (0), (-1.5), (null);
  create table empty_case (course_id varchar, n bigint);
  create table many_rows as
    select (i * 7919) % 300007 as no, 'text ' || ((i * 31) % 1000) as value from range(300007) as t(i);
  comment on table text_case is 'Texts: "quoted", <b>bold</b> & more';
  comment on column text_case.value is 'A text,
of two lines';
  comment on column text_case.no is 'A \`<b>\` mark, \` alone';
  create schema samced;
  create view samced.text_view as select no from main.text_case;
  comment on column samced.text_view.no is 'Number of the case';
  create view samced."problem_../../x" as select 1 as n;
`

/** Reads CSV by RFC 4180 with \n: a quoted field is a text, an empty one without quotes is NULL. */
function readCsv(text: string): readonly (readonly (string | null)[])[] {
  const rows: (string | null)[][] = []
  let row: (string | null)[] = []
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/gy
  let end = 0
  for (const found of text.matchAll(fields)) {
    end = found.index + found[0].length
    row.push(found[1] === undefined ? found[2] || null : found[1].replaceAll('""', '"'))
    if (found[3] === ',') continue
    rows.push(row)
    row = []
  }
  assert.equal(end, text.length, 'the whole file is CSV')
  return rows
}

let builds = 0
async function build(tables_asked: readonly string[] | null, format: Format = 'csv') {
  builds += 1
  const path = join(folder, `built-${builds}`)
  const manifest = await buildExport({
    database_path,
    made_from: {
      organisation: 'acme',
      site: 'edx',
      course_id: 'acme/<i>/1',
      edition: 'e1',
      head: 1,
      database: { key: 'k', bytes: 1, sha256: '0'.repeat(64) },
      days: {},
      format,
      tables_asked: tables_asked === null ? null : [...tables_asked],
    },
    title: { subject: 'acme/<i>/1', edition: 'e1' },
    path,
    scratch: folder,
    memory_mb: 512,
    signal,
  })
  const read = async (file: string): Promise<string> => await readFile(join(path, file), 'utf8')
  return { path, manifest, read }
}

test('a text comes back as it was: NULL is empty, an empty text is "", and quotes, commas and line ends are kept', async () => {
  const { read } = await build(['text_case'])
  const text = await read('text_case.csv')
  assert.deepEqual(readCsv(text), [
    ['no', 'value'],
    ['1', null],
    ['2', ''],
    ['3', 'a "b" c'],
    ['4', '"'],
    ['5', 'a,b'],
    ['6', 'two\nlines'],
    ['7', 'cr\rx'],
    ['8', ' blank '],
    ['9', 'NULL'],
    ['10', '# no comment'],
    ['11', 'é 😀 \u2028'],
    ['12', '\\N'],
    ['13', "a;b\t|'"],
    ['14', '""'],
    ['15', '\n'],
  ])
  assert.ok(text.startsWith('no,value\n1,\n2,""\n'))
  assert.doesNotMatch(text, /\r\n/)
})

test('doubles are the shortest text that reads back as the same number; a zero has no sign', async () => {
  const { read } = await build(['number_case'])
  const values = readCsv(await read('number_case.csv')).slice(1)
  const expected = [
    0,
    0,
    1e300,
    0.1 + 0.2,
    5e-324,
    Number.MAX_VALUE,
    100,
    -1.5,
    1e16,
    1e-7,
    Number('123456789.123456789'),
    1 / 3,
  ]
  assert.equal(values[0]?.[1], null)
  const texts = values.slice(1).map(([, value]) => value ?? '')
  for (const [index, number] of expected.entries()) assert.ok(Object.is(Number(texts[index]), number), texts[index])
  assert.deepEqual(texts.slice(0, 5), ['0.0', '0.0', '1e+300', '0.30000000000000004', '5e-324'])
})

test('booleans, times, days and large counts have one form', async () => {
  const { read } = await build(['other_case'])
  assert.deepEqual((await read('other_case.csv')).split('\n'), [
    'no,flag,time,day,count,hash',
    '1,true,2020-02-29T23:59:59.999999Z,2020-02-29,9223372036854775807,18446744073709551615',
    '2,false,2020-01-02T03:04:05.000000Z,0999-01-02,-9223372036854775808,0',
    '3,,2020-01-02T00:00:00.000000Z,,,',
    '4,,,,0,',
    '',
  ])
})

test('lists and records are JSON in CSV', async () => {
  const { read } = await build(['list_case'])
  assert.deepEqual(readCsv(await read('list_case.csv')).slice(1), [
    ['1', '["a,b","c\\"d",null]', '{"id":"x","n":1}'],
    ['2', '[]', null],
    ['3', null, null],
  ])
})

test('rows are ordered by all columns, over many row groups too', async () => {
  const { read, manifest } = await build(['many_rows', 'sign_case'])
  const numbers = readCsv(await read('many_rows.csv'))
    .slice(1)
    .map(([no]) => Number(no))
  assert.equal(numbers.length, 300_007)
  assert.ok(numbers.every((no, index) => no === index))
  assert.equal(manifest.tables.find(({ table }) => table === 'many_rows')?.rows, 300_007)
  assert.equal(await read('sign_case.csv'), 'value\n\n-1.5\n0.0\n0.0\n0.0\n0.0\n')
})

test('a table without rows is a header', async () => {
  const { read } = await build(['empty_case'])
  assert.equal(await read('empty_case.csv'), 'course_id,n\n')
})

test('every table and view is exported, those of other schemas with the schema’s name, and none leaves its folder', async () => {
  const { path, manifest } = await build(null)
  const files = manifest.tables.map(({ file }) => file)
  assert.ok(files.includes('samced.text_view.csv'))
  assert.ok(files.includes('samced.problem_%2E%2E%2F%2E%2E%2Fx.csv'))
  assert.deepEqual((await readdir(path)).sort(), [...files, 'codebook.csv', 'codebook.html', 'manifest.json'].sort())
})

test('the manifest’s sums are those of the files, and tells what was asked for and is not there', async () => {
  const { path, manifest } = await build(['text_case', 'samced.text_view', 'video'])
  assert.deepEqual(manifest.tables_absent, ['video'])
  assert.deepEqual(
    manifest.tables.map(({ table, kind, columns }) => [table, kind, columns]),
    [
      [
        'text_case',
        'table',
        [
          { name: 'no', type: 'BIGINT' },
          { name: 'value', type: 'VARCHAR' },
        ],
      ],
      ['samced.text_view', 'view', [{ name: 'no', type: 'BIGINT' }]],
    ],
  )
  for (const { file, bytes, sha256 } of [...manifest.tables, ...manifest.codebook]) {
    const content = await readFile(join(path, file))
    assert.equal(content.length, bytes, file)
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256, file)
  }
})

test('the same database gives the same bytes, as CSV and as Parquet', async () => {
  const sums = ({ tables, codebook }: Manifest) =>
    [...tables, ...codebook].map(({ file, sha256 }) => `${file} ${sha256}`)
  for (const format of ['csv', 'parquet'] as const) {
    const [one, other] = [await build(null, format), await build(null, format)]
    assert.deepEqual(sums(one.manifest), sums(other.manifest))
    assert.equal(await one.read('manifest.json'), await other.read('manifest.json'))
  }
})

test('Parquet keeps the types and the order', async () => {
  const { path } = await build(null, 'parquet')
  await using reader = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 512 })
  await reader.run(`attach '${database_path}' as edition (read_only)`)
  for (const name of ['text_case', 'number_case', 'other_case', 'list_case']) {
    const written = `read_parquet('${join(path, `${name}.parquet`)}')`
    assert.deepEqual(
      await reader.rows(`describe select * from ${written}`),
      await reader.rows(`describe select * from edition.main.${name}`),
    )
    assert.deepEqual(
      await reader.rows(`select * from ${written}`),
      await reader.rows(
        `select ${name === 'number_case' ? 'no, value + 0 as value' : '*'} from edition.main.${name} order by no`,
      ),
    )
  }
})

test('the codebook has the comments of the database, and markup in them is text', async () => {
  const { read } = await build(['text_case'])
  assert.deepEqual(readCsv(await read('codebook.csv')), [
    ['table', 'file', 'position', 'column', 'type', 'meaning'],
    ['text_case', 'text_case.csv', '0', null, 'TABLE', 'Texts: "quoted", <b>bold</b> & more'],
    ['text_case', 'text_case.csv', '1', 'no', 'BIGINT', 'A `<b>` mark, ` alone'],
    ['text_case', 'text_case.csv', '2', 'value', 'VARCHAR', 'A text,\nof two lines'],
  ])
  const page = await read('codebook.html')
  assert.match(page, /Texts: &quot;quoted&quot;, &lt;b&gt;bold&lt;\/b&gt; &amp; more/)
  assert.ok(page.includes('<td>A <code>&lt;b&gt;</code> mark, ` alone</td>'))
  assert.match(page, /acme\/&lt;i&gt;\/1/)
  assert.doesNotMatch(page, /<script|<b>|https?:/)
})

test('the codebook puts views that only this course has into the chapter of their schema', async () => {
  const { path } = await build(['samced.text_view'])
  const page = await readFile(join(path, 'codebook.html'), 'utf8')
  assert.match(page, /<h2>As the ChalmersX toolkit says it<\/h2>/)
})
