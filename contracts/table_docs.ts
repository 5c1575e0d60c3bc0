// docs/tables.md says of every column what the declaration says, because it is made from it. What a researcher reads on
// the page, in the comments of a database and in a codebook is one text.
import { samcedPatterns } from './samced_views.ts'
import type { DerivedTable, KeptTable, LedgerTable, SummedTable, Table, View } from './table.ts'
import type { DeclaredSection } from './table_set.ts'
import { publishedColumns } from './table_sql.ts'

/** Writes the page of all tables that researchers read: those of a course database, then those of the catalogue alone. */
export function tablesPage(
  declared: readonly DeclaredSection[],
  catalog: readonly (LedgerTable | DerivedTable)[],
): string {
  const sections = declared.map(withPatterns)
  const all = sections.flatMap(({ declared }) => declared)
  const is_shared = ({ name }: LedgerTable | DerivedTable): boolean =>
    all.some((table) => table.published && table.name === name)
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
    ...sections.flatMap(overview),
    ...sections.flatMap(({ section, declared }) => [
      `## ${section.title}`,
      '',
      ...declared.filter(({ published }) => published).flatMap(describedTable),
    ]),
    '## Tables of the catalogue',
    '',
    'One database for the whole organisation, `catalog.duckdb`. Some of its tables have names from above:',
    '',
    ...shared.map((table) => `- \`${table.name}\`, one row: ${table.grain}. ${table.doc}`),
    '',
    ...own.flatMap(describedTable),
    '## Rows that only feed other tables',
    '',
    'They are kept with the results, so that tables can be computed again without the logs, and are in no database.',
    '',
    ...all.filter((table) => !table.published).map((table) => `- \`${table.name}\`: ${table.grain}. ${table.doc}`),
    '',
  ].join('\n')
}

/** Adds what a course gets by its content to the section whose schema it stands in. */
const withPatterns = ({ section, declared }: DeclaredSection): DeclaredSection => ({
  section,
  declared: [...declared, ...samcedPatterns().filter(({ schema }) => schema === section.folder)],
})

function overview({ section, declared }: DeclaredSection): readonly string[] {
  const published = declared.filter((table) => table.published)
  if (published.length === 0) return []
  return [
    `**${section.title}**`,
    '',
    '| table | one row |',
    '|---|---|',
    ...published.map((table) => `| [\`${fullName(table)}\`](#${anchor(table)}) | ${cell(table.grain)} |`),
    '',
  ]
}

/** The name as it is asked for: with its schema where that is not `main`. */
const fullName = (table: Table | View): string =>
  table.kind === 'view' && table.schema !== 'main' ? `${table.schema}.${table.name}` : table.name

const anchor = (table: Table | View): string => fullName(table).replaceAll('.', '')

const CONVENTIONS = [
  'A course database belongs to one site and one course id. In all its tables:',
  '',
  '- Days are UTC calendar days of the event’s time, never of the log file. Times are UTC with microseconds.',
  '- Names that end in `_s` are seconds. Counts are never NULL, except in the schema `samced`, whose originals leave such cells out.',
  '- `user_id` is the learner’s account id on the site. Where the log has a user name without an id, the learner gets the id that the name has anywhere on the site, the smallest if several, and else a negative number made from the name.',
  '- Activity belongs to whoever did it, enrolments to the one enrolled.',
  '- Events of equal time are ordered by a hash of their text, so no result depends on the order of files or lines.',
  '- A line that stands in its log file twice, byte for byte, counts once; the configuration can change that.',
]

/** Writes what a table holds and what its columns mean. */
export function describedTable(table: Table | View): readonly string[] {
  return [
    `### ${fullName(table)}`,
    '',
    `One row: ${table.grain}.`,
    '',
    table.doc,
    '',
    originOf(table),
    '',
    '| column | type | meaning |',
    '|---|---|---|',
    ...publishedColumns(table).map(([name, { type, doc }]) => `| \`${name}\` | ${type} | ${cell(doc)} |`),
    '',
  ]
}

function originOf(table: Table | View): string {
  switch (table.kind) {
    case 'summed':
      return `Counted from events and summed over files${learnerOf(table)}.`
    case 'kept':
      return `Kept from events, over all files${learnerOf(table)}.`
    case 'derived':
      return `Computed over the whole history from ${namesOf(table.from)}.`
    case 'view':
      return `A view: computed from ${namesOf(table.from)} when it is asked.`
    case 'ledger':
      return 'Written from the records of the files, not from events.'
  }
}

const namesOf = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const learnerOf = (table: SummedTable | KeptTable): string => (table.learner ? '; anonymous events are left out' : '')

/** Text for one cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|')
