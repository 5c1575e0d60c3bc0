// What an analyst may write above SQL, and what they hear when it is wrong: the file, the line, and what was meant.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadConfig } from '../../config/load.ts'
import { faultText, readOwnTable } from '../../config/own_table_file.ts'
import { MillraceError } from '../../contracts/errors.ts'

const SUMMED = `/*
name: steps
kind: summed
grain: one learner and UTC day
doc: Steps through sequences.
learner: true
types: [seq_next, seq_prev]
keys:
  day: { type: DATE, doc: UTC day }
measures:
  steps: { type: BIGINT, merge: sum, doc: Steps }
*/

select course_id, actor_id as user_id, actor_name as user_name, time::date as day, 1 as steps
from event;
`
const DERIVED = `/*
name: walker
kind: derived
grain: one learner
doc: Learners who walk.
from: [steps]
keys: [user_id]
columns:
  course_id: { type: VARCHAR, doc: Course }
  user_id: { type: BIGINT, doc: Learner }
*/
select course_id, user_id from steps group by all
`

const faultsOf = (text: string, path = 'steps.sql'): readonly string[] => {
  const read = readOwnTable(text, path)
  return read.kind === 'table' ? [] : read.faults.map(faultText)
}

test('readOwnTable() makes the declaration that a header stands for, and knows where its SQL begins', () => {
  const read = readOwnTable(SUMMED, 'tables/steps.sql')
  assert.ok(read.kind === 'table')
  const { declaration, sql, sql_line, keys } = read.table
  const { sql: _, ...rest } = declaration
  assert.deepEqual(rest, {
    name: 'steps',
    kind: 'summed',
    scope: 'course',
    learner: true,
    published: true,
    types: ['seq_next', 'seq_prev'],
    grain: 'one learner and UTC day',
    doc: 'Steps through sequences.',
    keys: { day: { type: 'DATE', doc: 'UTC day' } },
    measures: { steps: { type: 'BIGINT', merge: 'sum', doc: 'Steps' } },
  })
  assert.match(sql, /^select [\s\S]*from event\n$/)
  assert.deepEqual([sql_line, keys], [14, null])
  const derived = readOwnTable(DERIVED, 'walker.sql')
  assert.ok(derived.kind === 'table')
  assert.deepEqual(derived.table.keys, ['user_id'])
})

const changed = (from: string, to: string): string => {
  assert.ok(SUMMED.includes(from), from)
  return SUMMED.replace(from, to)
}

const wrong: readonly (readonly [what: string, text: string, expected: readonly string[]])[] = [
  ['no header', 'select 1', ['"steps.sql" line 1: expected a comment /* … */ with the header before the SQL']],
  [
    'a header that is no YAML',
    changed('learner: true', 'learner: true\nlearner: false'),
    ['"steps.sql" line 7: Map keys must be unique; this one stands twice'],
  ],
  [
    'an unknown kind',
    changed('summed', 'sum'),
    ['"steps.sql" line 1: "kind" is "sum"; expected one of summed, kept, derived, view'],
  ],
  [
    'no kind',
    changed('kind: summed\n', ''),
    ['"steps.sql" line 1: "kind" is missing; expected one of summed, kept, derived, view'],
  ],
  [
    'several wrong keys',
    changed('grain', 'grian').replace('DATE', 'DAY').replace('merge: sum', 'merge: avg'),
    [
      '"steps.sql": "grain" is missing; expected a text',
      '"steps.sql" line 4: unknown key "grian"; did you mean "grain"?',
      '"steps.sql" line 9: "keys.day.type" is "DAY"; expected one of VARCHAR, BIGINT, UBIGINT, HUGEINT, INTEGER, DOUBLE, BOOLEAN, DATE, TIMESTAMP',
      '"steps.sql" line 11: "measures.steps.merge" is "avg"; expected one of sum, min, max, first, last',
    ],
  ],
  [
    'a sum of fractions',
    changed('BIGINT', 'DOUBLE'),
    [
      '"steps.sql" line 11: "measures.steps.type" is "DOUBLE"; expected BIGINT where rows are summed: sums of fractions depend on their order, so count in whole units',
    ],
  ],
  [
    'a column in capitals, and one that is there anyway',
    changed('  day:', '  Day: { type: DATE, doc: d }\n  user_id:'),
    [
      '"steps.sql" line 9: "keys.Day": expected a name of lower-case letters, digits and _, a letter first',
      '"steps.sql" line 10: "keys.user_id": expected another name: rows of events have this column by themselves',
    ],
  ],
  [
    'no measure',
    changed('measures:\n  steps: { type: BIGINT, merge: sum, doc: Steps }', 'measures: {}'),
    ['"steps.sql" line 10: "measures": expected at least one'],
  ],
  ['no SQL', SUMMED.slice(0, SUMMED.indexOf('select')), ['"steps.sql": there is no SQL below the header']],
  [
    'a name of the program’s',
    changed('name: steps', 'name: event'),
    ['"steps.sql" line 2: "name" is "event"; expected a name that is not one of Millrace’s own'],
  ],
]
for (const [what, text, expected] of wrong)
  test(`readOwnTable() refuses ${what}`, () => {
    assert.deepEqual([...faultsOf(text)].sort(), [...expected].sort())
  })

