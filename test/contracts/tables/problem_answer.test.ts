// Answers come in two shapes by era, with noise beside them; first and last are of different submissions.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }
type Part = readonly [answer: unknown, different?: Readonly<Record<string, unknown>>]

const PART = 'i4x-ChalmersX-A1-problem-p_2_1'

let second = 0
const check = (payload: unknown, told: Told = {}): Told => {
  second += 1
  return {
    event_type: 'problem_check',
    family: 'problem',
    time_us: (Date.UTC(2020, 2, 1, 12) / 1000 + second) * 1_000_000,
    payload: payload === undefined ? null : JSON.stringify(payload),
    ...told,
  }
}

/** A submission of the newer era: an answer for each part, with what is told of it. */
const submit = (parts: Readonly<Record<string, Part>>, told: Told = {}): Told =>
  check(
    {
      submission: Object.fromEntries(
        Object.entries(parts).map(([id, [answer, different]]) => [
          id,
          { answer, correct: true, variant: '', response_type: 'stringresponse', question: 'Why?', ...different },
        ]),
      ),
      answers: Object.fromEntries(
        Object.entries(parts).map(([id, [answer]]) => [id, answer === null ? null : 'never read']),
      ),
      correct_map: {},
    },
    told,
  )

/** Each row: part, submissions, then first and last answer, correct, variant, type, question. */
const CASES: readonly { readonly name: string; readonly events: readonly Told[]; readonly rows: readonly string[] }[] =
  [
    {
      name: 'one submission is first and last',
      events: [submit({ [PART]: ['a'] })],
      rows: [`${PART} 1 | a true null stringresponse Why? | a true null stringresponse Why?`],
    },
    {
      name: 'first and last of three',
      events: [
        submit({ [PART]: ['a', { correct: false, variant: 3 }] }),
        submit({ [PART]: ['b'] }),
        submit({ [PART]: ['c', { variant: '4', question: 'Why not?' }] }),
      ],
      rows: [`${PART} 3 | a false 3 stringresponse Why? | c true 4 stringresponse Why not?`],
    },
    {
      name: 'parts go by themselves, also when a submission leaves one out',
      events: [submit({ p_2_1: ['a'], p_3_1: ['x'] }), submit({ p_2_1: ['b'] })],
      rows: [
        'p_2_1 2 | a true null stringresponse Why? | b true null stringresponse Why?',
        'p_3_1 1 | x true null stringresponse Why? | x true null stringresponse Why?',
      ],
    },
    {
      name: 'submissions of equal time go by their hash, which is unsigned',
      events: [
        submit({ p_2_1: ['late'] }, { time_us: 1e15, hash: 0xffff_ffff_ffff_fff0n }),
        submit({ p_2_1: ['early'] }, { time_us: 1e15, hash: 1n }),
      ],
      rows: ['p_2_1 2 | early true null stringresponse Why? | late true null stringresponse Why?'],
    },
    {
      name: 'several choices are a list in the order logged',
      events: [submit({ p_2_1: [['b', 'a, "c"']] }), submit({ p_2_1: [[]] })],
      rows: ['p_2_1 2 | ["b","a, \\"c\\""] true null stringresponse Why? | [] true null stringresponse Why?'],
    },
    {
      name: 'an empty answer is one, null is none, numbers are text',
      events: [submit({ p_2_1: [''], p_2_2: [null], p_2_3: [1.5], p_2_4: [true] })],
      rows: [
        'p_2_1 1 |  true null stringresponse Why? |  true null stringresponse Why?',
        'p_2_2 1 | null true null stringresponse Why? | null true null stringresponse Why?',
        'p_2_3 1 | 1.5 true null stringresponse Why? | 1.5 true null stringresponse Why?',
        'p_2_4 1 | true true null stringresponse Why? | true true null stringresponse Why?',
      ],
    },
    {
      name: 'before submissions were logged, answers and the map of judgements tell',
      events: [
        check({
          answers: { p_2_1: 'choice_1', p_3_1: ['choice_0', 'choice_2'], p_4_1: 'x', 'q/~_5_1': 'y' },
          correct_map: {
            p_2_1: { correctness: 'correct' },
            p_3_1: { correctness: 'partially-correct' },
            'q/~_5_1': { correctness: 'incorrect' },
          },
        }),
      ],
      rows: [
        'p_2_1 1 | choice_1 true null null null | choice_1 true null null null',
        'p_3_1 1 | ["choice_0","choice_2"] false null null null | ["choice_0","choice_2"] false null null null',
        'p_4_1 1 | x null null null null | x null null null null',
        'q/~_5_1 1 | y false null null null | y false null null null',
      ],
    },
    {
      name: 'an empty submission is as good as none',
      events: [
        check({ submission: {}, answers: { p_2_1: 'a' } }),
        check({ submission: null, answers: { p_2_1: 'b' } }),
      ],
      rows: ['p_2_1 2 | a null null null null | b null null null null'],
    },
    {
      name: 'what a submission does not tell of a part, answers and map may',
      events: [
        check({
          submission: { p_2_1: { response_type: '', correct: '', question: '' }, p_2_2: 'odd' },
          answers: { p_2_1: 'a', p_2_2: 'b' },
          correct_map: { p_2_1: { correctness: 'correct' }, p_2_2: { correctness: '' } },
        }),
      ],
      rows: [
        'p_2_1 1 | a true null null null | a true null null null',
        'p_2_2 1 | b null null null null | b null null null null',
      ],
    },
    {
      name: 'what stands beside answers is noise',
      events: [check({ answers: { p_2_1: 'a', p_2_1_dynamath: '<math/>', p_2_1_comment: 'hm', p: 'x', '': 'y' } })],
      rows: ['p_2_1 1 | a null null null null | a null null null null'],
    },
    {
      name: 'keys that paths of JSON would take for something else',
      events: [check({ answers: { 'a"b.c[0]*$_2_1': 'a', '/~1_2_1': 'b' }, correct_map: {} })],
      rows: [
        '/~1_2_1 1 | b null null null null | b null null null null',
        'a"b.c[0]*$_2_1 1 | a null null null null | a null null null null',
      ],
    },
    {
      name: 'payloads of any shape',
      events: [
        check(undefined),
        check('input_p_2_1=a'),
        check([{ answers: { p_2_1: 'a' } }]),
        check({ answers: ['a'], submission: ['a'] }),
        check({ answers: 'p_2_1', submission: 7, correct_map: 7 }),
        check({ answers: { p_2_1: { deep: ['a'] } }, correct_map: { p_2_1: [1] } }),
      ],
      rows: ['p_2_1 1 | {"deep":["a"]} null null null null | {"deep":["a"]} null null null null'],
    },
    {
      name: 'a click, a cut line, a problem without a name and a failed check have no answers',
      events: [
        submit({ p_2_1: ['a'] }, { event_source: 'browser' }),
        submit({ p_2_1: ['a'] }, { rescued: true }),
        submit({ p_2_1: ['a'] }, { block_id: null }),
        submit({ p_2_1: ['a'] }, { event_type: 'problem_check_fail' }),
        submit({ p_2_1: ['a'] }, { actor_id: null }),
        submit({ p_2_1: ['a'] }, { course_id: null }),
      ],
      rows: [],
    },
  ]

