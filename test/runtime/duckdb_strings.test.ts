// What refers to a string is made by hand, of a length and an address: one byte too few would be somebody else's text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../../runtime/duckdb.ts'

test('appendColumns() carries strings of every length, alone and many together', async () => {
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
  await database.run('create table t (n integer, s varchar)')
  const short = Array.from({ length: 20 }, (_, length) =>
    ['a', 'ä', '😀'].map((letter) => letter.repeat(length)),
  ).flat()
  const long = ['b'.repeat(300_000), '€'.repeat(300_000)]
  const many = Array.from({ length: 9000 }, (_, at) => `${at} ${'c'.repeat(at % 300)}`)
  for (const values of [short, [...short, ...long, ...many, ...short], ['lone \ud800 half', '\udc00'], [''], long]) {
    const codes = Uint32Array.from(values, (_, at) => at + 1)
    const numbers = Int32Array.from(codes)
    await database.run('truncate t')
    await database.appendColumns(
      't',
      [
        { kind: 'fixed', values: numbers, valid: null },
        { kind: 'text', codes, values },
      ],
      values.length,
    )
    const found = await database.rows<{ s: string }>('select s from t order by n')
    assert.deepEqual(
      found.map(({ s }) => s),
      values.map((value) => value.toWellFormed()),
    )
  }
})
