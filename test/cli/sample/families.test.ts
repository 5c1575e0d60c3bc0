// Rare families of events are told from the dates on which edX began to log them, and every payload is what it claims to be.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planDays } from '../../../cli/sample/calendar.ts'
import type { Moment } from '../../../cli/sample/moment.ts'
import { Random } from '../../../cli/sample/random.ts'
import { tellDays } from '../../../cli/sample/sample_days.ts'
import { TruthRecorder } from '../../../cli/sample/truth_recorder.ts'
import { makeSite } from '../../../cli/sample/world.ts'

function tell(from: string): readonly Moment[] {
  const random = new Random('families')
  const world = makeSite({ organisation: 'TestX', site: 'edx', courses: 3, learners: 160, random })
  const days = planDays({ from, days: 6, random })
  const truth = new TruthRecorder({ moments: true })
  const request = { world, days, events_per_day: 6000, even: true, damage: 0, random, truth }
  for (const { lines } of tellDays(request)) for (const _ of lines);
  return Object.values(truth.finish().courses).flatMap((course) => course.moments ?? [])
}

const FAMILIES = [
  'edx.forum.',
  'edx.video.bumper.',
  'edx.ui.lms.link_clicked',
  'edx.grades.',
  'edx.course.grade.',
  'edx.certificate.',
  'edx.completion.',
  'edx.cohort.',
  'edx.team.',
  'openassessmentblock.',
  'edx.bookmark.',
  'edx.course.student_notes.',
  'xblock.poll.',
  'xblock.survey.',
  'edx.course.search.',
  'edx.special_exam.',
  'xmodule.partitions.',
  'textbook.pdf.',
  'seq_prev',
  'video_show_cc_menu',
  'save_problem_success',
] as const

/** Families that an era's events belong to. */
const toldIn = (moments: readonly Moment[]): readonly string[] =>
  FAMILIES.filter((family) => moments.some(({ event_type }) => event_type.startsWith(family)))

test('a week of 2019 has every family of events', () => {
  assert.deepEqual(toldIn(tell('2019-03-04')), FAMILIES)
})

test('a week of 2017 has no grades, certificates and completion yet', () => {
  const later = ['edx.grades.', 'edx.course.grade.', 'edx.certificate.', 'edx.completion.']
  assert.deepEqual(
    toldIn(tell('2017-03-06')),
    FAMILIES.filter((family) => !later.includes(family)),
  )
})

test('in 2013 the forum is requests alone, and the textbook is `book`', () => {
  const moments = tell('2013-03-04')
  assert.deepEqual(toldIn(moments), ['seq_prev'])
  assert.ok(moments.some(({ event_type }) => event_type === 'book'))
  const asked = moments.flatMap(({ what }) => (what.kind === 'request' ? (what.forum_action ?? []) : []))
  for (const action of ['created_thread', 'created_response', 'created_comment', 'viewed_thread', 'searched'])
    assert.ok(asked.includes(action), action)
})

test('payloads of facts are JSON objects, and surveys have lists and nothing among their answers', () => {
  const moments = tell('2019-03-04')
  const objects = moments.flatMap(({ what }) => (what.kind === 'fact' ? [JSON.parse(what.payload)] : []))
  assert.ok(objects.length > 300)
  for (const object of objects) assert.ok(typeof object === 'object' && object !== null && !Array.isArray(object))
  const answers = moments.flatMap(({ what }) => (what.kind === 'submission' ? what.submission.answers : []))
  assert.ok(answers.includes(null))
  assert.ok(answers.some((answer) => Array.isArray(answer) && answer.length > 1))
  assert.ok(answers.some((answer) => typeof answer === 'string' && answer.includes('\n')))
})
