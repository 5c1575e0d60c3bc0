// SQL that an analyst wrote runs in workers and reducers, which hold learners' data and may read and write files. DuckDB
// cannot be told to refuse files to one statement, so the statement itself is looked at, as DuckDB parses it: one select, which
// reads the relations that it may and nothing else, and says the same whenever it runs (docs/decisions/0014_own_tables.md).
import { z } from 'zod'
import type { Database } from '../../runtime/duckdb.ts'

/** What is wrong with a statement; `offset` is where in its text, null when that cannot be told. */
export interface StatementFault {
  readonly offset: number | null
  readonly message: string
}

/** What a statement reads. */
export interface Reads {
  /** Relations that it may name. */
  readonly relations: readonly string[]
  /** It may read the payload of events. */
  readonly payload: boolean
}

const Serialised = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.object({ node: z.record(z.string(), z.unknown()) })) }),
  z.object({ error: z.literal(true), error_message: z.string(), position: z.string().optional() }),
])

/** Table functions that make rows of their arguments alone. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree'])
/** What looks like a column and is a clock or a setting. */
const CLOCKS =
  /^(current_(date|time|timestamp|user|role|catalog|schema|database)|local(time|timestamp)|user|session_user)$/
/** Functions that tell of the process, beside those that DuckDB itself calls volatile. */
const OF_THE_PROCESS: ReadonlySet<string> = new Set(['getenv', 'current_setting', 'version', 'pg_sleep', 'ago'])
/** A name that no file can have: DuckDB takes others for files when there is no relation of that name. */
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/i

/** Finds out what is wrong with a select; nothing of it is run. */
export async function statementFaults(
  database: Database,
  sql: string,
  reads: Reads,
): Promise<readonly StatementFault[]> {
  const read = await serialised(database, sql)
  if (read.error)
    return [{ offset: read.position === undefined ? null : Number(read.position), message: syntax(read.error_message) }]
  const [only] = read.statements
  if (only === undefined || read.statements.length !== 1)
    return [{ offset: null, message: `it must be one select, and it is ${read.statements.length} statements` }]
  return await nodeFaults(database, only.node, reads)
}

/** Finds out what is wrong with an expression over the columns of one row, such as that of a computed column. */
export async function expressionFaults(database: Database, expression: string): Promise<readonly StatementFault[]> {
  const sql = `select ${expression}\n`
  const read = await serialised(database, sql)
  if (read.error) return [{ offset: null, message: syntax(read.error_message) }]
  const [only] = read.statements
  const { select_list, from_table, ...rest } = Expression.safeParse(only?.node).data ?? {}
  const is_alone = read.statements.length === 1 && select_list?.length === 1 && from_table?.type === 'EMPTY'
  if (only === undefined || !is_alone || 'where_clause' in rest)
    return [{ offset: null, message: 'it must be one expression over the columns of the table' }]
  return await nodeFaults(database, only.node, { relations: [], payload: false })
}

const Expression = z.looseObject({
  type: z.literal('SELECT_NODE'),
  select_list: z.array(z.unknown()),
  from_table: z.looseObject({ type: z.string() }),
})

async function serialised(database: Database, sql: string): Promise<z.infer<typeof Serialised>> {
  const [row] = await database.rows<{ tree: string }>(
    'select json_serialize_sql(?::varchar, skip_null := true, skip_empty := true, skip_default := true) as tree',
    [sql],
  )
  return Serialised.parse(JSON.parse(row?.tree ?? 'null'))
}

const syntax = (message: string): string =>
  message.startsWith('Only SELECT') ? 'it must be one select, and nothing that changes anything' : message

async function nodeFaults(
  database: Database,
  root: Readonly<Record<string, unknown>>,
  reads: Reads,
): Promise<readonly StatementFault[]> {
  const found: StatementFault[] = []
  const functions = new Map<string, number | null>()
  const nodes = [...nodesOf(root)]
  const ctes = new Set(nodes.flatMap(cteNames))
  for (const name of ctes)
    if (!PLAIN_NAME.test(name)) found.push({ offset: null, message: `"${name}" is no name for a part of it` })
  const known = new Set([...reads.relations, ...ctes].map((name) => name.toLowerCase()))
  for (const node of nodes) {
    const message = wrongNode(node, { known, reads, functions })
    if (message !== null) found.push({ offset: offsetOf(node), message })
  }
  const volatile = await volatileFunctions(database)
  for (const [name, offset] of functions)
    if (volatile.has(name) || OF_THE_PROCESS.has(name))
      found.push({ offset, message: `it calls ${name}(), which says something else each time` })
  return found
}

type Node = Readonly<Record<string, unknown>>

/** Gives all objects of a tree, whatever they are. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item)
  else if (typeof value === 'object' && value !== null) {
    const node = { ...value }
    yield node
    yield* nodesOf(Object.values(node))
  }
}

const CteMap = z.object({ map: z.array(z.object({ key: z.string() })) })

const cteNames = ({ cte_map, cte_name, ctename }: Node): readonly string[] => [
  ...(CteMap.safeParse(cte_map).data?.map.map(({ key }) => key) ?? []),
  ...[cte_name, ctename].filter((name) => typeof name === 'string'),
]

const offsetOf = ({ query_location }: Node): number | null =>
  typeof query_location === 'number' ? query_location : null

const textOf = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '')

function wrongNode(
  node: Node,
  given: {
    readonly known: ReadonlySet<string>
    readonly reads: Reads
    /** Collects the names of functions, each with a place where it is called. */
    readonly functions: Map<string, number | null>
  },
): string | null {
  const { known, reads, functions } = given
  if (node.sample !== undefined) return 'it takes a sample, which is another one each time'
  switch (node.type) {
    case 'BASE_TABLE': {
      const name = textOf(node.table_name)
      const elsewhere = node.schema_name !== undefined || node.catalog_name !== undefined
      if (!elsewhere && known.has(name)) return null
      const may = reads.relations.length === 0 ? 'nothing' : reads.relations.join(', ')
      return `it reads "${String(node.table_name)}", and may read ${may} alone`
    }
    case 'TABLE_FUNCTION': {
      const { function_name } = Call.safeParse(node.function).data ?? {}
      return TABLE_FUNCTIONS.has(textOf(function_name))
        ? null
        : `it may not read from ${function_name ?? 'a function'}()`
    }
    case 'SHOW_REF':
      return 'it may not describe or show anything'
    case 'VALUE_PARAMETER':
      return 'it has a parameter, which nobody fills in'
    case 'COLUMN_REF': {
      const names = z.array(z.string()).safeParse(node.column_names).data ?? []
      if (names.length === 1 && CLOCKS.test(textOf(names[0])))
        return `it reads ${names[0]}, which says something else each time`
      if (!reads.payload && reads.relations.includes('event') && names.some((name) => textOf(name) === 'payload'))
        return 'it reads the payload of events, so the header must say payload: true'
      return null
    }
    default:
      if (typeof node.function_name === 'string') functions.set(textOf(node.function_name), offsetOf(node))
      return null
  }
}

const Call = z.looseObject({ function_name: z.string() })

async function volatileFunctions(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.rows<{ name: string }>(`
    select distinct function_name as name
    from duckdb_functions()
    where stability <> 'CONSISTENT'
  `)
  return new Set(rows.map(({ name }) => name))
}
