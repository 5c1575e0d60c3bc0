// Runs the measurement of long histories on short ones: its figures mean nothing then, but that a merge of a new day asks for
// as much in a long history as in a short one shows in its counts already.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { measureMergeHistory } from './merge_history.ts'

test('measureMergeHistory() merges new days into a short and a long history, and counts what that takes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-history-'))
  try {
    const found = await measureMergeHistory({
      folder,
      years: 3,
      days: 1,
      year_days: 4,
      world: { events_per_day: 60, runs_per_term: 2, stray_chance: 0, endless_share: 0.2 },
      batch_days_max: 7,
      tell: () => {},
    })
    const { short, long, ratio } = found
    assert.deepEqual(
      long.rebuild.map(({ from, to, days }) => [from, to, days]),
      [
        ['2010-01-06', '2010-01-12', 7],
        ['2010-01-01', '2010-01-05', 5],
      ],
    )
    assert.deepEqual([short.days, long.days, short.courses, long.courses], [4, 12, 3, 3])
    // Days of several rounds are not loaded in their order, so their years cannot be told apart.
    assert.deepEqual([short.rebuild_years.map(({ year }) => year), long.rebuild_years], [[1], []])
    for (const { cpu_ms_per_day } of short.rebuild_years) assert.ok(cpu_ms_per_day > 0)
    for (const history of [short, long])
      for (const merge of history.merges)
        for (const figure of Object.values(merge)) assert.ok(figure > 0, JSON.stringify(merge))
    assert.equal(ratio.courses, 1)
    assert.equal(ratio.listings, 1)
    // A part more or less: not every small day has rows of every table.
    assert.ok(ratio.objects_read < 1.2, String(ratio.objects_read))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
