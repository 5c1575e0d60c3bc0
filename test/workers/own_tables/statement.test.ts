// What an analyst's SQL may do where learners' data is: read what it says it reads, and nothing else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Database, openDatabase } from '../../../runtime/duckdb.ts'
import { expressionFaults, statementFaults } from '../../../workers/own_tables/statement.ts'

let database: Database
before(async () => {
  database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 128 })
})
after(() => database?.[Symbol.asyncDispose]())

const EVENT = { relations: ['event'], payload: false }
const faultsOf = async (sql: string, reads = EVENT): Promise<readonly string[]> =>
  (await statementFaults(database, sql, reads)).map(({ message }) => message)

const allowed: readonly string[] = [
  'select course_id, count(*) as n from event group by 1',
  'with known as (select * from event) select row_number() over (order by time, hash) from known',
  'with recursive one as (select 1 as n union all select n + 1 from one where n < 5) select * from one, event',
  'select unnest(list_transform([1, 2], x -> x + 1)) from event, range(3)',
  'select EVENT.time from Event',
  'table event',
]
for (const sql of allowed)
  test(`statementFaults() has nothing against: ${sql}`, async () => assert.deepEqual(await faultsOf(sql), []))

const refused: readonly (readonly [sql: string, expected: RegExp])[] = [
  ["copy event to 'x.csv'", /one select, and nothing that changes/],
  ["attach 'x.duckdb'", /one select, and nothing that changes/],
  ['create table x as select 1', /one select, and nothing that changes/],
  ['select 1; drop table event', /one select, and nothing that changes/],
  ['select 1; select 2', /one select, and it is 2 statements/],
  ['', /one select, and it is 0 statements/],
  ['select 1 from event) as x; select (1', /syntax error/],
  ["from '/etc/passwd.csv'", /reads "\/etc\/passwd.csv", and may read event alone/],
  [`with "/etc/x.csv" as (select 1) select * from event, '/etc/x.csv'`, /no name for a part/],
  ["select * from event, read_csv('/etc/passwd')", /may not read from read_csv\(\)/],
  ["select time from event where exists (from read_text('x'))", /may not read from read_text\(\)/],
  ["select 1 from event limit (select count(*) from glob('*'))", /may not read from glob\(\)/],
  ["select * from query('from event')", /may not read from query\(\)/],
  ['select * from learner', /reads "learner", and may read event alone/],
  ['select * from main.event', /reads "event"/],
  ['select * from information_schema.tables', /reads "tables"/],
  ['from (describe event)', /may not describe/],
  ['from (summarize event)', /may not describe/],
  ['select now() from event', /calls now\(\), which says something else/],
  ['select current_date from event', /reads current_date, which says something else/],
  ['select 1 from event order by random()', /calls random\(\)/],
  ['select system.main.random() from event', /calls random\(\)/],
  ["select getenv('HOME') from event", /calls getenv\(\)/],
  ['select 1 from event using sample 10', /takes a sample/],
  ['select 1 from event where time > ?', /has a parameter/],
  ["select e.payload ->> '$.a' from event as e", /payload: true/],
]
for (const [sql, expected] of refused)
  test(`statementFaults() refuses: ${sql}`, async () => {
    const [first = ''] = await faultsOf(sql)
    assert.match(first, expected)
  })

test('statementFaults() lets SQL read the payload that its header asks for, and what it names', async () => {
  assert.deepEqual(await faultsOf("select payload ->> '$.a' from event", { relations: ['event'], payload: true }), [])
  const reads = { relations: ['learner', 'person_course'], payload: false }
  assert.deepEqual(await faultsOf('select payload from learner join person_course using (user_id)', reads), [])
})

test('statementFaults() tells where in the text a fault stands', async () => {
  const [fault] = await statementFaults(database, 'select *\nfrom learner', EVENT)
  assert.equal(fault?.offset, 'select *\nfrom '.length)
})

test('expressionFaults() takes an expression over a row and nothing around it', async () => {
  assert.deepEqual(await expressionFaults(database, 'row_number() over (partition by user_id order by time, hash)'), [])
  for (const expression of ['1 from x', '1), (select 1', '1 union select 2', '1, 2', '1 where true', '1; select 2', ''])
    assert.notDeepEqual(await expressionFaults(database, expression), [], expression)
  for (const expression of ['now()', "(select 1 from read_csv('x'))", '(select 1 from learner)'])
    assert.notDeepEqual(await expressionFaults(database, expression), [], expression)
})
