// One table on its way into a course database. A hundred tables are made a hundred times a minute, and DuckDB takes a
// millisecond or more to plan each statement, so a table that nobody reads is not laid down twice, and one that cannot have
// rows costs nothing.
import type { Column, Table } from '../../contracts/table.ts'
import { publishedColumns, quoted } from '../../contracts/table_sql.ts'
import { ledgerOrder } from './ledger_rows.ts'

export interface Stage {
  readonly table: Table
  /** Selects all columns of the table, hidden ones too. */
  readonly select: string
}

export interface Staging {
  /** Schema with the table, empty, if it is published. */
  readonly target_schema: string
  /** It has no rows, and nothing need be computed to know that. */
  readonly is_idle: boolean
  /** SQL of derived tables reads it by its name. */
  readonly is_read: boolean
}

export interface StageStatements {
  /** Fills the published table, and makes the temporary relation that derived tables read. */
  readonly fill: readonly string[]
  /** Removes that relation. */
  readonly clear: readonly string[]
}

/** Spells what to run for a table. */
export function stageStatements({ table, select }: Stage, staging: Staging): StageStatements {
  const { is_idle, is_read } = staging
  const relation = quoted(table.name)
  const target = `${staging.target_schema}.${relation}`
  const declared = columnsOf(table).map(([name, { type }]) => `${quoted(name)} ${type}`)
  const view = (sql: string): StageStatements => ({
    fill: [`create temp view ${relation} as ${sql}`],
    clear: [`drop view if exists temp.main.${relation}`],
  })
  const own = (content: string): StageStatements => ({
    fill: [`create temp table ${relation} ${content}`],
    clear: [`drop table if exists temp.main.${relation}`],
  })
  const read = (): StageStatements => {
    if (!is_read) return { fill: [], clear: [] }
    if (table.published && !hasHidden(table)) return view(`from ${target}`)
    if (is_idle) return own(`(${declared.join(', ')})`)
    return table.published ? own(`as ${select}`) : view(select)
  }
  const { fill, clear } = read()
  if (!table.published || is_idle) return { fill, clear }
  const from_relation = is_read && hasHidden(table)
  const insert = insertSelect(table, { target, rows: from_relation ? `temp.main.${relation}` : `(${select})` })
  return { fill: from_relation ? [...fill, insert] : [insert, ...fill], clear }
}

function insertSelect(table: Table, { target, rows }: { readonly target: string; readonly rows: string }): string {
  return `
    insert into ${target}
    select ${publishedColumns(table)
      .map(([name]) => quoted(name))
      .join(', ')}
    from ${rows}
    order by ${orderOf(table).map(quoted).join(', ')}
  `
}

/** All columns order a table, the hidden ones too: events of equal time stand in the order of their hash. */
const orderOf = (table: Table): readonly string[] =>
  table.kind === 'ledger' ? ledgerOrder(table) : columnsOf(table).map(([name]) => name)

const hasHidden = (table: Table): boolean => columnsOf(table).some(([, { hidden }]) => hidden === true)

/** Lists all columns of a table in order: whose rows they are, then its own. */
function columnsOf(table: Table): readonly (readonly [string, Column])[] {
  const own = Object.entries<Column>(table.kind === 'summed' ? { ...table.keys, ...table.measures } : table.columns)
  const names = new Set(own.map(([name]) => name))
  return [...publishedColumns(table).filter(([name]) => !names.has(name)), ...own]
}
