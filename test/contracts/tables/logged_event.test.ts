// The events of a course as such: every one that is kept has a row, whoever caused it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows } from '../../laws/merged_files.ts'

test('logged_event has the events that are kept, anonymous and cut ones too, and no others', async () => {
  const kept = { kept: true, event_type: 'page:info', logged_type: '/courses/a/b/c/info' }
  const rows = await publishedRows('logged_event', [
    eventRow({ ...kept, actor_id: 7n, username: 'anna', payload: '{"a":1}', time: '2020-03-01T10:00:00Z' }),
    eventRow({ ...kept, actor_id: null, time: '2020-03-01T11:00:00Z' }),
    eventRow({ ...kept, actor_id: 7n, rescued: true, module_id: 'm1', time: '2020-03-01T12:00:00Z' }),
    eventRow({ ...kept, actor_id: 7n, block_id: 'v1', module_id: 'm1', time: '2020-03-01T13:00:00Z' }),
    eventRow({ actor_id: 7n, time: '2020-03-01T14:00:00Z' }),
  ])
  assert.deepEqual(
    rows.map((row) => [row.user_id, row.time, row.block_id, row.rescued, row.payload]).sort(),
    [
      [7n, '2020-03-01 10:00:00', null, false, '{"a":1}'],
      [7n, '2020-03-01 12:00:00', 'm1', true, null],
      [7n, '2020-03-01 13:00:00', 'v1', false, null],
      [null, '2020-03-01 11:00:00', null, false, null],
    ].sort(),
  )
})
