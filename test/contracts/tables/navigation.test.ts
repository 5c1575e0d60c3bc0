// Moves have three shapes of payloads, by era, and a direction that two of them tell: case by case.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { isFields } from '../../../workers/map/fields.ts'
import { payloadColumns } from '../../../workers/map/payload_columns.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

const move = (event_type: string, payload: unknown, told: Told = {}): Told => ({
  event_type,
  event_source: 'browser',
  family: event_type.startsWith('seq_') ? 'sequence' : null,
  ...payloadColumns({
    family: event_type.startsWith('seq_') ? 'sequence' : null,
    event_type,
    event_source: 'browser',
    context: null,
    payload: isFields(payload) ? payload : null,
  }),
  ...told,
})

/** Each row: block, kind, n, forward, backward, jump. */
const MOVES: readonly { readonly name: string; readonly events: readonly Told[]; readonly rows: readonly string[] }[] =
  [
    {
      name: 'old and new tell the direction, whatever the type',
      events: [
        move('seq_goto', { id: 'i4x://ChalmersX/A1/sequential/s', old: 2, new: 3 }),
        move('seq_goto', { id: 'i4x://ChalmersX/A1/sequential/s', old: '3', new: '2' }),
      ],
      rows: ['s seq_goto 2 1 1 0'],
    },
    {
      name: 'more than one step is a jump beside its direction',
      events: [move('seq_goto', { id: 's', old: 1, new: 5 }), move('seq_goto', { id: 's', old: 5, new: 3 })],
      rows: ['s seq_goto 2 1 1 2'],
    },
    {
      name: 'staying is no direction',
      events: [move('seq_goto', { id: 's', old: 2, new: 2 })],
      rows: ['s seq_goto 1 0 0 0'],
    },
    {
      name: 'newer events tell tabs',
      events: [move('seq_goto', { id: 's', current_tab: 4, target_tab: 2, tab_count: 9 })],
      rows: ['s seq_goto 1 0 1 1'],
    },
    {
      name: 'newer steps have no target: their type tells',
      events: [
        move('seq_next', { id: 's', current_tab: 4, tab_count: 9 }),
        move('seq_prev', { id: 's', current_tab: 5, tab_count: 9 }),
      ],
      rows: ['s seq_next 1 1 0 0', 's seq_prev 1 0 1 0'],
    },
    {
      name: 'a jump without a target counts as a move alone',
      events: [move('seq_goto', { id: 's', current_tab: 4 })],
      rows: ['s seq_goto 1 0 0 0'],
    },
    {
      name: 'sequences are known by the last component, in every spelling',
      events: [
        move('seq_goto', { id: 'block-v1:ChalmersX+A1+2020+type@sequential+block@s', old: 1, new: 2 }),
        move('seq_goto', { id: 'i4x-ChalmersX-A1-sequential-s', old: 1, new: 2 }),
        move('seq_goto', { id: '\ni4x://ChalmersX/A1/sequential/s/', old: 1, new: 2 }),
      ],
      rows: ['s seq_goto 3 3 0 0'],
    },
    {
      name: 'clicks in the outline and on links have no block',
      events: [
        move('edx.ui.lms.outline.selected', { target_url: '/courses/x/courseware/w' }),
        move('edx.ui.lms.link_clicked', { target_url: 'https://example.org' }),
      ],
      rows: ['null edx.ui.lms.link_clicked 1 0 0 0', 'null edx.ui.lms.outline.selected 1 0 0 0'],
    },
    {
      name: 'payloads of any shape',
      events: [
        move('seq_goto', undefined),
        move('seq_goto', 'old=1&new=2'),
        move('seq_goto', [1, 2]),
        move('seq_goto', { id: '', old: 'nan', new: { a: 1 } }),
        move('seq_goto', { id: null, old: -3e300, new: 3e300 }),
        move('seq_goto', { id: ' / ', old: -2147483648, new: 2147483647 }),
      ],
      rows: ['null seq_goto 6 1 0 1'],
    },
    {
      name: 'a cut line, a handler call and another click are no moves',
      events: [
        move('seq_goto', { id: 's', old: 1, new: 2 }, { rescued: true }),
        move('edx.ui.lms.jump_nav.selected', {}),
        { event_type: 'xblock:goto_position' },
      ],
      rows: [],
    },
  ]

let moves: Rows = []
before(async () => {
  moves = await publishedRows(
    'navigation_day',
    MOVES.flatMap(({ events }, index) => events.map((told) => eventRow({ actor_id: BigInt(index + 1), ...told }))),
  )
})

MOVES.forEach(({ name, rows }, index) => {
  test(`navigation_day: ${name}`, () => {
    const own = moves.filter((row) => row.user_id === BigInt(index + 1))
    assert.deepEqual(
      own.map((row) => [row.block_id, row.kind, row.n, row.forward, row.backward, row.jump].map(String).join(' ')),
      rows,
    )
  })
})
