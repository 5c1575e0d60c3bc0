// Researchers open these files with whatever settings they have, beside files of their own.
import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { literal } from '../../../contracts/table_sql.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { attachNew } from '../../../workers/reduce/new_file.ts'

const small = { threads: 1, memory_mb: 256 }

test('attachNew() makes small files that open alone, read-only and beside others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-new-file-'))
  try {
    const [path, usual] = [join(folder, 'new.duckdb'), join(folder, 'usual.duckdb')]
    {
      await using database = await openDatabase({ path: ':memory:', ...small })
      await database.run(attachNew(path, 'made'))
      await database.run(`attach ${literal(usual)} as usual`)
      for (const name of ['made', 'usual'])
        for (let table = 0; table < 12; table++)
          await database.run(
            `create table ${name}.main.t${table} as select i, i::varchar as text from range(100) as t(i)`,
          )
      for (const name of ['made', 'usual']) await database.run(`checkpoint ${name}`)
    }
    assert.ok((await stat(path)).size * 2 < (await stat(usual)).size)

    for (const read_only of [true, false]) {
      await using database = await openDatabase({ path, read_only, ...small })
      const [sized] = await database.rows<{ block_size: bigint }>('select block_size from pragma_database_size()')
      assert.equal(Number(sized?.block_size), 65_536)
      assert.deepEqual(await database.rows('select sum(i)::bigint as n from t0'), [{ n: 4950n }])
    }
    await using database = await openDatabase({ path: ':memory:', ...small })
    await database.run(`attach ${literal(path)} as made (read_only)`)
    await database.run(`attach ${literal(usual)} as usual (read_only)`)
    assert.deepEqual(await database.rows('from made.t11 except from usual.t11'), [])
  } finally {
    await rm(folder, { recursive: true })
  }
})
