// Tables that an analyst declares are computed, merged and documented like ours; and a change of one computes again exactly
// what hangs on it.
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { literal } from '../../contracts/table_sql.ts'
import { openDatabase } from '../../runtime/duckdb.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { Project } from '../fixtures/a_project.ts'

const VISITS = `/*
name: visit_hour
kind: summed
grain: one learner and hour
doc: Events by hour of the day.
learner: true
keys:
  hour: { type: BIGINT, doc: 'Hour of the day, UTC' }
measures:
  events: { type: BIGINT, merge: sum, doc: Events }
  last_type: { type: VARCHAR, merge: last, doc: Type of the last event }
*/
select
  course_id,
  actor_id as user_id,
  actor_name as user_name,
  hour(time) as hour,
  1 as events,
  {'time': time, 'hash': hash, 'value': event_type} as last_type
from event
where actor_id is not null or actor_name is not null
`
const OWLS = `/*
name: owl
kind: derived
grain: one learner
doc: Learners who come at night.
from: [visit_hour, learner]
columns:
  course_id: { type: VARCHAR, doc: Course }
  user_id: { type: BIGINT, doc: The learner }
  night_events: { type: BIGINT, doc: Events from 22 to 6 o’clock }
*/
select course_id, user_id, coalesce(sum(visit_hour.events) filter (hour >= 22 or hour < 6), 0) as night_events
from learner
join visit_hour using (course_id, user_id)
group by all
`

let made: TestPackage
before(async () => {
  made = await aPackage({ days: 3 })
})
after(() => made?.[Symbol.asyncDispose]())

/** Asks all course databases of a project together. */
async function ask(project: Project, sql: string): Promise<readonly Record<string, unknown>[]> {
  const stored = await project.stored('results')
  const keys = stored.map((line) => line.split(' ')[0] ?? '').filter((key) => key.endsWith('/course.duckdb'))
  assert.ok(keys.length > 1)
  const rows: Record<string, unknown>[] = []
  for (const key of keys) {
    await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
    await database.run(`attach ${literal(join(project.folder, 'results', key))} as course (read_only)`)
    await database.run('use course')
    rows.push(...(await database.rows(sql)))
  }
  return rows
}

test('own tables are computed, merged, derived and documented; a change computes what hangs on it, and one that goes is gone', async () => {
  await using project = await Project.make({ ...made, settings: { tables: './tables' } })
  const folder = join(project.folder, 'tables')
  await mkdir(folder)
  const put = async (name: string, text: string) => await writeFile(join(folder, name), text)
  await put('visit_hour.sql', VISITS)
  await put('owl.sql', OWLS)

  const all = await project.run()
  assert.ok(all.length > 1)
  const differing = `
    select user_id
    from (select user_id, sum(events) as n from visit_hour group by 1) as own
    full join (select user_id, sum(n) as n from learner_event_day group by 1) as ours using (user_id)
    where own.n is distinct from ours.n`
  assert.deepEqual(await ask(project, differing), [])
  const comments = await ask(
    project,
    `select comment from duckdb_columns() where table_name = 'owl' and column_name = 'night_events'
     union all select comment from duckdb_tables() where table_name = 'owl'`,
  )
  assert.deepEqual(
    [...new Set(comments.map(({ comment }) => comment))].sort(),
    ['Events from 22 to 6 o’clock', 'Learners who come at night. One row: one learner.'].sort(),
  )

  await put('owl.sql', OWLS.replace('hour >= 22 or hour < 6', 'true'))
  const plan = await project.plan()
  assert.deepEqual([plan.work, plan.why], [true, {}], 'a derived table computes no day')
  assert.deepEqual(await project.run(), [])
  assert.deepEqual(
    await ask(
      project,
      'from owl anti join (select user_id, sum(events) as night_events from visit_hour group by 1) using (user_id, night_events)',
    ),
    [],
  )

  await put('visit_hour.sql', VISITS.replace('1 as events', '2 as events'))
  const changed = await project.plan()
  assert.deepEqual(Object.keys(changed.why).sort(), all, 'a table of events computes every day')
  assert.deepEqual([...new Set(Object.values(changed.why))], ['rules changed'])
  assert.deepEqual(await project.run(), all)
  assert.deepEqual(await ask(project, 'from visit_hour where events % 2 <> 0'), [])

  await put('owl.sql', OWLS.replace('from learner', "from read_csv('x')"))
  const refused = await project.millrace('plan')
  assert.equal(refused.code, 64)
  assert.match(refused.stderr, /owl.sql" line 13: it may not read from read_csv\(\)/)

  await rm(folder, { recursive: true })
  await mkdir(folder)
  await project.run()
  assert.deepEqual(await ask(project, `select 1 from duckdb_tables() where table_name in ('owl', 'visit_hour')`), [])
  assert.ok((await ask(project, 'select 1 from learner')).length > 0)
  assert.deepEqual((await project.plan()).work, false)
})
