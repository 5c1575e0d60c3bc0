// What a set of tables is named by decides what is computed again: too much would cost nights, too little would leave wrong
// numbers standing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DECLARED, OUR_TABLES } from '../../contracts/registry.ts'
import { OUR_CHOICES } from '../../contracts/rule_choices.ts'
import type { DerivedTable, KeptTable, SummedTable, Table, View } from '../../contracts/table.ts'
import { CircularDeclarations, tableSet } from '../../contracts/table_set.ts'

const SEQUENCE_DAY: SummedTable = {
  name: 'sequence_day',
  kind: 'summed',
  scope: 'course',
  learner: true,
  published: true,
  grain: 'one learner and day',
  doc: 'Steps through sequences.',
  types: ['seq_*'],
  keys: { day: { type: 'DATE', doc: 'Day' } },
  measures: { steps: { type: 'BIGINT', merge: 'sum', doc: 'Steps' } },
  sql: 'select course_id, subject_id as user_id, null as user_name, time::date as day, 1 as steps from event',
}
const STEP: KeptTable = {
  name: 'step',
  kind: 'kept',
  scope: 'course',
  learner: false,
  published: true,
  grain: 'one step',
  doc: 'Steps.',
  columns: { time: { type: 'TIMESTAMP', doc: 'Time' }, n: { type: 'BIGINT', doc: 'Number', computed: '1' } },
  sql: 'select course_id, time from event',
}
const WALKER: DerivedTable = {
  name: 'walker',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner',
  doc: 'Learners who walk.',
  from: ['sequence_day'],
  columns: { user_id: { type: 'BIGINT', doc: 'Learner' } },
  sql: 'select distinct user_id from sequence_day',
}

const setOf = (...own: readonly (Table | View)[]) => tableSet(DECLARED, { own })

test('our own set has no name for partials, and every declaration of the sections', () => {
  assert.equal(OUR_TABLES.partials, '')
  const declared = DECLARED.flatMap(({ declared }) => declared)
  assert.equal(OUR_TABLES.tables.length + OUR_TABLES.views.length, declared.length)
})

test('tableSet() puts own tables into a section behind ours, and among the tables by name', () => {
  const set = setOf(SEQUENCE_DAY, WALKER)
  assert.deepEqual(set.sections.at(-1)?.section.title, 'Own tables')
  assert.deepEqual(
    set.tables.map(({ name }) => name),
    [...OUR_TABLES.tables.map(({ name }) => name), 'sequence_day', 'walker'].sort(),
  )
  assert.ok(set.event_tables.some(({ name }) => name === 'sequence_day'))
  assert.ok(set.derived_tables.some(({ name }) => name === 'walker'))
})

const base = setOf(SEQUENCE_DAY, STEP, WALKER)
const column = { type: 'DATE', doc: 'Another word' } as const

const changes: readonly (readonly [
  what: string,
  set: ReturnType<typeof setOf>,
  partials: boolean,
  declarations: boolean,
])[] = [
  ['nothing', setOf(WALKER, STEP, SEQUENCE_DAY), false, false],
  ['the words of a summed table', setOf({ ...SEQUENCE_DAY, keys: { day: column } }, STEP, WALKER), false, true],
  ['the SQL of a derived table', setOf(SEQUENCE_DAY, STEP, { ...WALKER, sql: 'select 1 as user_id' }), false, true],
  ['a derived table that is gone', setOf(SEQUENCE_DAY, STEP), false, true],
  [
    'a computed column',
    setOf(
      SEQUENCE_DAY,
      { ...STEP, columns: { ...STEP.columns, n: { type: 'BIGINT', doc: 'Number', computed: '2' } } },
      WALKER,
    ),
    false,
    true,
  ],
  [
    'a chosen rule',
    tableSet(DECLARED, { own: [SEQUENCE_DAY, STEP, WALKER], choices: { ...OUR_CHOICES, survey_titles: 'loose' } }),
    false,
    true,
  ],
  ['the SQL of a summed table', setOf({ ...SEQUENCE_DAY, sql: `${SEQUENCE_DAY.sql} ` }, STEP, WALKER), true, true],
  ['its types', setOf({ ...SEQUENCE_DAY, types: ['seq_next'] }, STEP, WALKER), true, true],
  ['its payload', setOf({ ...SEQUENCE_DAY, payload: true }, STEP, WALKER), true, true],
  [
    'a merge',
    setOf({ ...SEQUENCE_DAY, measures: { steps: { type: 'BIGINT', merge: 'max', doc: 'Steps' } } }, STEP, WALKER),
    true,
    true,
  ],
  ['a kept table that is gone', setOf(SEQUENCE_DAY, WALKER), true, true],
]
for (const [what, set, partials, declarations] of changes)
  test(`tableSet() ${partials ? 'names other partials' : 'names the same partials'} after a change of ${what}`, () => {
    assert.equal(set.partials !== base.partials, partials)
    assert.equal(set.declarations !== base.declarations, declarations)
  })

test('tableSet() orders derived tables after what they read, and refuses those that read each other', () => {
  const second: DerivedTable = { ...WALKER, name: 'a_second', from: ['walker'] }
  const names = setOf(SEQUENCE_DAY, second, WALKER).derived_tables.map(({ name }) => name)
  assert.ok(names.indexOf('walker') < names.indexOf('a_second'))
  assert.throws(() => setOf(second, { ...WALKER, from: ['a_second'] }), CircularDeclarations)
})
