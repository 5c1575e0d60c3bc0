// Views that a course gets by its days, problems and questions: which there are, what they hold, and that the file which has
// them can be opened under any name.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EventRow } from '../../contracts/event.ts'
import { OUR_TABLES, VIEWS } from '../../contracts/registry.ts'
import { samcedPatterns } from '../../contracts/samced_views.ts'
import { literal } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'
import { declareTables } from '../../workers/reduce/derive.ts'
import { createSamcedViews } from '../../workers/reduce/samced_views.ts'
import { eventRow } from '../laws/event_row.ts'
import { mergeAtOnce, publishedRows } from '../laws/merged_files.ts'

type Given = Partial<EventRow> & { readonly time?: string }

const viewed = (user: number, kind: string, time: string, given: Given = {}): EventRow =>
  eventRow({ event_type: `page:${kind}`, actor_id: BigInt(user), time, ...given })

test('samced.page_activity_* have a column for every day, the first and empty ones too', async () => {
  const { published } = await mergeAtOnce([
    viewed(1, 'courseware', '2020-02-28T00:00:00Z'),
    viewed(1, 'courseware', '2020-02-28T23:59:59Z'),
    viewed(2, 'progress', '2020-02-29T12:00:00Z'),
    viewed(1, 'forum', '2020-03-01T12:00:00Z'),
    viewed(1, 'wiki', '2020-03-02T12:00:00Z'),
    viewed(1, 'info', '2020-03-09T12:00:00Z', { actor_id: null }),
    viewed(1, 'info', '2020-03-09T12:00:00Z', { event_source: 'browser' }),
  ])
  const days = { date_20200228: null, date_20200229: null, date_20200301: null, date_20200302: null }
  const course = { course_id: 'course-v1:ChalmersX+A1+2020' }
  assert.deepEqual(published.get('samced.page_activity_courseware'), [
    { ...course, user_id: 1n, ...days, date_20200228: 2n },
  ])
  assert.deepEqual(published.get('samced.page_activity_progress'), [
    { ...course, user_id: 2n, ...days, date_20200229: 1n },
  ])
  assert.deepEqual(published.get('samced.page_activity_discussion'), [
    { ...course, user_id: 1n, ...days, date_20200301: 1n },
  ])
  assert.deepEqual(published.get('samced.page_activity_info'), [])
})

const submitted = (user: number, block_id: string, second: number, given: Given = {}): EventRow =>
  eventRow({
    event_type: 'problem_check',
    family: 'problem',
    actor_id: BigInt(user),
    time_us: Date.UTC(2020, 2, 1, 0, 0, second) * 1000,
    block: block_id,
    block_id,
    ...given,
  })

test('samced.problem_<id> shows the latest submission of each learner, and samced.problem_index which is which', async () => {
  const { published } = await mergeAtOnce([
    submitted(1, 'quiz', 2, { attempt: 2n, grade: 0, max_grade: 1, success: false }),
    submitted(1, 'quiz', 1, { attempt: 1n, grade: 1, max_grade: 1, success: true }),
    submitted(2, 'quiz', 3, { attempt: null, grade: null, max_grade: null, success: null }),
    submitted(1, `Qu"i'z`, 4, { success: true }),
    submitted(1, 'activity', 5),
  ])
  const rows = (view: string) => (published.get(view) ?? []).map(({ course_id, ...row }) => row)
  assert.deepEqual(rows('samced.problem_index'), [
    { problem_id: `Qu"i'z`, view_name: 'problem_Quiz' },
    { problem_id: 'activity', view_name: 'problem_activity_2' },
    { problem_id: 'quiz', view_name: 'problem_quiz_2' },
  ])
  assert.deepEqual(rows('samced.problem_quiz_2'), [
    { user_id: 1n, attempts: 2n, grade: 0, max_grade: 1, success: 'incorrect', time: '2020-03-01 00:00:02' },
    { user_id: 2n, attempts: null, grade: null, max_grade: null, success: null, time: '2020-03-01 00:00:03' },
  ])
  assert.equal(rows('samced.problem_Quiz')[0]?.success, 'correct')
  assert.equal(rows('samced.problem_activity_2').length, 1)
})

