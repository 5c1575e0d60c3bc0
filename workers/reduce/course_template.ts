// All courses have the same empty tables with the same hundred and more comments. Declaring them took a third of the time
// of a small course, so they are declared once in a file, from which each course copies them in one statement.
import type { TableSet } from '../../contracts/table_set.ts'
import { type DatabaseOptions, openDatabase } from '../../runtime/duckdb.ts'
import { declareTables } from './derive.ts'
import { attachNew } from './new_file.ts'
import { inTransaction } from './transaction.ts'

/** Makes a file with the tables of a course, empty. */
export async function makeTemplate(
  path: string,
  tables: TableSet,
  options: Omit<DatabaseOptions, 'path'>,
): Promise<void> {
  await using database = await openDatabase({ path: ':memory:', ...options })
  await database.run(attachNew(path, 'template'))
  await inTransaction(database, (template) => declareTables(template, 'template.main', tables))
  await database.run('checkpoint template')
  await database.run('detach template')
}
