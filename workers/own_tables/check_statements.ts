// Own tables are looked at before anything is done with them, in every process that was given some: a statement that was
// never looked at must not run where learners' data is.
import type { OwnTable, OwnTableFault } from '../../config/own_table_file.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { createShapes, shapeFaults } from './shapes.ts'
import { expressionFaults, statementFaults } from './statement.ts'

const MEMORY_MB = 256

/** Finds out what is wrong with the SQL of own tables: what it reads and calls, and whether it gives what the header says. */
export async function ownTableFaults(own: readonly OwnTable[], tables: TableSet): Promise<readonly OwnTableFault[]> {
  if (own.length === 0) return []
  await using database = await openDatabase({
    path: ':memory:',
    threads: 1,
    memory_mb: MEMORY_MB,
    temp_directory: null,
  })
  const faults: OwnTableFault[] = []
  const sound: OwnTable[] = []
  for (const table of own) {
    const found = await faultsOf(database, table)
    faults.push(...found)
    if (found.length === 0) sound.push(table)
  }
  // Views are bound when their shapes are made: none may stand among them that was found wrong.
  const names = new Set(own.filter((table) => !sound.includes(table)).map(({ declaration }) => declaration.name))
  await createShapes(database, { ...tables, views: tables.views.filter(({ name }) => !names.has(name)) })
  for (const { declaration, sql, path, sql_line } of sound)
    for (const { line, message } of await shapeFaults(database, declaration, sql))
      faults.push({ path, line: line === null ? null : sql_line + line - 1, message })
  return faults
}

async function faultsOf(database: Database, table: OwnTable): Promise<readonly OwnTableFault[]> {
  const { declaration, sql, path, sql_line } = table
  const of_events = declaration.kind === 'summed' || declaration.kind === 'kept'
  const relations = of_events ? ['event'] : declaration.from
  const reads = { relations, payload: of_events && declaration.payload === true }
  const found = await statementFaults(database, sql, reads)
  const faults = found.map(({ offset, message }) => {
    const line = offset === null ? null : sql_line + sql.slice(0, offset).split('\n').length - 1
    return { path, line, message }
  })
  if (declaration.kind !== 'kept') return faults
  for (const [name, { computed }] of Object.entries(declaration.columns))
    if (computed !== undefined)
      for (const { message } of await expressionFaults(database, computed))
        faults.push({ path, line: null, message: `the computed column "${name}": ${message}` })
  return faults
}