test('samced.pre_survey_answers and post_survey_answers have a column for each question that was answered', async () => {
  const answered = (user: number, second: number, answers: unknown, display_name = 'Pre-course survey') =>
    submitted(user, 'survey', second, { display_name, payload: JSON.stringify({ answers }) })
  const events = [
    answered(1, 1, { survey_10_1: 'old', survey_2_1: 'He said "no"\r\nor what?' }),
    answered(1, 9, { survey_10_1: ['choice_1', 'choice_2'] }),
    answered(2, 2, { survey_2_1: null }),
    answered(3, 3, { survey_3_1: 'after' }, 'Post-survey'),
    answered(4, 4, { survey_4_1: 'graded' }, 'Exam'),
  ]
  const { published } = await mergeAtOnce(events)
  const rows = (view: string) => (published.get(view) ?? []).map(({ course_id, ...row }) => row)
  const pre = rows('samced.pre_survey_answers')
  assert.deepEqual(Object.keys(pre[0] ?? {}), ['user_id', 'time', 'problem_2_1', 'problem_10_1'])
  assert.deepEqual(pre, [
    {
      user_id: 1n,
      time: '2020-03-01 00:00:09',
      problem_2_1: `He said 'no'  or what?`,
      problem_10_1: 'choice_1,choice_2',
    },
    { user_id: 2n, time: '2020-03-01 00:00:02', problem_2_1: '', problem_10_1: null },
  ])
  assert.deepEqual(rows('samced.post_survey_answers'), [
    { user_id: 3n, time: '2020-03-01 00:00:03', problem_3_1: 'after' },
  ])
})

test('samced.pre_survey_answers takes numbers of questions of any length', async () => {
  const numbers = ['9'.repeat(60), '01', '1']
  const answers = Object.fromEntries(numbers.map((number) => [`survey_${number}_1`, 'yes']))
  const [row] = await publishedRows('samced.pre_survey_answers', [
    submitted(1, 'survey', 1, { display_name: 'Pre-course survey', payload: JSON.stringify({ answers }) }),
  ])
  const columns = Object.keys(row ?? {}).slice(3)
  assert.deepEqual(columns, ['problem_01_1', 'problem_1_1', `problem_${'9'.repeat(60)}_1`])
})

test('samced views of a course without days, problems and answers are there and empty', async () => {
  const { published } = await mergeAtOnce([eventRow({ event_type: 'page_close' })])
  for (const { name } of samcedPatterns())
    if (name !== 'problem_ID') assert.deepEqual(published.get(`samced.${name}`), [], name)
  assert.deepEqual(await publishedRows('samced.problem_ID', []), [])
})

test('views of schema samced have their declared types and comments, in a file that opens under any name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-samced-'))
  try {
    await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
    const path = literal(join(folder, 'course.duckdb'))
    await database.run(`attach ${path} as made`)
    await declareTables(database, 'made.main', OUR_TABLES)
    await database.run(`
      insert into made.main.page_view_day
      select 'c', 1, date '2020-01-01' + day::integer, 'info', null, 1, timestamp '2020-01-01', timestamp '2020-01-01'
      from range(400) as days(day);
      insert into made.main.problem_submission (course_id, user_id, problem_id, submission_no) values ('c', 1, 'ID', 1);
      insert into made.main.survey_answer (course_id, user_id, survey, question, answer)
      values ('c', 1, 'pre', 'problem_2_1', 'yes'), ('c', 1, 'post', 'problem_2_1', 'no');
    `)
    await createSamcedViews(database, 'made.main')
    await database.run(`detach made; attach ${path} as renamed (read_only)`)

    const [row] = await database.rows('from renamed.samced.page_activity_info')
    assert.equal(Object.keys(row ?? {}).length, 402)
    assert.equal(row?.date_20210203, 1n)
    for (const pattern of [...VIEWS, ...samcedPatterns()].filter(({ schema }) => schema === 'samced')) {
      const columns = await database.rows<{ name: string; type: string; doc: string | null }>(`
        select column_name as name, data_type as type, comment as doc
        from duckdb_columns()
        where database_name = 'renamed' and schema_name = 'samced' and table_name = '${pattern.name}'
        order by column_index
      `)
      const declared = Object.values(pattern.columns)
      assert.deepEqual(
        columns.slice(0, declared.length).map(({ type }) => type),
        declared.map(({ type }) => type),
        pattern.name,
      )
      assert.ok(columns.slice(0, declared.length).every(({ doc }) => doc !== null && doc !== ''))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
