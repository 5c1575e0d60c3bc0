// A piece is a Parquet file in scratch with rows of one table: what becomes a part once it is in the results store.
import { rm } from 'node:fs/promises'
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

export interface Piece {
  readonly table: string
  readonly path: string
  readonly rows: number
}

/** Rows per Parquet row group: small enough that a reader of one course skips most of a day. */
const ROW_GROUP_ROWS = 16_384

/** Writes what `select` gives as a piece, by course if it has courses; null without rows. */
export async function writePiece(
  database: Database,
  given: { readonly table: string; readonly select: string; readonly by_course: boolean; readonly path: string },
): Promise<Piece | null> {
  const { table, select, by_course, path } = given
  const order = by_course ? 'order by course_id' : ''
  const rows = await database.run(
    `copy (${select} ${order}) to ${literal(path)} (format parquet, compression zstd, row_group_size ${ROW_GROUP_ROWS})`,
  )
  if (rows > 0) return { table, path, rows }
  await rm(path)
  return null
}
