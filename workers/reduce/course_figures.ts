// The figures of a course follow from its published tables alone, so they can be written when its database is built and, should
// the file ever be lost, once more from the database.
import { COURSE_FIGURES } from '../../contracts/course_figures.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

const COLUMNS = Object.entries(COURSE_FIGURES.columns)

/** Writes the figures of a course database (attached) as Parquet. */
export async function writeFigures(
  database: Database,
  { course, path }: { readonly course: string; readonly path: string },
): Promise<void> {
  const sources = COURSE_FIGURES.from.map((name) => `${quoted(name)} as (from ${quoted(course)}.main.${quoted(name)})`)
  const columns = COLUMNS.map(([name, { type }]) => `${quoted(name)}::${type} as ${quoted(name)}`)
  await database.run(`
    copy (
      with ${sources.join(', ')}
      select ${columns.join(', ')}
      from (${COURSE_FIGURES.sql})
      order by kind, period, user_id, event_source, event_type
    ) to ${literal(path)} (format parquet, compression zstd)
  `)
}
