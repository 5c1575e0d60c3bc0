// A learner whom the log names without an id takes the id that the name has anywhere on the site, also when that is
// learned later from another course (docs/rules.md, People). So a merge of one course's days can change other courses: here
// the names of a site are resolved, and the courses found whose rows they change.
import type { Database } from '../../runtime/duckdb.ts'

/** Relation in the site's rows file: user_name, user_id; each known name once. */
export const NAME_MAP = 'name_map'

/** Makes the name map from the site's names: the smallest id of each. */
export async function resolveNames(database: Database, site: string): Promise<void> {
  await database.run(`
    create table "${site}".main.${NAME_MAP} as
    select user_name, min(user_id) as user_id
    from "${site}".main.site_name
    where user_name is not null and user_id is not null
    group by user_name
    order by user_name
  `)
}

/** Finds the courses with a name that resolves otherwise than before. */
export async function coursesWithChangedNames(
  database: Database,
  given: { readonly site: string; readonly old_site: string },
): Promise<readonly string[]> {
  const found = await database.rows<{ course_id: string }>(`
    with changed as (
      select user_name
      from "${given.site}".main.${NAME_MAP} as new
      full outer join "${given.old_site}".main.${NAME_MAP} as old using (user_name)
      where new.user_id is distinct from old.user_id
    )
    select distinct course_id
    from "${given.site}".main.unresolved_name
    semi join changed using (user_name)
  `)
  return found.map((row) => row.course_id)
}

/** Lists the names of a course's rows without an id, and what they resolve to now. */
export async function namesOfCourse(
  database: Database,
  given: { readonly site: string; readonly course_id: string },
): Promise<readonly (readonly [name: string, user_id: string | null])[]> {
  const found = await database.rows<{ user_name: string; user_id: bigint | null }>(
    `
      select distinct user_name, user_id
      from "${given.site}".main.unresolved_name
      left join "${given.site}".main.${NAME_MAP} using (user_name)
      where course_id = ?
      order by user_name
    `,
    [given.course_id],
  )
  return found.map((row) => [row.user_name, row.user_id === null ? null : String(row.user_id)])
}
