// Statements that follow from a declaration: what a partial holds, how slices and days merge, what is published. Worker
// and reducer both use them, so a table can never be written one way and merged another.
import type { Column, KeptTable, Measure, SummedTable, Table, View } from './table.ts'

/** Quotes an SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Quotes an SQL text literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The SQL type of a first/last measure while it still has to be merged. */
const registerType = (measure: Measure): string => `STRUCT("time" TIMESTAMP, "hash" UBIGINT, "value" ${measure.type})`

const isRegister = (measure: Measure): boolean => measure.merge === 'first' || measure.merge === 'last'

interface StoredColumn {
  readonly name: string
  readonly type: string
}

/** Lists the columns of a table's partial rows, in order: course_id, user_id, user_name, then its own. */
export function storedColumns(table: SummedTable | KeptTable): readonly StoredColumn[] {
  const columns: StoredColumn[] = []
  if (table.scope === 'course') columns.push({ name: 'course_id', type: 'VARCHAR' })
  if (table.learner) columns.push({ name: 'user_id', type: 'BIGINT' }, { name: 'user_name', type: 'VARCHAR' })
  if (table.kind === 'kept') {
    for (const [name, column] of Object.entries(table.columns))
      if (column.computed === undefined) columns.push({ name, type: column.type })
    return columns
  }
  for (const [name, column] of Object.entries(table.keys)) columns.push({ name, type: column.type })
  for (const [name, measure] of Object.entries(table.measures))
    columns.push({ name, type: isRegister(measure) ? registerType(measure) : measure.type })
  return columns
}

/** Makes the CREATE TABLE of a table's partial rows; `extra` columns (e.g. the file's date) come first. */
export function storedDdl(
  table: SummedTable | KeptTable,
  relation: string,
  extra: readonly StoredColumn[] = [],
): string {
  const columns = [...extra, ...storedColumns(table)].map((column) => `${quoted(column.name)} ${column.type}`)
  return `create table ${relation} (${columns.join(', ')})`
}

function mergedMeasure(name: string, measure: Measure): string {
  const column = quoted(name)
  switch (measure.merge) {
    case 'sum':
      return `sum(${column})::${measure.type} as ${column}`
    case 'min':
    case 'first':
      return `min(${column}) as ${column}`
    case 'max':
    case 'last':
      return `max(${column}) as ${column}`
  }
}

/**
 * Selects the merged partial rows of `relation` (any relation with the table's stored columns): one row per group for a
 * summed table, all rows for a kept one. `relation` may be a parenthesised select.
 */
export function mergedSelect(table: SummedTable | KeptTable, relation: string): string {
  const names = storedColumns(table).map((column) => quoted(column.name))
  if (table.kind === 'kept') return `select ${names.join(', ')} from ${relation}`
  const groups = names.filter((_, index) => index < names.length - Object.keys(table.measures).length)
  const measures = Object.entries(table.measures).map(([name, measure]) => mergedMeasure(name, measure))
  const all = [...groups, ...measures].join(', ')
  return groups.length === 0 ? `select ${all} from ${relation}` : `select ${all} from ${relation} group by all`
}

/**
 * Selects rows of `relation` (a table's rows by column names, as its SQL gives them) as they are stored, unmerged. Text is
 * not cast: whatever holds it becomes text where it is stored.
 */
export function storedSelect(table: SummedTable | KeptTable, relation: string): string {
  const columns = storedColumns(table).map(({ name, type }) =>
    type === 'VARCHAR' ? quoted(name) : `${quoted(name)}::${type} as ${quoted(name)}`,
  )
  return `select ${columns.join(', ')} from ${relation}`
}

/**
 * Selects a table's merged rows as derived tables read them: user_id resolved, registers opened, computed columns filled.
 * `relation` has the stored columns with user_id resolved and without user_name.
 */
export function presentedSelect(table: SummedTable | KeptTable, relation: string): string {
  const identity = [...(table.scope === 'course' ? ['course_id'] : []), ...(table.learner ? ['user_id'] : [])].map(
    quoted,
  )
  if (table.kind === 'kept') {
    const names = Object.keys(table.columns).map(quoted)
    return `select ${[...identity, ...names].join(', ')} from ${withComputed(table, relation)}`
  }
  const keys = Object.keys(table.keys).map(quoted)
  const measures = Object.entries(table.measures).map(([name, measure]) => {
    const merged = mergedMeasure(name, measure)
    if (!isRegister(measure)) return merged
    return `${merged.slice(0, merged.lastIndexOf(' as '))}."value" as ${quoted(name)}`
  })
  return `select ${[...identity, ...keys, ...measures].join(', ')} from ${relation} group by all`
}

/** Adds computed columns in the order of their declaration: each may read those before it, windows over windows too. */
function withComputed(table: KeptTable, relation: string): string {
  let filled = relation
  for (const [name, column] of Object.entries(table.columns))
    if (column.computed !== undefined)
      filled = `(select *, (${column.computed})::${column.type} as ${quoted(name)} from ${filled})`
  return filled
}

/** Lists the columns of a table as researchers see them, in order. */
export function publishedColumns(table: Table | View): readonly (readonly [string, Column])[] {
  const identity: [string, Column][] = []
  if (table.kind === 'summed' || table.kind === 'kept') {
    if (table.scope === 'course') identity.push(['course_id', COURSE_ID])
    if (table.learner) identity.push(['user_id', USER_ID])
  }
  const own = table.kind === 'summed' ? { ...table.keys, ...table.measures } : table.columns
  return [...identity, ...Object.entries<Column>(own).filter(([, column]) => column.hidden !== true)]
}

const COURSE_ID: Column = { type: 'VARCHAR', doc: 'Course id as logged, case kept' }
const USER_ID: Column = {
  type: 'BIGINT',
  doc: 'The learner’s edX account id on this site; negative when the log names the learner but no id is known for the name anywhere on the site',
}

/** Makes the CREATE VIEW of a view whose sources are in `schema`, wherever the database is attached. */
export function viewDdl(view: View, relation: string, schema: string): string {
  // Named without their database: a reader may attach the file under any name.
  const sources = view.from.map((name) => `${quoted(name)} as (from ${schema}.${quoted(name)})`)
  const columns = Object.keys(view.columns).map(quoted)
  return `create view ${relation} as with ${sources.join(', ')} select ${columns.join(', ')} from (${view.sql})`
}

/** Makes the COMMENT ON statements of a published table or a view. */
export function commentsOf(table: Table | View, relation: string): readonly string[] {
  return [
    `comment on ${table.kind === 'view' ? 'view' : 'table'} ${relation} is ${literal(`${table.doc} One row: ${table.grain}.`)}`,
    ...publishedColumns(table).map(
      ([name, column]) => `comment on column ${relation}.${quoted(name)} is ${literal(column.doc)}`,
    ),
  ]
}
