// What an own table gives is known before any row is there: its SQL is bound to empty relations of the right shape. So a
// wrong name or type is told in a sentence at the start, and not by every day of ten years.
import type { OwnDeclaration } from '../../config/own_table_header.ts'
import type { ColumnType, Table, View } from '../../contracts/table.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { publishedColumns, quoted, storedColumns, viewDdl } from '../../contracts/table_sql.ts'
import { type Database, DatabaseError } from '../../runtime/duckdb.ts'
import { EventBatch } from '../map/event_batch.ts'
import { makeEventTable } from '../map/event_table.ts'

export interface ShapeFault {
  /** Line of the SQL, from 1; null when that cannot be told. */
  readonly line: number | null
  readonly message: string
}

/** Makes the relations that own tables read, without rows: `event`, merged tables, and published ones in a schema. */
export async function createShapes(database: Database, { tables, views }: TableSet): Promise<void> {
  await makeEventTable(database, new EventBatch(1))
  await database.run('create schema published')
  for (const table of tables) {
    await database.run(ddl(quoted(table.name), mergedColumns(table)))
    const shown = publishedColumns(table).map(([name, { type }]) => ({ name, type }))
    if (table.published && shown.length > 0) await database.run(ddl(`published.${quoted(table.name)}`, shown))
  }
  // A view that does not bind is told of by itself; another that reads it has nothing to be bound to.
  for (const view of views.filter(({ schema }) => schema === 'main'))
    await database.run(viewDdl(view, `published.${quoted(view.name)}`, 'published')).catch(ignoreUnbound)
}

function ignoreUnbound(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error
}

interface Shape {
  readonly name: string
  readonly type: string
}

const ddl = (relation: string, columns: readonly Shape[]): string =>
  `create table ${relation} (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`

/** Columns of a table as derived tables read them. */
function mergedColumns(table: Table): readonly Shape[] {
  if (table.kind !== 'summed' && table.kind !== 'kept')
    return Object.entries(table.columns).map(([name, { type }]) => ({ name, type }))
  const own = table.kind === 'summed' ? { ...table.keys, ...table.measures } : table.columns
  return [
    ...(table.scope === 'course' ? [{ name: 'course_id', type: 'VARCHAR' }] : []),
    ...(table.learner ? [{ name: 'user_id', type: 'BIGINT' }] : []),
    ...Object.entries(own).map(([name, { type }]) => ({ name, type })),
  ]
}

/** Finds out whether the SQL of a table, as written, gives its columns, each with its type. It was looked at before. */
export async function shapeFaults(
  database: Database,
  table: OwnDeclaration,
  sql: string,
): Promise<readonly ShapeFault[]> {
  let found: readonly { readonly column_name: string; readonly column_type: string }[]
  try {
    found = await database.rows(`describe select * from (${boundSql(table, sql)})`)
  } catch (error) {
    return [bindingFault(error)]
  }
  const wanted = new Map(wantedColumns(table).map(({ name, type }) => [name, type]))
  const given = new Map(found.map(({ column_name, column_type }) => [column_name, column_type]))
  const faults: string[] = []
  for (const [name, type] of wanted) {
    const found_type = given.get(name)
    if (found_type === undefined) faults.push(`the SQL does not give the column "${name}"`)
    else if (!fits(type, found_type))
      faults.push(`the SQL gives "${name}" as ${plainType(found_type)}, and it must be ${plainType(type)}: cast it`)
  }
  for (const name of given.keys())
    if (!wanted.has(name)) faults.push(`the SQL gives the column "${name}", which the header does not name`)
  const all = faults.map((message) => ({ line: null, message }))
  return faults.length > 0 ? all : await computedFaults(database, table)
}

const boundSql = (table: OwnDeclaration, sql: string): string =>
  table.kind === 'view' ? `with ${sourcesOf(table)} select * from (${sql})` : sql

const sourcesOf = ({ from }: View): string =>
  from.map((name) => `${quoted(name)} as (from published.${quoted(name)})`).join(', ')

const wantedColumns = (table: OwnDeclaration): readonly Shape[] =>
  table.kind === 'summed' || table.kind === 'kept'
    ? storedColumns(table)
    : Object.entries(table.columns).map(([name, { type }]) => ({ name, type }))

/** Computed columns read the others, and those that were computed before them. */
async function computedFaults(database: Database, table: OwnDeclaration): Promise<readonly ShapeFault[]> {
  if (table.kind !== 'kept') return []
  let rows = quoted(table.name)
  const names = Object.entries(table.columns).filter(([, column]) => column.computed !== undefined)
  const stored = storedColumns(table).map(({ name }) => name)
  const shown = [...stored.filter((name) => name !== 'user_name')].map(quoted)
  rows = `(select ${shown.join(', ')} from ${rows})`
  for (const [name, { computed, type }] of names) {
    try {
      await database.rows(`describe select (${computed}\n)::${type} as computed from ${rows}`)
    } catch (error) {
      return [{ line: null, message: `the computed column "${name}": ${bindingFault(error).message}` }]
    }
    rows = `(select *, (${computed}\n)::${type} as ${quoted(name)} from ${rows})`
  }
  return []
}

/** DuckDB says which line of the statement it stumbled on, and the SQL begins in its first one. */
function bindingFault(error: unknown): ShapeFault {
  if (!(error instanceof DatabaseError)) throw error
  const line = /^LINE (\d+):/m.exec(error.message)?.[1]
  const message = error.message.replace(/^.*? Error: /, '').split('\n')[0] ?? ''
  return { line: line === undefined ? null : Number(line), message }
}

const INTEGERS = ['UTINYINT', 'TINYINT', 'USMALLINT', 'SMALLINT', 'UINTEGER', 'INTEGER', 'UBIGINT', 'BIGINT', 'HUGEINT']

/** What DuckDB makes the declared type of without losing anything, as far as the values are in its range. */
const FITTING: Readonly<Record<ColumnType, readonly string[]>> = {
  VARCHAR: ['ENUM', 'JSON'],
  BIGINT: INTEGERS,
  UBIGINT: INTEGERS,
  HUGEINT: INTEGERS,
  INTEGER: INTEGERS.slice(0, 6),
  DOUBLE: [...INTEGERS, 'FLOAT', 'DECIMAL'],
  BOOLEAN: [],
  DATE: [],
  TIMESTAMP: [],
}

function fits(wanted: string, found: string): boolean {
  const register = /^STRUCT\("?time"? TIMESTAMP, "?hash"? UBIGINT, "?value"? (.*)\)$/
  const value = register.exec(wanted)?.[1]
  if (value !== undefined) return fits(value, register.exec(found)?.[1] ?? '')
  const plain = plainType(found)
  return plain === wanted || fittingOf(wanted).includes(plain)
}

// Every type that is not a struct is a declared one; another fits nothing but itself.
const fittingOf = (type: string): readonly string[] => FITTING[type as ColumnType] ?? []

/** A type as people call it: without the values of an ENUM or the digits of a DECIMAL. */
const plainType = (type: string): string =>
  type.startsWith('STRUCT') ? type.replaceAll('"', '') : type.replace(/\(.*/s, '')
