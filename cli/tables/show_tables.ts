// `millrace tables` and `millrace tables show`: which tables there are, ours and an organisation's own, and what one of
// them says, for whoever has neither a database nor docs/tables.md at hand.
import { loadConfig } from '../../config/load.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { Table, View } from '../../contracts/table.ts'
import { describedTable } from '../../contracts/table_docs.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { publishedColumns } from '../../contracts/table_sql.ts'
import { EXIT_DONE } from '../exit_codes.ts'
import type { Output } from '../output.ts'

/** Lists the tables that researchers read, by section. */
export async function listTables(given: { readonly config_path: string; readonly output: Output }): Promise<number> {
  const { output } = given
  const { sections } = await tablesOf(given.config_path)
  const listed = sections.flatMap(({ section, declared }) =>
    declared
      .filter(({ published }) => published)
      .map((table) => ({ name: fullName(table), kind: table.kind, section: section.title, grain: table.grain })),
  )
  output.table(
    ['table', 'kind', 'section', 'one row'],
    listed.map(({ name, kind, section, grain }) => [name, kind, section, grain]),
  )
  output.document({ tables: listed })
  return EXIT_DONE
}

/** Tells what a table holds, and what its columns mean. */
export async function showTable(given: {
  readonly config_path: string
  readonly name: string
  readonly output: Output
}): Promise<number> {
  const { name, output } = given
  const { tables, views } = await tablesOf(given.config_path)
  const table = [...tables, ...views].find((one) => fullName(one) === name)
  if (table === undefined)
    throw new MillraceError(
      'usage_invalid',
      `Cannot show "${name}": there is no such table; "millrace tables" lists them`,
    )
  for (const line of describedTable(table)) output.line(line)
  output.document({
    name,
    kind: table.kind,
    grain: table.grain,
    doc: table.doc,
    published: table.published,
    columns: publishedColumns(table).map(([column, { type, doc }]) => ({ name: column, type, doc })),
  })
  return EXIT_DONE
}

const fullName = (table: Table | View): string =>
  table.kind === 'view' && table.schema !== 'main' ? `${table.schema}.${table.name}` : table.name

/** Without a config there are ours alone. */
async function tablesOf(config_path: string): Promise<TableSet> {
  try {
    return (await loadConfig(config_path)).tables
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'config_missing') return OUR_TABLES
    throw error
  }
}
