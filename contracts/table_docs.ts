// docs/tables.md says of every column what the declaration says, because it is made from it. What a researcher reads on
// the page, in the comments of a database and in a codebook is one text.
import type { KeptTable, LedgerTable, SummedTable, Table } from './table.ts'
import { publishedColumns } from './table_sql.ts'

/** Writes the page of all tables that researchers read: those of a course database, then those of the catalogue alone. */
export function tablesPage(tables: readonly Table[], catalog: readonly LedgerTable[]): string {
  const published = tables.filter((table) => table.published)
  const is_shared = ({ name }: LedgerTable): boolean => published.some((table) => table.name === name)
  const shared = catalog.filter(is_shared)
  const own = catalog.filter((table) => !is_shared(table))
  return [
    '# Tables',
    '',
    'Generated from the declarations in [contracts/tables/](../contracts/tables/) by `npm run docs`; change it there.',
    '',
    ...CONVENTIONS,
    '',
    '## Tables of a course database',
    '',
    '| table | one row |',
    '|---|---|',
    ...published.map((table) => `| [\`${table.name}\`](#${table.name}) | ${cell(table.grain)} |`),
    '',
    ...published.flatMap(section),
    '## Tables of the catalogue',
    '',
    'One database for the whole organisation, `catalog.duckdb`. Some of its tables have names from above:',
    '',
    ...shared.map((table) => `- \`${table.name}\`, one row: ${table.grain}. ${table.doc}`),
    '',
    ...own.flatMap(section),
    '## Rows that only feed other tables',
    '',
    'They are kept with the results, so that tables can be computed again without the logs, and are in no database.',
    '',
    ...tables.filter((table) => !table.published).map((table) => `- \`${table.name}\`: ${table.grain}. ${table.doc}`),
    '',
  ].join('\n')
}

const CONVENTIONS = [
  'A course database belongs to one site and one course id. In all its tables:',
  '',
  '- Days are UTC calendar days of the event’s time, never of the log file. Times are UTC with microseconds.',
  '- Names that end in `_s` are seconds. Counts are never NULL.',
  '- `user_id` is the learner’s account id on the site. Where the log has a user name without an id, the learner gets the id that the name has anywhere on the site, the smallest if several, and else a negative number made from the name.',
  '- Activity belongs to whoever did it, enrolments to the one enrolled.',
  '- Events of equal time are ordered by a hash of their text, so no result depends on the order of files or lines.',
  '- A line that stands in its log file twice, byte for byte, counts once; the configuration can change that.',
]

function section(table: Table): readonly string[] {
  return [
    `### ${table.name}`,
    '',
    `One row: ${table.grain}.`,
    '',
    table.doc,
    '',
    ORIGIN[table.kind](table),
    '',
    '| column | type | meaning |',
    '|---|---|---|',
    ...publishedColumns(table).map(([name, { type, doc }]) => `| \`${name}\` | ${type} | ${cell(doc)} |`),
    '',
  ]
}

const ORIGIN: Readonly<Record<Table['kind'], (table: Table) => string>> = {
  summed: (table) => `Counted from events and summed over files${learnerOf(table)}.`,
  kept: (table) => `Kept from events, over all files${learnerOf(table)}.`,
  derived: (table) =>
    `Computed over the whole history from ${(table.kind === 'derived' ? table.from : []).map((name) => `\`${name}\``).join(', ')}.`,
  ledger: () => 'Written from the records of the files, not from events.',
}

const isOfLearners = (table: Table): table is SummedTable | KeptTable =>
  (table.kind === 'summed' || table.kind === 'kept') && table.learner

const learnerOf = (table: Table): string => (isOfLearners(table) ? '; anonymous events are left out' : '')

/** Text for one cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|')
