// Submissions, attempts and shown answers by small histories, each the one that a wrong rule would tell otherwise.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, type Rows } from '../../laws/merged_files.ts'

let second = 0
const on = (event_type: string, told: Partial<EventRow> = {}): Partial<EventRow> => {
  second += 1
  return { event_type, family: 'problem', time_us: (Date.UTC(2020, 2, 1, 12) / 1000 + second) * 1_000_000, ...told }
}
const check = (grade: number | null, max_grade: number | null, told: Partial<EventRow> = {}) =>
  on('problem_check', { grade, max_grade, success: grade === max_grade, ...told })
const showAnswer = (told: Partial<EventRow> = {}) => on('showanswer', told)
const hint = () => on('edx.problem.hint.demandhint_displayed')

const CASES: readonly {
  readonly name: string
  readonly events: readonly Partial<EventRow>[]
  /** What the row must have among others; null for no row. */
  readonly row: Readonly<Record<string, unknown>> | null
}[] = [
  {
    name: 'first, last and best are of different submissions',
    events: [check(0, 2), check(2, 2), check(1, 2)],
    row: {
      submissions: 3n,
      first_grade: 0,
      first_success: false,
      last_grade: 1,
      last_success: false,
      best_share: 1,
      solved: true,
    },
  },
  {
    name: 'attempts that go back: the largest one counts',
    events: [check(0, 1, { attempt: 3n }), check(0, 1, { attempt: 1n })],
    row: { submissions: 2n, attempts_max: 3n },
  },
  {
    name: 'attempts that were not logged are the submissions',
    events: [check(0, 1), check(0, 1)],
    row: { attempts_max: 2n },
  },
  {
    name: 'a grade that was not logged is 0',
    events: [check(null, 2, { success: null })],
    row: { best_share: 0, first_grade: null, first_success: null, solved: false },
  },
  { name: 'a share needs a largest grade above 0', events: [check(1, 0), check(1, null)], row: { best_share: null } },
  {
    name: 'a share beyond all numbers is none',
    events: [check(100, 1e-308)],
    row: { best_share: null, last_grade: 100 },
  },
  { name: 'nor is one below them', events: [check(-100, 1e-308)], row: { best_share: null, last_grade: -100 } },
  {
    name: 'a share beyond all numbers leaves the others',
    events: [check(100, 1e-308), check(1, 4), check(-100, 1e-308)],
    row: { best_share: 0.25 },
  },
  {
    name: 'who only asked for the answer has a row',
    events: [showAnswer(), on('reset_problem'), on('save_problem_success')],
    row: {
      submissions: 0n,
      attempts_max: 0n,
      first_time: null,
      show_answers: 1n,
      resets: 1n,
      saves: 1n,
      show_answer_first: true,
      solved: false,
    },
  },
  {
    name: 'who only asked for a hint has a row',
    events: [hint(), hint()],
    row: { submissions: 0n, hints: 2n, show_answer_first: false },
  },
  { name: 'who only reset or saved has none', events: [on('reset_problem'), on('save_problem_success')], row: null },
  { name: 'a click is no submission', events: [check(1, 1, { event_source: 'browser' })], row: null },
  {
    name: 'resets and saves of the browser do not count',
    events: [check(1, 1), on('reset_problem', { event_source: 'browser' })],
    row: { resets: 0n },
  },
  {
    name: 'an answer shown before the first submission',
    events: [showAnswer(), check(1, 1)],
    row: { show_answer_first: true },
  },
  {
    name: 'an answer shown after it',
    events: [check(0, 1), showAnswer(), check(1, 1)],
    row: { show_answer_first: false },
  },
  {
    name: 'an answer shown at the same time goes by the hash',
    events: [check(1, 1, { time_us: 1e15, hash: 2n }), showAnswer({ time_us: 1e15, hash: 1n })],
    row: { show_answer_first: true },
  },
  {
    name: 'submissions of equal time go by their hash, which is unsigned',
    events: [check(0, 1, { time_us: 1e15, hash: 0xffff_ffff_ffff_fff0n }), check(1, 1, { time_us: 1e15, hash: 1n })],
    row: { first_grade: 1, last_grade: 0 },
  },
]

let rows: Rows = []
let submissions: Rows = []
before(async () => {
  const events = CASES.flatMap(({ events }, index) =>
    events.map((told) => eventRow({ actor_id: BigInt(index + 1), block: 'p', block_id: 'p', ...told })),
  )
  const { published } = await mergeAtOnce(events)
  rows = published.get('problem_learner') ?? []
  submissions = published.get('problem_submission') ?? []
})

CASES.forEach(({ name, row }, index) => {
  test(`problem_learner: ${name}`, () => {
    const found = rows.find((one) => one.user_id === BigInt(index + 1))
    if (row === null) assert.equal(found, undefined)
    else assert.deepEqual({ ...found, ...row }, found)
  })
})

test('problem_submission numbers the submissions of each learner to each problem', () => {
  for (const [index, { events }] of CASES.entries()) {
    const own = submissions.filter((row) => row.user_id === BigInt(index + 1))
    const graded = events.filter((event) => event.event_type === 'problem_check' && event.event_source !== 'browser')
    assert.deepEqual(
      own.map((row) => Number(row.submission_no)),
      graded.map((_, at) => at + 1),
    )
  }
})
