// Of a hundred tables one fails on a value of one day, and whoever has to mend it asks which: DuckDB does not know.
import { DatabaseError } from '../runtime/duckdb.ts'

/** Does the work of one table; a failure of the database names it. */
export async function inTable<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const reason = error.message.replace(/^Cannot run a statement in DuckDB: /, '')
    throw new DatabaseError(error.kind, `Cannot compute the table "${name}": ${reason}`)
  }
}
