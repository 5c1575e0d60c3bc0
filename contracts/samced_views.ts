// Some tables of the ChalmersX toolkit have a column for each day or question of a course, or are one table for each problem.
// No declaration can name them before the course is known: here they are declared as what follows from a few facts of it.
import { samcedNames } from './samced_names.ts'
import type { Column, View } from './table.ts'
import { literal } from './table_sql.ts'

/** What of a course decides which views it gets, and with which columns. */

export interface SamcedFacts {
  /** All days from the first to the last with a page view, in order, as `YYYY-MM-DD`. */
  readonly page_days: readonly string[]
  /** Problems with a submission, in order. */
  readonly problem_ids: readonly string[]
  /** Questions that somebody answered, in order, by survey. */
  readonly questions: { readonly pre: readonly string[]; readonly post: readonly string[] }
}

/** Makes the views of schema `samced` that a course gets by its content. */
export function samcedViews({ page_days, problem_ids, questions }: SamcedFacts): readonly View[] {
  const names = samcedNames(problem_ids)
  return [
    ...PAGES.map((page) => pageActivity(page, page_days)),
    surveyAnswers('pre', questions.pre),
    surveyAnswers('post', questions.post),
    problemIndex(names),
    ...[...names].map(([problem_id, name]) => problemLatest(name, problem_id)),
  ]
}

/** Gives the same views with placeholders for what the course decides: for documentation, and to tell when they change. */
export const samcedPatterns = (): readonly View[] =>
  samcedViews({
    page_days: ['YYYY-MM-DD'],
    problem_ids: ['ID'],
    questions: { pre: ['problem_N_M'], post: ['problem_N_M'] },
  })

const samced = (told: Pick<View, 'name' | 'grain' | 'doc' | 'from' | 'columns' | 'sql'>): View => ({
  ...told,
  kind: 'view',
  schema: 'samced',
  published: true,
})