test('readOwnTable() refuses a file that is named otherwise than its table, and keys that are no columns', () => {
  assert.deepEqual(faultsOf(SUMMED, 'other.sql'), [
    '"other.sql" line 1: the table is named "steps", so its file must be steps.sql',
  ])
  assert.deepEqual(faultsOf(DERIVED.replace('[user_id]', '[who]'), 'walker.sql'), [
    '"walker.sql" line 1: the key "who" is no column',
  ])
})

test('readOwnTable() answers any text with a table or with faults', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `/*${text}*/select 1`),
        fc.string().map((text) => SUMMED.replace('doc', text)),
      ),
      (text) => {
        const read = readOwnTable(text, 'steps.sql')
        assert.ok(read.kind === 'table' || read.faults.length > 0)
      },
    ),
    { numRuns: 200 },
  )
})

async function withFiles(
  files: Readonly<Record<string, string>>,
  body: (config: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-own-'))
  try {
    await mkdir(join(folder, 'tables'))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'tables', name), text)
    const path = join(folder, 'millrace.yaml')
    await writeFile(path, 'organisation: x\nsource: ./events\nresults: ./results\ntables: ./tables\n')
    await body(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('loadConfig() has the own tables of a folder among all tables', async () => {
  await withFiles({ 'steps.sql': SUMMED, 'walker.sql': DERIVED, 'notes.txt': 'no table' }, async (path) => {
    const { tables, own } = await loadConfig(path)
    assert.deepEqual(
      own.map(({ declaration }) => declaration.name),
      ['steps', 'walker'],
    )
    assert.ok(tables.event_tables.some(({ name }) => name === 'steps'))
    assert.notEqual(tables.partials, '')
  })
})

const sets: readonly (readonly [what: string, files: Readonly<Record<string, string>>, expected: readonly RegExp[]])[] =
  [
    [
      'a table named like one of ours',
      { 'session.sql': SUMMED.replace('name: steps', 'name: session') },
      [/session.sql" line 1: the name "session" is that of a table of Millrace; take another/],
    ],
    [
      'a source that is not there',
      { 'walker.sql': DERIVED },
      [/walker.sql" line 1: there is no table "steps" to read/],
    ],
    [
      'a source that serves the whole site',
      { 'walker.sql': DERIVED.replace('[steps]', '[site_name]') },
      [/walker.sql" line 1: it cannot read "site_name": a derived table reads tables of courses/],
    ],
    [
      'a view over rows that are not published',
      { 'walker.sql': DERIVED.replace('derived', 'view').replace('[steps]', '[learner_moment]') },
      [/it cannot read "learner_moment": a view reads published tables and views/],
    ],
    [
      'tables that read each other',
      {
        'walker.sql': DERIVED.replace('[steps]', '[runner]'),
        'runner.sql': DERIVED.replace('name: walker', 'name: runner').replace('[steps]', '[walker]'),
      },
      [/line 1: tables read each other: runner, walker, runner/],
    ],
    [
      'a faulty table, once, and not those that read it',
      { 'steps.sql': SUMMED.replace('DATE', 'DAY'), 'walker.sql': DERIVED },
      [/steps.sql" line 9: "keys.day.type"/],
    ],
  ]
for (const [what, files, expected] of sets)
  test(`loadConfig() refuses ${what}`, async () => {
    await withFiles(files, async (path) => {
      const error = await loadConfig(path).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      assert.ok(error instanceof MillraceError && error.code === 'config_invalid')
      const lines = error.message.split('\n').slice(1)
      assert.equal(lines.length, expected.length, error.message)
      for (const [index, line] of lines.entries()) assert.match(line, expected[index] ?? /^$/)
    })
  })

test('loadConfig() refuses a folder that is not there', async () => {
  await withFiles({}, async (path) => {
    await rm(join(path, '..', 'tables'), { recursive: true })
    await assert.rejects(loadConfig(path), /"\.\/tables": there is no such folder of own tables/)
  })
})
