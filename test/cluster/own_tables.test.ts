// Tables that an analyst declares, of each kind, are computed, merged, documented and exported like ours; and a change of one
// computes again exactly what hangs on it. The tests are the life of one project: each goes on where the one before ended.
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
const MOMENTS = `/*
name: browser_moment
kind: kept
grain: one event of a browser
doc: Events of browsers, numbered in their order.
learner: true
columns:
  time: { type: TIMESTAMP, doc: 'Time of the event, UTC' }
  hash: { type: UBIGINT, doc: Orders events of equal time, hidden: true }
  kind: { type: VARCHAR, doc: Type of the event }
  moment_no:
    type: BIGINT
    doc: Number of the event, over all days
    computed: row_number() over (partition by course_id, user_id order by time, hash)
*/
select
  course_id,
  actor_id as user_id,
  actor_name as user_name,
  time,
  hash,
  event_type as kind
from event
where event_source = 'browser' and (actor_id is not null or actor_name is not null)
`
const DOORS = `/*
name: front_door
kind: view
grain: one learner with an event of a browser
doc: How learners came in.
from: [browser_moment, learner]
keys: [course_id, user_id]
columns:
  course_id: { type: VARCHAR, doc: Course }
  user_id: { type: BIGINT, doc: The learner }
  username: { type: VARCHAR, doc: Latest name }
  came_in: { type: TIMESTAMP, doc: First event of a browser }
*/
select course_id, user_id, username, time as came_in
from browser_moment
join learner using (course_id, user_id)
where moment_no = 1
`
const FILES = { visit_hour: VISITS, owl: OWLS, browser_moment: MOMENTS, front_door: DOORS }

let made: TestPackage
let project: Project
let folder = ''
/** All days, as the first run computed them. */
let all: readonly string[] = []
before(async () => {
  made = await aPackage({ days: 3 })
  project = await Project.make({ ...made, settings: { tables: './tables' } })
  folder = join(project.folder, 'tables')
  await mkdir(folder)
  for (const [name, text] of Object.entries(FILES)) await put(name, text)
  all = await project.run()
  assert.ok(all.length > 1)
})
after(async () => {
  await project?.[Symbol.asyncDispose]()
  await made?.[Symbol.asyncDispose]()
})

const put = (name: string, text: string): Promise<void> => writeFile(join(folder, `${name}.sql`), text)

/** Asks all course databases of the project together. */
async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
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

/** Learners for whom the kept table has other events, or other numbers of them, than those of `source`. */
const otherMoments = (source: string): string => `
  select user_id
  from (select user_id, count(*) as n, count(distinct moment_no) as numbers, max(moment_no) as last_no from browser_moment group by 1) as own
  full join (select user_id, sum(n) as n from learner_event_day where event_source = '${source}' group by 1) as ours using (user_id)
  where own.n is distinct from ours.n or own.n <> numbers or own.n <> last_no`

/** Learners whose row of the view is another than the \`no\`th event of \`source\` makes it. */
const otherDoors = (no: number): string => `
  with meant as (
    select user_id, time as came_in
    from browser_moment
    qualify row_number() over (partition by user_id order by moment_no) = ${no}
  )
  (select user_id, came_in from front_door except from meant)
  union all
  (from meant except select user_id, came_in from front_door)`

test('own tables of each kind are computed, merged and documented', async () => {
  const differing = `
    select user_id
    from (select user_id, sum(events) as n from visit_hour group by 1) as own
    full join (select user_id, sum(n) as n from learner_event_day group by 1) as ours using (user_id)
    where own.n is distinct from ours.n`
  assert.deepEqual(await ask(differing), [])
  assert.deepEqual(await ask(otherMoments('browser')), [])
  const came_in = `
    select user_id
    from (select user_id, username, came_in from front_door) as own
    full join (
      select user_id, username, min(first_time) as came_in
      from learner_event_day
      join learner using (course_id, user_id)
      where event_source = 'browser'
      group by all
    ) as ours using (user_id)
    where own.came_in is distinct from ours.came_in or own.username is distinct from ours.username`
  assert.deepEqual(await ask(came_in), [])
  assert.ok((await ask('from front_door')).length > 1)
  const comments = await ask(
    `select comment from duckdb_columns() where table_name in ('owl', 'front_door') and column_name in ('night_events', 'came_in')
     union all select comment from duckdb_tables() where table_name in ('owl', 'browser_moment')
     union all select comment from duckdb_views() where view_name = 'front_door'
     union all select column_name from duckdb_columns() where table_name = 'browser_moment'`,
  )
  assert.deepEqual(
    [...new Set(comments.map(({ comment }) => comment))].sort(),
    [
      ...['Events from 22 to 6 o’clock', 'First event of a browser'],
      'Learners who come at night. One row: one learner.',
      'Events of browsers, numbered in their order. One row: one event of a browser.',
      'How learners came in. One row: one learner with an event of a browser.',
      ...['course_id', 'user_id', 'time', 'kind', 'moment_no'],
    ].sort(),
  )
})

