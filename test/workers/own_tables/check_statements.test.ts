// Whether SQL gives what its header says, found out before a row is there, and told with the line of the file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultText, readOwnTable } from '../../../config/own_table_file.ts'
import { DECLARED } from '../../../contracts/registry.ts'
import { tableSet } from '../../../contracts/table_set.ts'
import { ownTableFaults } from '../../../workers/own_tables/check_statements.ts'

async function faultsOf(...files: readonly (readonly [name: string, header: string, sql: string])[]) {
  const own = files.map(([name, header, sql]) => {
    const text = `/*\nname: ${name}\ngrain: one row\ndoc: Rows.\n${header}\n*/\n${sql}\n`
    const read = readOwnTable(text, `${name}.sql`)
    if (read.kind === 'faulty') throw new Error(read.faults.map(faultText).join('; '))
    return read.table
  })
  const tables = tableSet(DECLARED, { own: own.map(({ declaration }) => declaration) })
  return (await ownTableFaults(own, tables)).map(faultText)
}

const STEPS =
  'kind: summed\nlearner: true\nkeys: { day: { type: DATE, doc: d } }\nmeasures: { steps: { type: BIGINT, merge: sum, doc: d } }'
const STEPS_SQL =
  'select course_id, actor_id as user_id, actor_name as user_name, time::date as day, 1 as steps\nfrom event'
const LAST = 'kind: summed\nmeasures: { last_type: { type: VARCHAR, merge: last, doc: d } }'
const KEPT =
  "kind: kept\nlearner: true\ncolumns: { time: { type: TIMESTAMP, doc: d }, no: { type: BIGINT, doc: d, computed: 'row_number() over (partition by course_id, user_id order by time)' } }"
const KEPT_SQL = 'select course_id, actor_id as user_id, actor_name as user_name, time\nfrom event'
const COLUMNS = 'columns: { course_id: { type: VARCHAR, doc: d }, learners: { type: BIGINT, doc: d } }'
const DERIVED_SQL = 'select course_id, count(distinct user_id) as learners\nfrom steps\ngroup by 1'

test('ownTableFaults() has nothing against tables of each kind that read each other', async () => {
  assert.deepEqual(
    await faultsOf(
      ['steps', STEPS, STEPS_SQL],
      [
        'last_seen',
        LAST,
        "select course_id, {'time': time, 'hash': hash, 'value': event_type} as last_type from event",
      ],
      ['moment', KEPT, KEPT_SQL],
      ['walkers', `kind: derived\nfrom: [steps]\n${COLUMNS}`, DERIVED_SQL],
      [
        'seen',
        `kind: view\nfrom: [walkers, learner]\n${COLUMNS}`,
        'select course_id, learners from walkers semi join learner using (course_id)',
      ],
    ),
    [],
  )
})

const wrong: readonly (readonly [what: string, sql: string, expected: readonly string[]])[] = [
  [
    'a column that is not there',
    STEPS_SQL.replace('time::date', 'tame::date'),
    ['"steps.sql" line 10: Referenced column "tame" not found in FROM clause!'],
  ],
  [
    'a column that is missing',
    STEPS_SQL.replace('time::date as day,', ''),
    ['"steps.sql": the SQL does not give the column "day"'],
  ],
  [
    'a column too many',
    STEPS_SQL.replace('as day,', 'as day, 2 as more,'),
    ['"steps.sql": the SQL gives the column "more", which the header does not name'],
  ],
  [
    'a column of another type',
    STEPS_SQL.replace('time::date', 'time'),
    ['"steps.sql": the SQL gives "day" as TIMESTAMP, and it must be DATE: cast it'],
  ],
  [
    'another relation',
    STEPS_SQL.replace('from event', 'from learner'),
    ['"steps.sql" line 11: it reads "learner", and may read event alone'],
  ],
  [
    'a clock',
    STEPS_SQL.replace('time::date', 'current_date'),
    ['"steps.sql" line 10: it reads current_date, which says something else each time'],
  ],
]
for (const [what, sql, expected] of wrong)
  test(`ownTableFaults() refuses ${what}`, async () =>
    assert.deepEqual(await faultsOf(['steps', STEPS, sql]), expected))

test('ownTableFaults() refuses the first or last value without its time, and a computed column that reads what is not there', async () => {
  const [last = ''] = await faultsOf(['last_seen', LAST, 'select course_id, event_type as last_type from event'])
  assert.match(
    last,
    /gives "last_type" as VARCHAR, and it must be STRUCT\(time TIMESTAMP, hash UBIGINT, value VARCHAR\): cast it/,
  )
  const [computed = ''] = await faultsOf(['moment', KEPT.replace('order by time', 'order by tame'), KEPT_SQL])
  assert.match(computed, /^"moment.sql": the computed column "no": Referenced column "tame"/)
  const [file = ''] = await faultsOf([
    'moment',
    KEPT.replace(
      'row_number() over (partition by course_id, user_id order by time)',
      "(select 1 from read_csv(''x''))",
    ),
    KEPT_SQL,
  ])
  assert.match(file, /^"moment.sql": the computed column "no": it may not read from read_csv\(\)/)
})

test('ownTableFaults() refuses a view that reads a hidden column, and a derived table whose source it does not name', async () => {
  const steps = ['steps', STEPS.replace('merge: sum, doc: d', 'merge: sum, doc: d, hidden: true'), STEPS_SQL] as const
  const view = `kind: view\nfrom: [steps]\n${COLUMNS}`
  const [hidden = ''] = await faultsOf(steps, [
    'seen',
    view,
    'select course_id, sum(steps) as learners\nfrom steps group by 1',
  ])
  assert.match(hidden, /^"seen.sql" line 9: No function matches/)
  const [unnamed = ''] = await faultsOf(steps, ['walkers', `kind: derived\nfrom: [learner]\n${COLUMNS}`, DERIVED_SQL])
  assert.equal(unnamed, '"walkers.sql" line 10: it reads "steps", and may read learner alone')
})
