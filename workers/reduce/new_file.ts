// DuckDB keeps at least one block for the columns of every table, of 256 KiB unless told otherwise: a course of a thousand
// events would weigh megabytes. docs/decisions/ tells what smaller blocks save, and why not the smallest.
import { literal, quoted } from '../../contracts/table_sql.ts'

/** Written into the file, so that whoever opens it need not know. */
const BLOCK_BYTES = 65_536
/** For files that hold little: the rows of a site's new day would weigh half a megabyte, nearly all of it empty. */
export const SMALL_BLOCK_BYTES = 16_384

/** Spells the statement that makes a new database file and attaches it under a name. */
export const attachNew = (path: string, name: string, block_bytes = BLOCK_BYTES): string =>
  `attach ${literal(path)} as ${quoted(name)} (block_size ${block_bytes})`
