// All courses have the same empty tables with the same hundred and more comments. Declaring them took a third of the time
// of a small course, so they are declared once in a process, in a file from which each course copies them in one statement.
import { readFile, writeFile } from 'node:fs/promises'
import type { TableSet } from '../../contracts/table_set.ts'
import { type DatabaseOptions, openDatabase } from '../../runtime/duckdb.ts'
import { declareTables } from './derive.ts'
import { attachNew } from './new_file.ts'
import { inTransaction } from './transaction.ts'

/** A set of tables never changes, so neither does its file: some hundred kilobytes. */
const made = new WeakMap<TableSet, Uint8Array>()

/** Makes a file with the tables of a course, empty. */
export async function makeTemplate(
  path: string,
  tables: TableSet,
  options: Omit<DatabaseOptions, 'path'>,
): Promise<void> {
  const known = made.get(tables)
  if (known !== undefined) return await writeFile(path, known)
  await declareIn(path, tables, options)
  made.set(tables, await readFile(path))
}

async function declareIn(path: string, tables: TableSet, options: Omit<DatabaseOptions, 'path'>): Promise<void> {
  await using database = await openDatabase({ path: ':memory:', ...options })
  await database.run(attachNew(path, 'template'))
  await inTransaction(database, (template) => declareTables(template, 'template.main', tables))
  await database.run('checkpoint template')
  await database.run('detach template')
}
