// Hundreds of small statements on a file cost one write to its log each, unless they are one transaction: that is a third
// of the time that a small course takes.
import type { Database } from '../../runtime/duckdb.ts'

/**
 * Runs statements that write to one attached database as one transaction. After a failure no statement is tried any
 * more, so that the error told is the first one and not that of somebody who tidies up behind it.
 */
export async function inTransaction<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  let failure: { readonly error: unknown } | null = null
  const guarded = async <T>(statement: () => Promise<T>): Promise<T> => {
    if (failure !== null) throw failure.error
    try {
      return await statement()
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  await database.run('begin')
  let result: T
  try {
    result = await work({
      run: (sql, parameters) => guarded(() => database.run(sql, parameters)),
      runPlanned: (sql) => guarded(() => database.runPlanned(sql)),
      rows: (sql, parameters) => guarded(() => database.rows(sql, parameters)),
      appendColumns: (table, columns, rows) => guarded(() => database.appendColumns(table, columns, rows)),
      serveRows: (name, rows) => database.serveRows(name, rows),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    })
  } catch (error) {
    await database.run('rollback')
    throw error
  }
  await database.run('commit')
  return result
}
