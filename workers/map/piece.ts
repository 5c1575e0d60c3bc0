// A piece is a Parquet file in scratch with rows of one table: what becomes a part once it is in the results store.
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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
 * and here it would cost as much as the counting. With `plan_holds` it reads served rows alone, and its plan is kept.
 */
export async function writePiece(
  database: Database,
  given: { readonly table: string; readonly select: string; readonly path: string; readonly plan_holds?: boolean },
): Promise<Piece | null> {
  const { table, select, path } = given
  // The same name for each piece of a table, so that the statement is the same too, and keeps its plan.
  const written = join(dirname(path), `${table}.written`)
  const sql = `copy (${select}) to ${literal(written)} (${FORMAT})`
  const rows = given.plan_holds === true ? await database.runPlanned(sql) : await database.run(sql)
  if (rows === 0) {
    await rm(written)
    return null
  }
  await rename(written, path)
  return { table, path, rows }
}
