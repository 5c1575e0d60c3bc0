// What a course database says follows from stored rows alone. This is the one place where rows of many files become the
// tables that researchers read, so that an edition built in steps and one built at once cannot differ.
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { KeptTable, LedgerTable, SummedTable, Table } from '../../contracts/table.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import {
  commentsOf,
  literal,
  presentedSelect,
  publishedColumns,
  quoted,
  storedColumns,
} from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { inTable } from '../table_failure.ts'
import { createViews } from './create_view.ts'
import { createSamcedViews } from './samced_views.ts'
import { type Stage, stageStatements } from './table_stage.ts'

export interface TableSources {
  /** Ours unless told otherwise. */
  readonly tables?: TableSet
  /**
   * Schema with a table per event table of a course: `file_date` and the stored columns. Without `ledger`, it has the
   * ledger tables too, with their declared columns.
   */
  readonly rows_schema: string
  /** Event tables that have rows; the others need not be there. Unless told, all are there and may have some. */
  readonly with_rows?: ReadonlySet<string>
  /** Schema that gets the published tables. */
  readonly target_schema: string
  /** The schema has all of them, empty, as `declareTables` makes them; else it has none. */
  readonly declared?: boolean
  /** Selects the declared columns of a ledger table; without it the schema of the rows has a table with them. */
  readonly ledger?: (table: LedgerTable) => string
  /** Without the views that are made by what the tables hold: a set of a few tables has not what they read. */
  readonly tables_alone?: true
  /** A relation (user_name, user_id) of the site's names that an id is known for, each name once. */
  readonly names: string
}

/** Makes all published tables in a schema, empty, and all views on them, with comments. */
export async function declareTables(database: Database, schema: string, tables: TableSet): Promise<void> {
  for (const table of tables.tables.filter((declared) => declared.published)) {
    const target = `${schema}.${quoted(table.name)}`
    const columns = publishedColumns(table).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table ${target} (${columns.join(', ')})`)
    await database.run(commentsOf(table, target).join(';\n'))
  }
  await createViews(database, tables.views, schema)
}

/** Builds all published tables of a course from its stored rows, each ordered by its keys, with comments. */
export async function buildTables(database: Database, sources: TableSources): Promise<void> {
  const { tables = OUR_TABLES, target_schema } = sources
  if (sources.declared !== true) await declareTables(database, target_schema, tables)
  await setChoices(database, tables)
  const idle = idleTables(sources, tables)
  const read = new Set(tables.derived_tables.filter(({ name }) => !idle.has(name)).flatMap(({ from }) => from))
  const clear: string[] = []
  try {
    for (const stage of stagesOf(sources, tables)) {
      const { name } = stage.table
      const statements = stageStatements(stage, { target_schema, is_idle: idle.has(name), is_read: read.has(name) })
      clear.unshift(...statements.clear)
      if (statements.fill.length > 0) await inTable(name, () => database.run(statements.fill.join(';\n')))
    }
  } finally {
    if (clear.length > 0) await database.run(clear.join(';\n'))
  }
  if (sources.tables_alone !== true) await createSamcedViews(database, target_schema)
}

/**
 * Finds the tables that have no rows without computing them: those of events that are known to have none, and those of ours
 * that are derived of such tables alone. What an organisation derives of nothing may well be something.
 */
function idleTables({ with_rows }: TableSources, tables: TableSet): ReadonlySet<string> {
  const idle = new Set<string>()
  if (with_rows === undefined) return idle
  for (const { name } of tables.event_tables) if (!with_rows.has(name)) idle.add(name)
  for (const table of tables.derived_tables)
    if (!tables.own.includes(table) && table.from.every((name) => idle.has(name))) idle.add(table.name)
  return idle
}

/** Tells the SQL of derived tables which rules were chosen. */
async function setChoices(database: Database, { choices }: TableSet): Promise<void> {
  for (const [name, choice] of Object.entries(choices)) await database.run(`set variable ${name} = ${literal(choice)}`)
}

/** Lists what to compute, each after what it reads: rows of events, then derived tables; the ledger is only copied. */
function stagesOf(sources: TableSources, tables: TableSet): readonly Stage[] {
  const rows = (table: Table): string => `${sources.rows_schema}.${quoted(table.name)}`
  const stage = (table: Table, select: string): Stage => ({ table, select })
  return [
    ...tables.ledger_tables.map((table) => stage(table, sources.ledger?.(table) ?? `select * from ${rows(table)}`)),
    ...tables.event_tables
      .filter((table) => table.scope === 'course')
      .map((table) => stage(table, presentedSelect(table, resolved(table, { ...sources, rows: rows(table) })))),
    ...tables.derived_tables.map((table) => stage(table, table.sql)),
  ]
}

/** Gives every row of a learner the one id that its name has on the site, or a negative one made from the name. */
function resolved(
  table: SummedTable | KeptTable,
  { rows, names }: { readonly rows: string; readonly names: string },
): string {
  if (!table.learner) return rows
  const own = storedColumns(table)
    .filter(({ name }) => name !== 'user_id' && name !== 'user_name')
    .map(({ name }) => `stored.${quoted(name)}`)
  return `(
    select ${own.join(', ')}, coalesce(stored.user_id, known.user_id, ${unresolvedId('stored.user_name')}) as user_id
    from ${rows} as stored
    left join ${names} as known on stored.user_name = known.user_name
  )`
}

/** docs/rules.md, People: -(1 + the first 62 bits of the SHA-256 of the name). */
export const unresolvedId = (name: string): string =>
  `(-1 - (('0x' || substr(sha256(${name}), 1, 16))::ubigint >> 2)::bigint)`
