// The law of all tables: what researchers read depends on which events there are, and on nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'
import { DECLARED, EVENT_TABLES, OUR_TABLES, TABLES } from '../../contracts/registry.ts'
import { type TableSet, tableSet } from '../../contracts/table_set.ts'
import { type FileOfEvents, type MergedFiles, mergeAtOnce, mergeFiles } from './merged_files.ts'
import { world } from './random_world.ts'

/** Tables that the law does not speak of, and why. */
const WITHOUT_LAW: Readonly<Record<string, string>> = {
  log_file: 'its grain is the file: another split into files is another ledger',
  rejected_line: 'its grain is the file: it has the line numbers of that file',
}

/** Some way to cut, order and repeat the same events. */
interface Arrangement {
  /** For each event: its file, its slice there, and where it stands among the others. */
  readonly places: readonly { readonly file: number; readonly slice: number; readonly rank: number }[]
  readonly file_order: readonly number[]
  /** Files that were merged before with some of the events, and are merged again with what is right. */
  readonly stale: readonly number[]
  readonly rows_max: number
  readonly tables: TableSet
}

/** The same tables by the rules of others, as far as they can be chosen. */
const THEIR_TABLES = tableSet(DECLARED, { choices: { survey_titles: 'loose', session_end: 'gap_or_page_close' } })

const arrangement = (events: number): fc.Arbitrary<Arrangement> =>
  fc.record({
    places: fc.array(fc.record({ file: fc.nat({ max: 3 }), slice: fc.nat({ max: 2 }), rank: fc.nat() }), {
      minLength: events,
      maxLength: events,
    }),
    file_order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    stale: fc.subarray([0, 1, 2, 3]),
    rows_max: fc.constantFrom(3, 10, 1000),
    tables: fc.constantFrom(OUR_TABLES, THEIR_TABLES),
  })

const dateOf = (file: number): string => `2020-03-0${file + 1}`

function arranged(events: readonly EventRow[], { places, file_order, stale }: Arrangement): readonly FileOfEvents[] {
  const placed = events
    .map((event, at) => ({ event, ...(places[at] ?? { file: 0, slice: 0, rank: 0 }) }))
    .sort((one, other) => one.rank - other.rank)
  const files = file_order.map((file) => ({
    date: dateOf(file),
    slices: [0, 1, 2].map((slice) =>
      placed.filter((one) => one.file === file && one.slice === slice).map((one) => one.event),
    ),
  }))
  const before = stale.map((file) => ({ date: dateOf(file), slices: [events.filter((_, at) => at % 2 === file % 2)] }))
  return [...before, ...files]
}

test('every table is under the law, or it is told why not', () => {
  const without = TABLES.filter(({ kind }) => kind === 'ledger').map(({ name }) => name)
  assert.deepEqual(Object.keys(WITHOUT_LAW).sort(), [...without].sort())
})

test('tables are the same however events are split into files and slices, ordered, merged and merged again', async () => {
  const arrangedWorld = world.chain((events) => fc.tuple(fc.constant(events), arrangement(events.length)))
  await fc.assert(
    fc.asyncProperty(arrangedWorld, async ([events, arrangement]) => {
      const [once, cut] = [
        await mergeAtOnce(events, { tables: arrangement.tables }),
        await mergeFiles(arranged(events, arrangement), arrangement),
      ]
      assertSame(cut, once)
    }),
    { numRuns: 15, endOnFailure: true },
  )
})

function assertSame(found: MergedFiles, expected: MergedFiles): void {
  assert.deepEqual([...found.published.keys()], [...expected.published.keys()])
  for (const [name, rows] of expected.published) assert.deepEqual(found.published.get(name), rows, name)
  for (const { name } of EVENT_TABLES) assert.deepEqual(found.merged.get(name), expected.merged.get(name), name)
}
