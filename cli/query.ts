// `millrace query`: a look into a course database for whoever has no duckdb program at hand. Read-only.
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MillraceError } from '../contracts/errors.ts'
import { type Cell, DatabaseError, openDatabase } from '../runtime/duckdb.ts'
import { EXIT_DONE } from './exit_codes.ts'
import type { Output } from './output.ts'

const MEMORY_MB = 2_048
const THREADS = 2

export async function query(given: {
  readonly database: string
  readonly sql: string
  readonly output: Output
}): Promise<number> {
  const path = resolve(given.database)
  await stat(path).catch((cause: unknown) => {
    throw new MillraceError('usage_invalid', `Cannot open "${path}": there is no such file`, { cause })
  })
  await using database = await openDatabase({ path, threads: THREADS, memory_mb: MEMORY_MB, read_only: true }).catch(
    (cause: unknown) => {
      throw new MillraceError('usage_invalid', `Cannot open "${path}": it is no DuckDB database`, { cause })
    },
  )
  const rows = await ask(() => database.rows(given.sql), given.sql)
  const head = Object.keys(rows[0] ?? {})
  given.output.table(
    head,
    rows.map((row) => head.map((name) => text(row[name] ?? null))),
  )
  given.output.line(`${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`)
  given.output.document(rows.map((row) => Object.fromEntries(head.map((name) => [name, plain(row[name] ?? null)]))))
  return EXIT_DONE
}

/** The question is the user's own: what DuckDB says of it is for the user to read. */
async function ask<T>(statement: () => Promise<T>, sql: string): Promise<T> {
  try {
    return await statement()
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause
    throw new MillraceError('usage_invalid', `Cannot answer "${sql}": ${cause.message}`, { cause })
  }
}

const text = (cell: Cell): string | number => {
  if (cell === null) return ''
  if (typeof cell === 'number') return cell
  return typeof cell === 'object' ? JSON.stringify(plain(cell)) : String(cell)
}

/** JSON has no bigint: whole numbers beyond its reach become text. */
function plain(cell: Cell): unknown {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell)
  if (Array.isArray(cell)) return cell.map(plain)
  if (typeof cell === 'object' && cell !== null)
    return Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, plain(value)]))
  return cell
}
