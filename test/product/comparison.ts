// One table of the product beside the rows that the sample meant. A comparison is written from the rules and from the
// sample's facts alone; here both sides become text, so that a difference shows as the row that differs.
import assert from 'node:assert/strict'
import type { CourseTruth } from '../../cli/sample/truth.ts'
import { TABLES, VIEWS } from '../../contracts/registry.ts'
import { publishedColumns, quoted } from '../../contracts/table_sql.ts'
import type { TruthWorld } from './truth_world.ts'

/** Cells by column, without course_id: times are microseconds, days and ids may be text, NULL is null. */
export type MeantRow = Readonly<Record<string, string | number | bigint | boolean | null>>

export interface Comparison {
  /** A published table or view; a view outside `main` with its schema. */
  readonly table: string
  /** Columns that a sample has no fact about. */
  readonly leave_out?: readonly string[]
  /** Of the table's rows, those to be compared. */
  readonly where?: string
  /** Eras in which a sample has no such rows. */
  readonly absent_before?: string
  /** The rows that a course must have. */
  readonly meant: (course: CourseTruth, course_id: string) => readonly MeantRow[]
}

const relationOf = (one: { readonly name: string; readonly schema?: string }): string =>
  one.schema === undefined || one.schema === 'main' ? one.name : `${one.schema}.${one.name}`

/** Tells whether a comparison's table is declared. */
export const isDeclared = ({ table }: Comparison): boolean =>
  [...TABLES, ...VIEWS].some((declared) => relationOf(declared) === table)

/** Compares all courses' rows, without regard to order. */
export async function compare(world: TruthWorld, comparison: Comparison, from: string): Promise<void> {
  const declared = [...TABLES, ...VIEWS].find((one) => relationOf(one) === comparison.table)
  assert.ok(declared, `${comparison.table} is not declared`)
  const columns = publishedColumns(declared).filter(([name]) => comparison.leave_out?.includes(name) !== true)
  const selected = columns.map(([name, { type }]) => {
    if (type === 'TIMESTAMP') return `epoch_us(${quoted(name)}) as ${quoted(name)}`
    return type === 'DATE' ? `${quoted(name)}::varchar as ${quoted(name)}` : quoted(name)
  })
  const relation = comparison.table.split('.').map(quoted).join('.')
  const found = await world.database.rows(
    `select ${selected.join(', ')} from ${relation} where course_id is not null and (${comparison.where ?? 'true'})`,
  )
  const meant = Object.entries(world.truth.courses).flatMap(([course_id, course]) =>
    comparison.meant(course, course_id).map((row): MeantRow => ({ course_id, ...row })),
  )
  assert.ok(meant.length > 0 || from < (comparison.absent_before ?? ''), 'the sample has nothing to compare')
  const text = (row: Readonly<Record<string, unknown>>): string =>
    columns.map(([name]) => `${name}=${cellText(row[name])}`).join(' ')
  for (const row of meant.slice(0, 1))
    assert.deepEqual(Object.keys(row).sort(), columns.map(([name]) => name).sort(), 'columns')
  assert.deepEqual(differences(found.map(text), meant.map(text)), [])
}

/** Floats are shown to twelve digits: both sides divide exact integers, though not in the same order. */
function cellText(cell: unknown): string {
  if (cell === undefined) return 'absent'
  if (typeof cell === 'number' && !Number.isInteger(cell)) return String(Number(cell.toPrecision(12)))
  return String(cell)
}

/** Gives the rows of one side only, so that a difference among thousands of rows can be read. */
function differences(found: readonly string[], meant: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const row of found) counts.set(row, (counts.get(row) ?? 0) + 1)
  for (const row of meant) counts.set(row, (counts.get(row) ?? 0) - 1)
  const odd = [...counts].filter(([, count]) => count !== 0)
  const shown = odd.map(
    ([row, count]) => `${row} (${Math.abs(count)} ${count > 0 ? 'found, not meant' : 'meant, not found'})`,
  )
  return shown.sort().slice(0, 20)
}
