// A wrong byte between JavaScript and DuckDB would be a wrong number in every table: whatever goes in must come out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EVENT_COLUMNS, type EventRow } from '../../../contracts/event.ts'
import { openDatabase } from '../../../runtime/duckdb.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { makeEventTable } from '../../../workers/map/event_table.ts'
import { eventRow } from '../../laws/event_row.ts'

const text = fc.constantFrom(null, '', 'a', 'exactly12byt', 'thirteen byte', 'räksmörgås', '😀'.repeat(9), 'a')
const long = fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { nil: null })
const double = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })

const anyEvent: fc.Arbitrary<EventRow> = fc
  .record({
    course_id: text,
    time_us: fc.integer({ min: -1, max: 4_102_444_800_000_000 }),
    hash: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    bytes: fc.nat({ max: 2 ** 31 - 1 }),
    event_source: fc.constantFrom('server', 'browser'),
    family: fc.constantFrom(null, 'video' as const),
    rescued: fc.boolean(),
    actor_id: long,
    actor_name: text,
    username: text,
    subject_id: long,
    subject_name: text,
    block: text,
    block_id: text,
    position_s: double,
    position_missing: fc.boolean(),
    old_position_s: double,
    new_position_s: double,
    speed: double,
    duration_s: double,
    attempt: long,
    grade: double,
    max_grade: double,
    success: fc.constantFrom(null, true, false),
    parts: long,
    parts_correct: long,
    display_name: text,
    mode: text,
    user_tags: text,
    synthesized: fc.boolean(),
  })
  .map(eventRow)

test('a batch gives DuckDB exactly the rows that it was given, filled again and again', async () => {
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 128 })
  const batch = new EventBatch(150)
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 150, size: 'max' }), async (events) => {
      batch.clear()
      for (const event of events) batch.append(event)
      await makeEventTable(database, batch)
      const names = Object.keys(EVENT_COLUMNS).map((name) =>
        name === 'time' ? 'epoch_us("time") as time_us' : `"${name}"`,
      )
      const found = await database.rows(`select ${names.join(', ')} from event order by rowid`)
      const expected = events.map((event) => ({ ...event, time_us: BigInt(event.time_us) }))
      assert.deepEqual(found, expected)
    }),
    { numRuns: 20, endOnFailure: true },
  )
})

test('a batch is full at its capacity and refuses more', () => {
  const batch = new EventBatch(2)
  assert.equal(batch.full, false)
  batch.append(eventRow())
  batch.append(eventRow())
  assert.equal(batch.full, true)
  assert.equal(batch.rows, 2)
  assert.throws(() => batch.append(eventRow()), /full batch/)
  batch.clear()
  assert.equal(batch.rows, 0)
  assert.equal(batch.columns.course_id.values.length, 0)
})
