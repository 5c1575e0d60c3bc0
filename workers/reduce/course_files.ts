// Builds the files of a course edition in private scratch: rows (what the next edition is built from), database (what
// researchers open) and figures (what the catalogue reads). All are written anew and whole, so that no trace of a replaced day stays in them.
import { join } from 'node:path'
import type { TableSet } from '../../contracts/table_set.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { copyOwnRows, copyRows, type KnownColumns, knownColumns, ofDates } from './copy_rows.ts'
import { writeFigures } from './course_figures.ts'
import type { CourseBuild } from './course_plan.ts'
import { buildTables } from './derive.ts'
import { ledgerSelect } from './ledger_rows.ts'
import { NAME_MAP } from './names.ts'
import { attachNew } from './new_file.ts'
import { RECEIPT_ROWS } from './receipt_rows.ts'
import { courseRows, REJECTED_LINE, type RowTable, rowDdl } from './row_layout.ts'
import { type CourseSummary, summarise } from './summary.ts'
import { inTransaction } from './transaction.ts'
import { VERIFIED_BY, verifyCourse } from './verify.ts'

/** Lists what the rows file of a course holds: its events' rows, and what its ledger is made from. */
const tablesOfRows = (tables: TableSet): readonly RowTable[] => [...courseRows(tables), REJECTED_LINE, ...RECEIPT_ROWS]

export interface CourseInputs {
  readonly tables: TableSet
  /** Database files that nobody writes meanwhile. */
  readonly batch_path: string
  readonly names_path: string
  /** Names of the tables by course in which the batch has rows of this course. */
  readonly tables_in_batch: ReadonlySet<string>
  /** From `makeTemplate`. */
  readonly template_path: string
  /** Rows file of the head that the edition is built on; null without one. */
  readonly old_rows_path: string | null
  /** Private folder for the new files and for what does not fit into memory. */
  readonly folder: string
  readonly memory_mb: number
  readonly threads: number
  readonly signal: AbortSignal
}

export interface CourseFiles {
  readonly rows_path: string
  readonly database_path: string
  readonly figures_path: string
  readonly summary: CourseSummary
}

/** Builds and verifies the files of a planned edition; verify_failed when they differ from the receipts. */
export async function buildCourseFiles(plan: CourseBuild, inputs: CourseInputs): Promise<CourseFiles> {
  const { folder, memory_mb, threads, signal } = inputs
  const rows_path = join(folder, 'rows.duckdb')
  const database_path = join(folder, 'course.duckdb')
  const figures_path = join(folder, 'figures.parquet')

  await using database = await openDatabase({ path: ':memory:', threads, memory_mb, temp_directory: folder, signal })
  // Nobody else sees these files before they are whole, so what is committed goes into them at once and not by way of a log.
  await database.run(`set checkpoint_threshold = '0B'`)
  await database.run(`attach ${literal(inputs.batch_path)} as batch (read_only)`)
  await database.run(`attach ${literal(inputs.names_path)} as names (read_only)`)
  await database.run(`attach ${literal(inputs.template_path)} as template (read_only)`)
  if (inputs.old_rows_path !== null) await database.run(`attach ${literal(inputs.old_rows_path)} as old (read_only)`)
  const known = inputs.old_rows_path === null ? null : await knownColumns(database, 'old')
  await database.run(attachNew(rows_path, 'rows_file'))
  await database.run(attachNew(database_path, 'course'))
  const with_rows = await inTransaction(database, (rows) => fillRows(rows, plan, { ...inputs, known }))
  inputs.signal.throwIfAborted()
  const sources = {
    tables: inputs.tables,
    declared: true,
    rows_schema: 'rows_file.main',
    with_rows,
    target_schema: 'course.main',
    names: `names.main.${NAME_MAP}`,
    ledger: (table: Parameters<typeof ledgerSelect>[0]) =>
      ledgerSelect(table, { rows: 'rows_file', course_id: plan.course_id }),
  }
  await inTransaction(database, async (course) => {
    await course.run('copy from database template to course (schema)')
    await buildTables(course, sources)
  })
  await verifyCourse(database, plan)
  const summary = await summarise(database)
  await writeFigures(database, { course: 'course', path: figures_path })
  for (const name of ['rows_file', 'course']) await database.run(`checkpoint ${name}`)
  for (const name of ['rows_file', 'course']) await database.run(`detach ${name}`)
  return { rows_path, database_path, figures_path, summary }
}

/**
 * Rows of the days that stay come from the old file, those of the others from the batch. Tables that neither has rows for are
 * not made, but for those that every edition is verified by. Tells which may have rows.
 */
async function fillRows(
  database: Database,
  plan: CourseBuild,
  given: Pick<CourseInputs, 'tables' | 'tables_in_batch'> & { readonly known: KnownColumns | null },
): Promise<ReadonlySet<string>> {
  const kept = ofDates(plan.kept.keys())
  const inserted = ofDates(plan.inserted.keys())
  const of_course = `course_id = ${literal(plan.course_id)}`
  const with_rows = new Set<string>()
  const statements: string[] = []
  for (const table of tablesOfRows(given.tables)) {
    const where = table.by_course ? `${of_course} and ${inserted}` : inserted
    const copies = [
      given.known && copyRows(table, { from: 'old', to: 'rows_file', where: kept }, given.known),
      !table.by_course || given.tables_in_batch.has(table.name)
        ? copyOwnRows(table, { from: 'batch', to: 'rows_file', where })
        : null,
    ].filter((copy) => copy !== null)
    if (copies.length > 0) with_rows.add(table.name)
    if (copies.length > 0 || VERIFIED_BY.includes(table.name))
      statements.push(rowDdl(table, `rows_file.main.${quoted(table.name)}`), ...copies)
  }
  await database.run(statements.join(';\n'))
  return with_rows
}
