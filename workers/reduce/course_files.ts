// Builds the files of a course edition in private scratch: rows (what the next edition is built from), database (what
// researchers open) and figures (what the catalogue reads). All are written anew and whole, so that no trace of a replaced day stays in them.
import { join } from 'node:path'
import type { TableSet } from '../../contracts/table_set.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import { copyOwnRows, copyRows, type KnownColumns, knownColumns, ofDates } from './copy_rows.ts'
import { writeFigures } from './course_figures.ts'
import type { CourseBuild } from './course_plan.ts'
import { copyTemplate } from './course_template.ts'
import { buildTables } from './derive.ts'
import { ledgerSelect } from './ledger_rows.ts'
import { NAME_MAP } from './names.ts'
import { attachNew } from './new_file.ts'
import { RECEIPT_ROWS } from './receipt_rows.ts'
import { courseRows, REJECTED_LINE, type RowTable, rowDdl } from './row_layout.ts'
import { type CourseSummary, summarise } from './summary.ts'
import { inTransaction } from './transaction.ts'
import { verifyCourse } from './verify.ts'

/** Lists what the rows file of a course holds: its events' rows, and what its ledger is made from. */
const tablesOfRows = (tables: TableSet): readonly RowTable[] => [...courseRows(tables), REJECTED_LINE, ...RECEIPT_ROWS]

export interface CourseInputs {
  readonly tables: TableSet
  /** Database files that nobody writes meanwhile. */
  readonly batch_path: string
  readonly names_path: string
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
  await database.run(`attach ${literal(inputs.batch_path)} as batch (read_only)`)
  await database.run(`attach ${literal(inputs.names_path)} as names (read_only)`)
  if (inputs.old_rows_path !== null) await database.run(`attach ${literal(inputs.old_rows_path)} as old (read_only)`)
  const known = inputs.old_rows_path === null ? null : await knownColumns(database, 'old')
  await database.run(attachNew(rows_path, 'rows_file'))
  await database.run(attachNew(database_path, 'course'))
  await inTransaction(database, (rows) => fillRows(rows, plan, { known, tables: inputs.tables }))
  inputs.signal.throwIfAborted()
  await copyTemplate(database, { path: inputs.template_path, to: 'course' })
  const sources = {
    tables: inputs.tables,
    declared: true,
    rows_schema: 'rows_file.main',
    target_schema: 'course.main',
    names: `names.main.${NAME_MAP}`,
    ledger: (table: Parameters<typeof ledgerSelect>[0]) =>
      ledgerSelect(table, { rows: 'rows_file', course_id: plan.course_id }),
  }
  await inTransaction(database, (course) => buildTables(course, sources))
  await verifyCourse(database, plan)
  const summary = await summarise(database)
  await writeFigures(database, { course: 'course', path: figures_path })
  for (const name of ['rows_file', 'course']) await database.run(`checkpoint ${name}`)
  for (const name of ['rows_file', 'course']) await database.run(`detach ${name}`)
  return { rows_path, database_path, figures_path, summary }
}

/** Rows of the days that stay come from the old file, those of the others from the batch. */
async function fillRows(
  database: Database,
  plan: CourseBuild,
  { known, tables }: { readonly known: KnownColumns | null; readonly tables: TableSet },
): Promise<void> {
  const kept = ofDates(plan.kept.keys())
  const inserted = ofDates(plan.inserted.keys())
  const of_course = `course_id = ${literal(plan.course_id)}`
  for (const table of tablesOfRows(tables)) {
    await database.run(rowDdl(table, `rows_file.main.${quoted(table.name)}`))
    if (known !== null) await copyRows(database, table, { from: 'old', to: 'rows_file', where: kept }, known)
    const where = table.by_course ? `${of_course} and ${inserted}` : inserted
    await copyOwnRows(database, table, { from: 'batch', to: 'rows_file', where })
  }
}