/** Answers of learners 1, 2, … each a list of submissions, and the distribution: answer, variant, correct, first, last, question. */
const DISTRIBUTIONS: readonly {
  readonly name: string
  readonly learners: readonly (readonly Part[])[]
  readonly rows: readonly string[]
}[] = [
  {
    name: 'each learner counts once first and once last',
    learners: [[['a', { correct: false }], ['x'], ['b']], [['b']], [['a', { correct: false }]]],
    rows: ['a null false 2 1 Why?', 'b null true 1 2 Why?'],
  },
  {
    name: 'variants are rows of their own, and null is an answer',
    learners: [[['a', { variant: 1 }]], [['a', { variant: 2 }]], [[null]], [[null]]],
    rows: ['a 1 true 1 1 Why?', 'a 2 true 1 1 Why?', 'null null true 2 2 Why?'],
  },
  {
    name: 'the latest that tells it says whether an answer is right and what was asked',
    learners: [
      [['a', { correct: false, question: 'Old' }]],
      [['a', { correct: true, question: 'New' }]],
      [['a', { correct: null, question: '' }]],
    ],
    rows: ['a null true 3 3 New'],
  },
]

let answers: Rows = []
let distributions: Rows = []
before(async () => {
  const told = CASES.flatMap(({ events }, index) =>
    events.map((event) => eventRow({ actor_id: BigInt(index + 1), block: 'p', block_id: 'p', ...event })),
  )
  const responses = DISTRIBUTIONS.flatMap(({ learners }, index) =>
    learners.flatMap((parts, learner) =>
      parts.map((part) =>
        eventRow({ actor_id: BigInt(learner + 100), block: 'p', block_id: `d${index}`, ...submit({ p_2_1: part }) }),
      ),
    ),
  )
  const { published } = await mergeAtOnce([...told, ...responses])
  answers = published.get('problem_answer') ?? []
  distributions = published.get('answer_distribution') ?? []
})

CASES.forEach(({ name, rows }, index) => {
  test(`problem_answer: ${name}`, () => {
    const told = (row: Rows[number], which: string): string =>
      ['answer', 'correct', 'variant', 'response_type', 'question'].map((name) => row[`${which}_${name}`]).join(' ')
    const own = answers.filter((row) => row.user_id === BigInt(index + 1))
    assert.deepEqual(
      own.map((row) => `${row.part_id} ${row.submissions} | ${told(row, 'first')} | ${told(row, 'last')}`),
      rows.map((row) => row.replaceAll('null', '')),
    )
  })
})

DISTRIBUTIONS.forEach(({ name, rows }, index) => {
  test(`answer_distribution: ${name}`, () => {
    const own = distributions.filter((row) => row.problem_id === `d${index}`)
    assert.deepEqual(
      own
        .map((row) => [row.answer, row.variant, row.correct, row.first_responses, row.last_responses, row.question])
        .map((row) => row.map(String).join(' '))
        .sort(),
      rows,
    )
  })
})
