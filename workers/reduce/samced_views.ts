// Views that depend on a course's days, problems and questions are made when its database is built; without them scripts for
// the ChalmersX toolkit would find half of its tables.
import { type SamcedFacts, samcedViews } from '../../contracts/samced_views.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { createViews } from './create_view.ts'

/** Makes the views that a course gets by its content beside its tables, which are there already. */
export async function createSamcedViews(database: Database, tables_schema: string): Promise<void> {
  await createViews(database, samcedViews(await factsOf(database, tables_schema)), tables_schema)
}

async function factsOf(database: Database, tables_schema: string): Promise<SamcedFacts> {
  const texts = async (sql: string): Promise<readonly string[]> =>
    (await database.rows<{ text: string }>(sql)).map(({ text }) => text)
  const questionsOf = (survey: string) =>
    texts(`
      select distinct question as text
      from ${tables_schema}.survey_answer
      where survey = '${survey}'
      order by [try_cast(part as hugeint) for part in string_split(question, '_')[2:]], question
    `)
  return {
    page_days: await texts(`
      select unnest(generate_series(min(day), max(day), interval 1 day))::date::varchar as text
      from ${tables_schema}.page_view_day
      order by text
    `),
    problem_ids: await texts(`
      select distinct problem_id as text
      from ${tables_schema}.problem_submission
      order by text
    `),
    questions: { pre: await questionsOf('pre'), post: await questionsOf('post') },
  }
}
