// The format of an export is a promise: a script that read one table reads all of them, today and in ten years. DuckDB writes
// the files; what it is asked for, and in which order rows come, stands here alone.
import { literal, quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { Format } from './file_name.ts'
import type { Relation, RelationColumn } from './relation.ts'

/**
 * RFC 4180 with a header, but `\n` at line ends. A NULL is empty and an empty text `""`: DuckDB quotes a text that would read
 * as its null string. Doubles are the shortest text that reads back as the same number.
 */
const OPTIONS: Readonly<Record<Format, string>> = {
  csv: `
    format csv, header true, delimiter ',', quote '"', escape '"', nullstr '', new_line '\\n',
    dateformat '%Y-%m-%d', timestampformat '%Y-%m-%dT%H:%M:%S.%fZ'
  `,
  parquet: 'format parquet, compression zstd, parquet_version v1, row_group_size 122880',
}

/**
 * Writes all rows of a table or view to a file; tells how many. They are ordered by all columns as these stand, so that one
 * edition gives one file whatever the order in which rows are stored.
 */
export async function writeRelation(
  database: Database,
  given: { readonly relation: Relation; readonly format: Format; readonly path: string },
): Promise<number> {
  const { relation, format, path } = given
  const from = `${quoted(relation.schema)}.${quoted(relation.name)}`
  const columns = relation.columns.map((column) => `${written(column, format)} as ${quoted(column.name)}`)
  return await database.run(`
    copy (
      select ${columns.join(', ')}
      from ${from}
      order by all asc nulls first
    )
    to ${literal(path)} (${OPTIONS[format]})
  `)
}

function written({ name, type }: RelationColumn, format: Format): string {
  const column = quoted(name)
  // A DuckDB file keeps one sign for all zeros of a block, so the sign of a zero tells nothing.
  if (type === 'DOUBLE' || type === 'FLOAT') return `case when ${column} = 0 then 0::${type} else ${column} end`
  // CSV has no lists and records.
  return format === 'csv' && isNested(type) ? `to_json(${column})::varchar` : column
}

const isNested = (type: string): boolean => /\]$|^(STRUCT|MAP|UNION)\b/.test(type)
