// The ledger of a course and that of the catalogue are the same facts about log files: of those that fed the course, or
// of all of a site. Both are selected here, so that they cannot tell different things of one file.
import type { LedgerTable } from '../../contracts/table.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import { FILE_FACTS } from './file_facts.ts'

const FACT_NAMES = new Set(['file_date', ...FILE_FACTS.columns.map((column) => column.name)])

/** Selects the declared columns of a ledger table from rows of files (attached); without a course, those of all files. */
export function ledgerSelect(
  table: LedgerTable,
  { rows, course_id }: { readonly rows: string; readonly course_id: string | null },
): string {
  const of_lines = table.name !== FILE_FACTS.name
  const sourceOf = (name: string): string => {
    if (name === 'course_id') return course_id === null ? 'null' : literal(course_id)
    if (name === 'course_events') return course_id === null ? 'null' : 'day.events'
    return `${of_lines && !FACT_NAMES.has(name) ? 'line' : 'file'}.${quoted(name)}`
  }
  const columns = Object.entries(table.columns).map(
    ([name, column]) => `${sourceOf(name)}::${column.type} as ${quoted(name)}`,
  )
  const joins = [
    ...(course_id === null ? [] : [`join ${rows}.main.course_day as day using (file_date)`]),
    ...(of_lines ? [`join ${rows}.main.${quoted(table.name)} as line using (file_date)`] : []),
  ]
  return `
    select ${columns.join(', ')}
    from ${rows}.main.${quoted(FILE_FACTS.name)} as file
    ${joins.join('\n    ')}
    ${course_id === null ? '' : `where day.course_id = ${literal(course_id)}`}
  `
}

/** Tells the order in which the rows of a ledger table lie: by date of the file, then by its columns from the left. */
export function ledgerOrder(table: LedgerTable): readonly string[] {
  const names = Object.keys(table.columns)
  return ['file_date', ...names.filter((name) => name !== 'file_date')]
}
