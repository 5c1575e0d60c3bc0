// What an own table counts: events of its types, merged like ours, whatever else stands in a slice.
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { readOwnTable } from '../../../config/own_table_file.ts'
import { DECLARED } from '../../../contracts/registry.ts'
import { tableSet } from '../../../contracts/table_set.ts'
import { DatabaseError, openDatabase } from '../../../runtime/duckdb.ts'
import { openScratch } from '../../../runtime/scratch.ts'
import { Aggregator } from '../../../workers/map/aggregate.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows } from '../../laws/merged_files.ts'

function setOf(name: string, header: string, sql: string) {
  const read = readOwnTable(`/*\nname: ${name}\ngrain: g\ndoc: d\n${header}\n*/\n${sql}`, `${name}.sql`)
  assert.ok(read.kind === 'table')
  return tableSet(DECLARED, { own: [read.table.declaration] })
}

const EVENTS = [
  eventRow({ actor_id: 1n, event_type: 'seq_next', time: '2020-03-01T10:00:00Z' }),
  eventRow({ actor_id: 1n, event_type: 'seq_prev', time: '2020-03-01T11:00:00Z' }),
  eventRow({ actor_id: 1n, event_type: 'page_close', time: '2020-03-01T12:00:00Z' }),
  eventRow({ actor_name: 'nemo', username: 'nemo', event_type: 'seq_next', time: '2020-03-01T13:00:00Z' }),
]
const STEPS =
  'kind: summed\nlearner: true\ntypes: [seq_*]\nmeasures: { n: { type: BIGINT, merge: sum, doc: d }, last_type: { type: VARCHAR, merge: last, doc: d } }'
const STEPS_SQL = `with told as (select *, {'time': time, 'hash': hash, 'value': event_type} as last_type from event)
select course_id, actor_id as user_id, actor_name as user_name, 1 as n, last_type from told -- all that it sees`

test('an own table counts events of its types alone, and its learners are those of the site', async () => {
  const rows = await publishedRows('steps', EVENTS, { tables: setOf('steps', STEPS, STEPS_SQL) })
  assert.deepEqual(
    rows.map(({ n, last_type }) => [n, last_type]),
    [
      [1n, 'seq_next'],
      [2n, 'seq_prev'],
    ],
  )
  assert.ok(Number(rows[0]?.user_id) < 0, 'a name without an id is a learner too')
})

test('an own table gets text as text, however many its events are', async () => {
  const header =
    'kind: summed\ntypes: [seq_*]\nkeys: { h: { type: UBIGINT, doc: d }, t: { type: VARCHAR, doc: d } }\nmeasures: { n: { type: BIGINT, merge: sum, doc: d } }'
  const hashed = 'select course_id, hash(event_type) as h, typeof(event_type) as t, 1 as n from event'
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
  await using scratch = await openScratch(tmpdir(), 'own-rows')
  await using aggregator = await Aggregator.open({
    database,
    scratch: scratch.path,
    tables: setOf('hashed', header, hashed),
  })
  const batch = new EventBatch(9_000)
  for (let at = 0; at < batch.capacity; at++)
    batch.append(eventRow({ event_type: at % 2 === 0 ? 'seq_next' : 'seq_prev', hash: BigInt(at) }))
  await aggregator.add(batch)
  const { pieces } = await aggregator.finish()
  const path = pieces.find(({ table }) => table === 'hashed')?.path ?? assert.fail()
  assert.deepEqual(
    await database.rows(`select h = hash('seq_next') as is_next, t, n from read_parquet('${path}') order by 1`),
    [
      { is_next: false, t: 'VARCHAR', n: 4_500n },
      { is_next: true, t: 'VARCHAR', n: 4_500n },
    ],
  )
})

test('a table that fails on a value is named, in a worker and in a reducer', async () => {
  const failing = [
    setOf('steps', STEPS, STEPS_SQL.replace('1 as n', 'event_type::bigint as n')),
    setOf(
      'never',
      'kind: derived\nfrom: [learner]\ncolumns: { n: { type: BIGINT, doc: d } }',
      "select ('x' || user_id)::bigint as n from learner",
    ),
  ]
  for (const [index, name] of ['steps', 'never'].entries())
    await assert.rejects(publishedRows(name, EVENTS, { tables: failing[index] ?? assert.fail() }), (error) => {
      assert.ok(error instanceof DatabaseError)
      assert.match(error.message, new RegExp(`^Cannot compute the table "${name}": .*Conversion Error`))
      return true
    })
})