test('own tables and views are exported like ours', async () => {
  const tables = Object.keys(FILES)
  const { code, stderr } = await project.millrace('export', '--all', '--to', 'out', '--tables', tables.join(','))
  assert.equal(code, 0, stderr)
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
  for (const table of tables) {
    const files = literal(join(project.folder, 'out', '*', '*', `${table}.csv`))
    const exported = await database.rows(`select * from read_csv(${files}, all_varchar = true)`)
    assert.equal(exported.length, (await ask(`from ${table}`)).length, table)
  }
  const doors = await database.rows(`
    select course_id, user_id::bigint as user_id, came_in::timestamp as came_in
    from read_csv(${literal(join(project.folder, 'out', '*', '*', 'front_door.csv'))}, all_varchar = true)
    order by all`)
  const asked = await ask('select course_id, user_id, came_in from front_door')
  const spelled = (rows: readonly object[]) => rows.map((row) => Object.values(row).map(String).join(' ')).sort()
  assert.deepEqual(spelled(doors), spelled(asked))
})

test('a derived table or a view that changes computes no day', async () => {
  await put('front_door', DOORS.replace('moment_no = 1', 'moment_no = 2'))
  const viewed = await project.plan()
  assert.deepEqual([viewed.work, viewed.why], [true, {}], 'a view computes no day')
  await put('owl', OWLS.replace('hour >= 22 or hour < 6', 'true'))
  const derived = await project.plan()
  assert.deepEqual([derived.work, derived.why], [true, {}], 'a derived table computes no day')
  assert.deepEqual(await project.run(), [])
  assert.deepEqual(
    await ask(
      'from owl anti join (select user_id, sum(events) as night_events from visit_hour group by 1) using (user_id, night_events)',
    ),
    [],
  )
  assert.deepEqual(await ask(otherDoors(2)), [])
})

test('a table of events that changes computes every day, summed or kept', async () => {
  const visits = VISITS.replace('1 as events', '2 as events')
  const moments = MOMENTS.replace("event_source = 'browser'", "event_source = 'server'")
  for (const [name, before, changed] of [
    ['visit_hour', VISITS, visits],
    ['browser_moment', MOMENTS, moments],
  ] as const) {
    await put(name, changed)
    const { why } = await project.plan()
    assert.deepEqual(Object.keys(why).sort(), all, name)
    assert.deepEqual([...new Set(Object.values(why))], ['rules changed'])
    await put(name, before)
    assert.equal((await project.plan()).work, false, 'what is as before is done')
  }
  await put('visit_hour', visits)
  await put('browser_moment', moments)
  assert.deepEqual(await project.run(), all)
  assert.deepEqual(await ask('from visit_hour where events % 2 <> 0'), [])
  assert.deepEqual(await ask(otherMoments('server')), [])
  assert.deepEqual(await ask(otherDoors(2)), [])
})

test('SQL that may not run is refused, and a table that goes is gone', async () => {
  await put('owl', OWLS.replace('from learner', "from read_csv('x')"))
  const refused = await project.millrace('plan')
  assert.equal(refused.code, 64)
  assert.match(refused.stderr, /owl.sql" line 13: it may not read from read_csv\(\)/)

  await rm(folder, { recursive: true })
  await mkdir(folder)
  await project.run()
  const names = Object.keys(FILES).map(literal).join(', ')
  assert.deepEqual(await ask(`select 1 from duckdb_tables() where table_name in (${names})`), [])
  assert.deepEqual(await ask(`select 1 from duckdb_views() where view_name in (${names})`), [])
  assert.ok((await ask('select 1 from learner')).length > 0)
  assert.deepEqual((await project.plan()).work, false)
})
