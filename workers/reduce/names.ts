// A learner whom the log names without an id takes the id that the name has anywhere on the site, also when that is
// learned later from another course (docs/rules.md, People). So a merge of one course's days can change other courses: here
// the names of a site are resolved, and the courses found whose rows they change.
import { quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

/** Relation in the names file: user_name, user_id; each known name once, with the smallest id that any day has for it. */
export const NAME_MAP = 'name_map'
/** Relation in the names file: course_id, user_name; each name that stands in the course's events without an id once. */
const UNRESOLVED = 'unresolved_name'

/**
 * Fills a names file from the rows of a run and, unless that run holds all days, what was known before. Both relations only
 * grow with days that come in, so old ones and new rows are enough; when days go, they are made of all that is left.
 */
export async function buildNames(
  database: Database,
  given: {
    /** Attached databases: the old names file (null for none), the run, and the empty one to fill. */
    readonly old_names: string | null
    readonly run: string
    readonly names: string
  },
): Promise<void> {
  const { run } = given
  const names = quoted(given.names)
  const and_old = (columns: string, relation: string): string =>
    given.old_names === null ? '' : `union all select ${columns} from ${quoted(given.old_names)}.main.${relation}`
  await database.run(`
    create table ${names}.main.${NAME_MAP} as
    with known as (
      select user_name, user_id
      from ${quoted(run)}.main.site_name
      where user_name is not null
        and user_id is not null
      ${and_old('user_name, user_id', NAME_MAP)}
    )
    select user_name, min(user_id) as user_id
    from known
    group by user_name
    order by user_name
  `)
  await database.run(`
    create table ${names}.main.${UNRESOLVED} as
    select distinct course_id, user_name
    from (
      select course_id, user_name
      from ${quoted(run)}.main.unresolved_name
      ${and_old('course_id, user_name', UNRESOLVED)}
    )
    order by course_id, user_name
  `)
}

/** Finds the courses with a name that resolves otherwise than before. */
export async function coursesWithChangedNames(
  database: Database,
  given: { readonly names: string; readonly old_names: string },
): Promise<readonly string[]> {
  const found = await database.rows<{ course_id: string }>(`
    with changed as (
      select user_name
      from ${quoted(given.names)}.main.${NAME_MAP} as new
      full outer join ${quoted(given.old_names)}.main.${NAME_MAP} as old using (user_name)
      where new.user_id is distinct from old.user_id
    )
    select distinct course_id
    from ${quoted(given.names)}.main.${UNRESOLVED}
    semi join changed using (user_name)
  `)
  return found.map((row) => row.course_id)
}

/** Lists the names of a course's rows without an id, and what they resolve to now. */
export async function namesOfCourse(
  database: Database,
  given: { readonly names: string; readonly course_id: string },
): Promise<readonly (readonly [name: string, user_id: string | null])[]> {
  const found = await database.rows<{ user_name: string; user_id: bigint | null }>(
    `
      select user_name, user_id
      from ${quoted(given.names)}.main.${UNRESOLVED}
      left join ${quoted(given.names)}.main.${NAME_MAP} using (user_name)
      where course_id = ?
      order by user_name
    `,
    [given.course_id],
  )
  return found.map((row) => [row.user_name, row.user_id === null ? null : String(row.user_id)])
}
