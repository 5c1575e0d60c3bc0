// Problems in sum: who counts where, which title holds, and what means are over.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows } from '../../laws/merged_files.ts'

let minute = 0
/** An event of a problem a minute after the one before. */
const event = (user: bigint, told: Partial<EventRow> = {}): EventRow => {
  minute += 1
  return eventRow({
    event_type: 'problem_check',
    family: 'problem',
    time_us: Date.UTC(2020, 2, 1, 0, minute) * 1000,
    actor_id: user,
    block: 'p',
    block_id: 'p',
    ...told,
  })
}
const RIGHT = { success: true, grade: 1, max_grade: 1 } as const
const WRONG = { success: false, grade: 0, max_grade: 1 } as const

test('problem counts learners who submitted, and who asked for the answer apart', async () => {
  const [row] = await publishedRows('problem', [
    event(1n, { ...WRONG, attempt: 1n, display_name: 'Old' }),
    event(1n, { ...RIGHT, attempt: 2n, display_name: 'New' }),
    event(2n, { ...RIGHT, attempt: 7n, display_name: null }),
    event(3n, { ...RIGHT, grade: 0.5 }),
    event(3n, WRONG),
    event(3n, WRONG),
    event(4n, { success: null, grade: null, max_grade: null, attempt: 1n }),
    event(5n, { event_type: 'showanswer' }),
    event(1n, { event_type: 'showanswer' }),
    event(1n, { event_type: 'showanswer' }),
    event(6n, { event_type: 'edx.problem.hint.demandhint_displayed' }),
    event(7n, { event_type: 'reset_problem' }),
    event(8n, { ...RIGHT, event_source: 'browser' }),
  ])
  assert.deepEqual(row, {
    course_id: 'course-v1:ChalmersX+A1+2020',
    problem_id: 'p',
    display_name: 'New',
    learners: 4n,
    submissions: 7n,
    attempts_min: 1n,
    attempts_mean: (2 + 7 + 3 + 1) / 4,
    attempts_max: 7n,
    correct_first_try: 2n,
    correct_ever: 3n,
    mean_share: (1 + 1 + 0.5) / 3,
    show_answer_learners: 2n,
  })
})

test('mean_share is over shares that are numbers, and none where their sum is not', async () => {
  const beyond = { grade: 100, max_grade: 1e-308 }
  const large = { grade: 1, max_grade: 1e-308 }
  const found = await publishedRows('problem', [
    event(1n, beyond),
    event(2n, { ...RIGHT, grade: 0.5 }),
    event(3n, { ...beyond, block: 'q', block_id: 'q' }),
    event(1n, { ...large, block: 'r', block_id: 'r' }),
    event(2n, { ...large, block: 'r', block_id: 'r' }),
  ])
  assert.deepEqual(
    found.map(({ problem_id, learners, mean_share }) => [problem_id, learners, mean_share]),
    [
      ['p', 2n, 0.5],
      ['q', 1n, null],
      ['r', 2n, null],
    ],
  )
})

test('an empty title is none: it does not take the place of an older one', async () => {
  const events = [event(1n, { ...RIGHT, display_name: 'Old' }), event(1n, { ...RIGHT, display_name: '' })]
  const submitted = await publishedRows('problem_submission', events)
  assert.deepEqual(
    submitted.map((row) => row.display_name),
    ['Old', null],
  )
  const [row] = await publishedRows('problem', events)
  assert.equal(row?.display_name, 'Old')
})

test('problem has a row, and no means, where nobody submitted', async () => {
  const found = await publishedRows('problem', [
    event(1n, { event_type: 'showanswer' }),
    event(2n, { event_type: 'edx.problem.hint.demandhint_displayed', block: 'q', block_id: 'q' }),
    event(2n, { event_type: 'save_problem_success', block: 'r', block_id: 'r' }),
  ])
  assert.deepEqual(
    found.map(({ course_id, ...rest }) => Object.values(rest)),
    [
      ['p', null, 0n, 0n, null, null, null, 0n, 0n, null, 1n],
      ['q', null, 0n, 0n, null, null, null, 0n, 0n, null, 0n],
    ],
  )
})

test('problem has the title of the submission with the larger hash where times are equal', async () => {
  const told = { time_us: Date.UTC(2020, 2, 2) * 1000 }
  const found = await publishedRows('problem', [
    event(1n, { ...told, display_name: 'B', hash: 7n }),
    event(2n, { ...told, display_name: 'A', hash: 0x8000_0000_0000_0000n }),
  ])
  assert.deepEqual(
    found.map((row) => row.display_name),
    ['A'],
  )
})
