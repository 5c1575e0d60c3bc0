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
import { ledgerOrder } from './ledger_rows.ts'
import { createSamcedViews } from './samced_views.ts'

export interface TableSources {
  /** Ours unless told otherwise. */
  readonly tables?: TableSet
  /**
   * Schema with a table per event table of a course: `file_date` and the stored columns. Without `ledger`, it has the
   * ledger tables too, with their declared columns.
   */
  readonly rows_schema: string
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
  const { tables = OUR_TABLES } = sources
  const stages = stagesOf(sources, tables)
  if (sources.declared !== true) await declareTables(database, sources.target_schema, tables)
  await setChoices(database, tables)
  try {
    for (const { table, relation, select } of stages) {
      const materialised = table.published ? 'table' : 'view'
      const create = `create temp ${materialised} ${relation} as ${select}`
      await inTable(table.name, () => database.run(create))
    }
    for (const { table, relation } of stages)
      if (table.published) await inTable(table.name, () => publish(database, { table, relation, sources }))
  } finally {
    for (const { table, relation } of stages.toReversed())
      await database.run(`drop ${table.published ? 'table' : 'view'} if exists temp.main.${relation}`)
  }
  if (sources.tables_alone !== true) await createSamcedViews(database, sources.target_schema)
}

/** Tells the SQL of derived tables which rules were chosen. */
async function setChoices(database: Database, { choices }: TableSet): Promise<void> {
  for (const [name, choice] of Object.entries(choices)) await database.run(`set variable ${name} = ${literal(choice)}`)
}

interface Stage {
  readonly table: Table
  /** Temporary relation that the SQL of derived tables reads by the table's name. */
  readonly relation: string
  readonly select: string
}

/** Lists what to compute, each after what it reads: rows of events, then derived tables; the ledger is only copied. */
function stagesOf(sources: TableSources, tables: TableSet): readonly Stage[] {
  const rows = (table: Table): string => `${sources.rows_schema}.${quoted(table.name)}`
  const stage = (table: Table, select: string): Stage => ({ table, relation: quoted(table.name), select })
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

async function publish(
  database: Database,
  given: { readonly table: Table; readonly relation: string; readonly sources: TableSources },
): Promise<void> {
  const { table, relation, sources } = given
  const target = `${sources.target_schema}.${relation}`
  const names = publishedColumns(table)
    .map(([name]) => quoted(name))
    .join(', ')
  await database.run(`
    insert into ${target}
    select ${names}
    from temp.main.${relation}
    order by ${orderOf(table).map(quoted).join(', ')}
  `)
}

/** All columns order a table, the hidden ones too: events of equal time stand in the order of their hash. */
function orderOf(table: Table): readonly string[] {
  if (table.kind === 'ledger') return ledgerOrder(table)
  const own = Object.keys(table.kind === 'summed' ? { ...table.keys, ...table.measures } : table.columns)
  const identity = publishedColumns(table)
    .map(([name]) => name)
    .filter((name) => !own.includes(name))
  return [...identity, ...own]
}
