// Which problems are surveys goes by their titles, and which answer counts by time, question by question.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { DECLARED } from '../../../contracts/registry.ts'
import { OUR_CHOICES } from '../../../contracts/rule_choices.ts'
import { tableSet } from '../../../contracts/table_set.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

let second = 0
const check = (display_name: string | null, payload: unknown, told: Told = {}): Told => {
  second += 1
  return {
    event_type: 'problem_check',
    family: 'problem',
    display_name,
    time_us: (Date.UTC(2020, 2, 1, 12) / 1000 + second) * 1_000_000,
    payload: payload === undefined ? null : JSON.stringify(payload),
    ...told,
  }
}
const pre = (answers: unknown, told: Told = {}) => check('Pre-course survey', { answers }, told)
const post = (answers: unknown, told: Told = {}) => check('Post-survey', { answers }, told)

/** Each row: survey, question, answer, problem. */
const CASES: readonly { readonly name: string; readonly events: readonly Told[]; readonly rows: readonly string[] }[] =
  [
    {
      name: 'before and after are two surveys',
      events: [pre({ p_2_1: 'a' }), post({ p_2_1: 'b' })],
      rows: ['post problem_2_1 b p', 'pre problem_2_1 a p'],
    },
    {
      name: 'the newest answer counts, question by question',
      events: [pre({ p_2_1: 'a', p_3_1: 'x' }), pre({ p_2_1: 'b' }), pre({ p_2_1: 'old' }, { time_us: 1 })],
      rows: ['pre problem_2_1 b p', 'pre problem_3_1 x p'],
    },
    {
      name: 'over all problems of the survey',
      events: [pre({ q_2_1: 'new' }, { block_id: 'q', time_us: 2e15 }), pre({ p_2_1: 'old' })],
      rows: ['pre problem_2_1 new q'],
    },
    {
      name: 'submissions of equal time go by their hash, which is unsigned',
      events: [
        pre({ p_2_1: 'late' }, { time_us: 1e15, hash: 0xffff_ffff_ffff_fff0n }),
        pre({ p_2_1: 'early' }, { time_us: 1e15, hash: 1n }),
      ],
      rows: ['pre problem_2_1 late p'],
    },
    {
      name: 'lists are joined by commas in the order logged, null is empty, the rest is text as it is',
      events: [
        pre({
          p_2_1: ['choice_2', 'choice_0'],
          p_3_1: null,
          p_4_1: 'She said "no",\r\nand went?',
          p_5_1: [],
          p_6_1: ['a', null, 7],
          p_7_1: 1.5,
          p_8_1: { odd: true },
          p_9_1: '',
        }),
      ],
      rows: [
        'pre problem_2_1 choice_2,choice_0 p',
        'pre problem_3_1  p',
        'pre problem_4_1 She said "no",\r\nand went? p',
        'pre problem_5_1  p',
        'pre problem_6_1 a,,7 p',
        'pre problem_7_1 1.5 p',
        'pre problem_8_1 {"odd":true} p',
        'pre problem_9_1  p',
      ],
    },
    {
      name: 'a later null takes an answer back',
      events: [pre({ p_2_1: 'a' }), pre({ p_2_1: null })],
      rows: ['pre problem_2_1  p'],
    },
    {
      name: 'what stands beside answers is no question',
      events: [pre({ p_2_1: 'a', p_2_1_dynamath: 'x', p_2_1_comment: 'y', p: 'z' })],
      rows: ['pre problem_2_1 a p'],
    },
    {
      name: 'titles are exact',
      events: ['Pre-course Survey', 'Pre-course survey ', 'Post-course survey', 'Survey', '', null].map((title) =>
        check(title, { answers: { p_2_1: 'a' } }),
      ),
      rows: [],
    },
    {
      name: 'payloads of any shape',
      events: [pre(['a']), pre('p_2_1=a'), pre(null), check('Post-survey', undefined), check('Post-survey', 'a=b')],
      rows: [],
    },
    {
      name: 'a click, a cut line, nobody, and a submission instead of answers',
      events: [
        pre({ p_2_1: 'a' }, { event_source: 'browser' }),
        pre({ p_2_1: 'a' }, { rescued: true }),
        pre({ p_2_1: 'a' }, { actor_id: null }),
        check('Post-survey', { submission: { p_2_1: { answer: 'a' } } }),
      ],
      rows: [],
    },
  ]

let rows: Rows = []
before(async () => {
  rows = await publishedRows(
    'survey_answer',
    CASES.flatMap(({ events }, index) =>
      events.map((told) => eventRow({ actor_id: BigInt(index + 1), block: 'p', block_id: 'p', ...told })),
    ),
  )
})

CASES.forEach(({ name, rows: expected }, index) => {
  test(`survey_answer: ${name}`, () => {
    const own = rows.filter((row) => row.user_id === BigInt(index + 1))
    assert.deepEqual(own.map((row) => `${row.survey} ${row.question} ${row.answer} ${row.problem_id}`).sort(), expected)
  })
})

/** Titles, and the survey that each is by the loose rule. */
const TITLES: readonly (readonly [title: string, survey: string | null])[] = [
  ['Pre-course survey', 'pre'],
  ['Post-survey', 'post'],
  ['PRE-COURSE SURVEY (optional)', 'pre'],
  ['Survey after the course (post)', 'post'],
  ['Express survey', 'pre'],
  ['Post survey, presented again', 'post'],
  ['Survey', null],
  ['Post-course questions', null],
]

test('survey_answer takes looser titles when the rules of the config say so, and no others', async () => {
  const events = TITLES.map(([title], no) =>
    eventRow({ actor_id: 1n, block_id: 'p', ...check(title, { answers: { [`p_${no}_1`]: 'a' } }) }),
  )
  const foundBy = async (survey_titles: 'exact' | 'loose') => {
    const tables = tableSet(DECLARED, { choices: { ...OUR_CHOICES, survey_titles } })
    const rows = await publishedRows('survey_answer', events, { tables })
    return rows.map(({ survey, question }) => `${question} ${survey}`).sort()
  }
  const expected = (titles: typeof TITLES) =>
    titles.flatMap(([, survey], no) => (survey === null ? [] : [`problem_${no}_1 ${survey}`])).sort()
  assert.deepEqual(await foundBy('exact'), expected(TITLES.slice(0, 2)))
  assert.deepEqual(await foundBy('loose'), expected(TITLES))
})
