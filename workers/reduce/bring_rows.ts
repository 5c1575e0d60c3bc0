// Tables of the catalogue are brought from what they say of a site to what is so now by the rows that differ, so that a
// catalogue of ten years is not written anew for one day.
import type { Table } from '../../contracts/table.ts'
import { literal, publishedColumns, quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'

/**
 * Makes some rows of a table of the catalogue (attached as `published`) those that `select` gives, in any order: all rows of a
 * site, or those of some of its courses.
 */
export async function bringRows(
  database: Database,
  given: {
    readonly table: Table
    readonly site: string
    readonly course_ids?: readonly string[]
    readonly select: string
  },
): Promise<void> {
  const columns = publishedColumns(given.table)
  const target = `published.main.${quoted(given.table.name)}`
  const courses = given.course_ids?.map(literal).join(', ')
  const brought = `site = ${literal(given.site)}${courses === undefined ? '' : ` and course_id in (${courses})`}`
  await database.run(`
    create or replace temp table now (${columns.map(([name, { type }]) => `${quoted(name)} ${type}`).join(', ')})
  `)
  await database.run(`insert into temp.main.now ${given.select}`)
  const line = `concat_ws(chr(31), ${columns.map(([name]) => `coalesce('=' || ${quoted(name)}::varchar, '-')`).join(', ')})`
  await database.run(`
    delete from ${target}
    where ${brought}
      and ${line} not in (select ${line} from temp.main.now)
  `)
  await database.run(`
    insert into ${target}
    select *
    from temp.main.now
    where ${line} not in (select ${line} from ${target} where ${brought})
    order by all
  `)
  await database.run('drop table temp.main.now')
}
