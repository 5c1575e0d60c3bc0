// A view stands in a schema of its own beside that of the tables, or among them, and a course's own views stand where the
// declared ones do. Where that is must be told in one place.
import type { View } from '../../contracts/table.ts'
import { commentsOf, quoted, viewDdl } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

/**
 * DuckDB copies a view with all its columns for each comment on one, so comments on years of days would take longer than all
 * else. A view with more columns has comments on its first few, and its own comment tells what the others are.
 */
const COLUMNS_COMMENTED_MAX = 128
const COLUMNS_COMMENTED_IF_MORE = 3

/** Makes views, each after the ones it reads, on the tables in a schema (`schema` or `database.schema`), with comments. */
export async function createViews(database: Database, views: readonly View[], tables_schema: string): Promise<void> {
  const [tables = tables_schema, catalog = null] = tables_schema.split('.').toReversed()
  const placeOf = ({ schema }: View): string => {
    const home = schema === 'main' ? tables : schema
    return catalog === null ? home : `${catalog}.${home}`
  }
  const places = new Set(views.filter(({ schema }) => schema !== 'main').map(placeOf))
  const statements = views.flatMap((view) => {
    const target = `${placeOf(view)}.${quoted(view.name)}`
    const comments = commentsOf(view, target)
    const is_wide = Object.keys(view.columns).length > COLUMNS_COMMENTED_MAX
    return [viewDdl(view, target, tables), ...(is_wide ? comments.slice(0, COLUMNS_COMMENTED_IF_MORE + 1) : comments)]
  })
  if (statements.length === 0) return
  await database.run([...[...places].map((place) => `create schema if not exists ${place}`), ...statements].join(';\n'))
}
