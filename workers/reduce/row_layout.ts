// What a reducer keeps between merges: the rows of partials, each with the date of the file it came from, so that a day
// can be taken out again. Parts, batches and rows files share this layout.
import type { TableSet } from '../../contracts/table_set.ts'
import { quoted, storedColumns } from '../../contracts/table_sql.ts'

export interface RowTable {
  readonly name: string
  /** Columns beside `file_date`, in order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Its rows belong to courses (those without one to the site), else to the site. */
  readonly by_course: boolean
}

/** Lines that could not be read. */
export const REJECTED_LINE: RowTable = {
  name: 'rejected_line',
  columns: [
    { name: 'line_no', type: 'BIGINT' },
    { name: 'byte_offset', type: 'BIGINT' },
    { name: 'length', type: 'BIGINT' },
    { name: 'reason', type: 'VARCHAR' },
  ],
  by_course: false,
}

/** Lists every table that a partial may have parts of. Parts of another table are of no use here. */
export const partialTables = ({ event_tables }: TableSet): readonly RowTable[] => [
  ...event_tables.map((table) => ({
    name: table.name,
    columns: storedColumns(table),
    by_course: table.scope === 'course',
  })),
  REJECTED_LINE,
]

/** Lists the tables whose rows make up the rows file of a course. */
export const courseRows = (tables: TableSet): readonly RowTable[] =>
  partialTables(tables).filter((table) => table.by_course)

/** Lists the tables whose rows serve the site as a whole. */
export const siteRows = (tables: TableSet): readonly RowTable[] =>
  partialTables(tables).filter((table) => !table.by_course)

/** Which courses a file touched, with how many events: from its receipt. */
export const COURSE_DAY: RowTable = {
  name: 'course_day',
  columns: [
    { name: 'course_id', type: 'VARCHAR' },
    { name: 'events', type: 'BIGINT' },
    { name: 'fingerprint', type: 'VARCHAR' },
  ],
  by_course: true,
}

/** Makes the CREATE TABLE of a row table under the name `relation`. */
export function rowDdl(table: RowTable, relation: string): string {
  const columns = table.columns.map((column) => `${quoted(column.name)} ${column.type}`)
  return `create table ${relation} (${['file_date DATE', ...columns].join(', ')})`
}
