// A piece is a Parquet file in scratch with rows of one table: what becomes a part once it is in the results store.
import { rm } from 'node:fs/promises'
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

export interface Piece {
  readonly table: string
  readonly path: string
  readonly rows: number
}

/**
 * A part is written once and read whole, once or twice: a lower level of zstd is a tenth cheaper and gives the same size
 * within a hundredth, and Bloom filters, which help to skip parts of a file, are made in vain.
 */
const FORMAT = 'format parquet, parquet_version v2, compression zstd, compression_level 1, write_bloom_filter false'

/**
 * Writes what `select` gives as a piece; null without rows. Rows are not sorted: who merges days sorts them all anyway,
 * and here it would cost as much as the counting.
 */
export async function writePiece(
  database: Database,
  given: { readonly table: string; readonly select: string; readonly path: string },
): Promise<Piece | null> {
  const { table, select, path } = given
  const rows = await database.run(`copy (${select}) to ${literal(path)} (${FORMAT})`)
  if (rows > 0) return { table, path, rows }
  await rm(path)
  return null
}
