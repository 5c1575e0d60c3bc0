// The measuring stick of invariant I4: two course databases are equal when every published table has the same rows,
// whatever their order on disk, leaving out what differs between runs by nature (who computed a file, in what time).
import { createHash } from 'node:crypto'
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { literal, publishedColumns, quoted } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'

export interface TableContent {
  readonly rows: number
  /** Over the rows' hashes in order. */
  readonly sha256: string
}

/** For the hashes of the largest table: 64 bytes a row. */
const MEMORY_MB = 1_024

/** Tells the content of a course database: rows and a hash of each published table. */
export async function contentOf(
  database_path: string,
  { tables }: TableSet = OUR_TABLES,
): Promise<ReadonlyMap<string, TableContent>> {
  const content = new Map<string, TableContent>()

  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: MEMORY_MB })
  await database.run(`attach ${literal(database_path)} as course (read_only)`)
  for (const table of tables.filter((declared) => declared.published)) {
    const values = publishedColumns(table)
      .filter(([, column]) => column.volatile !== true)
      .map(([name]) => `coalesce('=' || ${quoted(name)}::varchar, '-')`)
    const [found] = await database.rows<{ n: bigint; hashes: string | null }>(`
      with line as (
        select sha256(concat_ws(chr(31), ${values.join(', ')})) as hash
        from course.main.${quoted(table.name)}
      )
      select count(*) as n, string_agg(hash, '' order by hash) as hashes
      from line
    `)
    const sha256 = createHash('sha256')
      .update(found?.hashes ?? '')
      .digest('hex')
    content.set(table.name, { rows: Number(found?.n ?? 0), sha256 })
  }
  return content
}