const COURSE_ID: Column = { type: 'VARCHAR', doc: 'Course id as logged, case kept' }
const USER_ID: Column = { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' }

interface Page {
  readonly name: string
  readonly page_kind: string
  readonly pages: string
}

const PAGES: readonly Page[] = [
  {
    name: 'progress',
    page_kind: 'progress',
    pages: 'the progress page, also those of other learners that staff look at',
  },
  { name: 'info', page_kind: 'info', pages: 'the page with news and handouts' },
  { name: 'courseware', page_kind: 'courseware', pages: 'courseware, chapters and sections included' },
  {
    name: 'discussion',
    page_kind: 'forum',
    pages: 'the forum, threads and the requests that its pages make by themselves included',
  },
]

function pageActivity({ name, page_kind, pages }: Page, days: readonly string[]): View {
  const columns = days.map((day): [string, Column] => [
    `date_${day.replaceAll('-', '')}`,
    { type: 'BIGINT', doc: `Page views on ${day}, UTC; NULL without one, as in the toolkit` },
  ])
  const viewed = `
    select
      course_id,
      user_id,
      'date_' || strftime(day, '%Y%m%d') as date_column,
      sum(n)::bigint as n
    from page_view_day
    where page_kind = ${literal(page_kind)}
    group by all`
  return samced({
    name: `page_activity_${name}`,
    grain: 'one learner with at least one such page view',
    doc: `Views of ${pages}, by learner and day, as the ChalmersX toolkit shows them: a column \`date_YYYYMMDD\` for each UTC day from the first to the last with a page view of the course. The toolkit counts addresses that end in its word alone and loses the first day; here a slash at the end, a query and pages below count too.`,
    from: ['page_view_day'],
    columns: { course_id: COURSE_ID, user_id: USER_ID, ...Object.fromEntries(columns) },
    sql: pivoted(viewed, { on: 'date_column', names: columns.map(([column]) => column), using: 'max(n)' }),
  })
}

function surveyAnswers(survey: 'pre' | 'post', questions: readonly string[]): View {
  const columns = questions.map((question): [string, Column] => [
    question,
    { type: 'VARCHAR', doc: `Newest answer to the question \`${question}\`; NULL without one` },
  ])
  const answered = `
    select
      course_id,
      user_id,
      question,
      -- the toolkit's table had to stand in unquoted CSV
      replace(replace(replace(answer, '"', ''''), chr(13), ' '), chr(10), ' ') as answer,
      max(time) over (partition by course_id, user_id) as time
    from survey_answer
    where survey = ${literal(survey)}`
  return samced({
    name: `${survey}_survey_answers`,
    grain: 'one learner who answered',
    doc: `Answers to the survey ${survey === 'pre' ? 'before' : 'after'} the course by learner, as the ChalmersX toolkit shows them, with a column \`problem_N_M\` for each question that somebody answered: quotes become apostrophes and line ends blanks. \`survey_answer\` has them as they were given, with a time each.`,
    from: ['survey_answer'],
    columns: {
      course_id: COURSE_ID,
      user_id: USER_ID,
      time: { type: 'TIMESTAMP', doc: 'Time of the learner’s newest answer, UTC; others may be older' },
      ...Object.fromEntries(columns),
    },
    sql: pivoted(answered, { on: 'question', names: questions, using: 'max(answer)' }),
  })
}

/** Turns the values of one column into columns; without values what groups them is left. */
function pivoted(
  rows: string,
  { on, names, using }: { readonly on: string; readonly names: readonly string[]; readonly using: string },
): string {
  const others = `* exclude (${on}, ${using.replace(/^max\((.*)\)$/, '$1')})`
  if (names.length === 0) return `select distinct ${others} from (${rows})`
  // A filter for each of some thousand days takes minutes; a pivot takes a second.
  return `from (pivot (${rows}) on ${on} in (${names.map(literal).join(', ')}) using ${using})`
}

function problemIndex(names: ReadonlyMap<string, string>): View {
  const rows = [...names].map((row) => `(${row.map(literal).join(', ')})`)
  return samced({
    name: 'problem_index',
    grain: 'one problem with a submission',
    doc: 'Which view of this schema shows which problem, because the names of views are shorter than the ids of problems. `problem` tells more of each problem.',
    from: ['problem_submission'],
    columns: {
      course_id: COURSE_ID,
      problem_id: { type: 'VARCHAR', doc: 'Last component of the problem’s usage key' },
      view_name: {
        type: 'VARCHAR',
        doc: 'Name of the view: `problem_` and the id without what is no letter, digit or underscore, and a number where several problems would share it',
      },
    },
    sql: `
      select distinct
        course_id,
        problem_id,
        view_name
      from problem_submission
      join (values ${rows.length === 0 ? '(null, null)' : rows.join(', ')}) as named(problem_id, view_name) using (problem_id)`,
  })
}

function problemLatest(name: string, problem_id: string): View {
  return samced({
    name,
    grain: 'one learner who submitted an answer',
    doc: `The latest graded submission of each learner to the problem \`${problem_id}\`, as the ChalmersX toolkit shows it: the latest, not the best.`,
    from: ['problem_submission'],
    columns: {
      course_id: COURSE_ID,
      user_id: USER_ID,
      attempts: { type: 'BIGINT', doc: 'Number of the attempt as edX counted it; NULL when not logged' },
      grade: { type: 'DOUBLE', doc: 'Points given; NULL when not logged' },
      max_grade: { type: 'DOUBLE', doc: 'Points that could be had; NULL when not logged' },
      success: { type: 'VARCHAR', doc: '`correct` or `incorrect`; NULL when not logged' },
      time: { type: 'TIMESTAMP', doc: 'Time of the submission, UTC' },
    },
    sql: `
      select
        course_id,
        user_id,
        attempt as attempts,
        grade,
        max_grade,
        case when success then 'correct' when not success then 'incorrect' end as success,
        time
      from problem_submission
      where problem_id = ${literal(problem_id)}
      qualify row_number() over (partition by course_id, user_id order by submission_no desc) = 1`,
  })
}
