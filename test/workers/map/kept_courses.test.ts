// Which events are kept as such, and what of them: the payload of any type, and the type as it was logged.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { windowOf } from '../../../workers/map/event_time.ts'
import { keptCourses } from '../../../workers/map/kept_courses.ts'
import { normaliseLine } from '../../../workers/map/normalise.ts'
import { COURSE, FILE_DATE, logLine } from './log_line.ts'

function rowOf(different: Parameters<typeof logLine>[0], patterns: readonly string[]): EventRow {
  const line = Buffer.from(logLine(different))
  const outcome = normaliseLine(line, { window: windowOf(FILE_DATE), hash: 1n, keeps: keptCourses(patterns) })
  if (outcome.kind !== 'event') throw new Error('expected an event')
  return outcome.row
}

const REQUEST = {
  event_type: `/courses/${COURSE}/courseware/chapter%201/section/`,
  event_source: 'server',
  event: '{"POST": {}, "GET": {"id": ["9007199254740993", 9007199254740993]}}',
}

test('events of a course that is kept have their payload and their type as logged', () => {
  const row = rowOf(REQUEST, ['course-v1:ChalmersX+*'])
  assert.equal(row.kept, true)
  assert.equal(row.event_type, 'page:courseware')
  assert.equal(row.logged_type, REQUEST.event_type)
  assert.equal(row.page_key, 'chapter 1/section')
})

test('a number keeps all its digits: it becomes text where it would be rounded', () => {
  const { payload } = rowOf(REQUEST, ['*'])
  assert.deepEqual(JSON.parse(payload ?? ''), {
    POST: {},
    GET: { id: ['9007199254740993', '9007199254740993'] },
  })
})

for (const [name, different, patterns] of [
  ['of another course', REQUEST, ['course-v1:Other+*']],
  ['without any pattern', REQUEST, []],
  ['without a course', { event_type: '/dashboard', context: { course_id: '' } }, ['*']],
] as const)
  test(`an event ${name} is not kept`, () => {
    const { kept, logged_type, payload } = rowOf(different, patterns)
    assert.deepEqual({ kept, logged_type, payload }, { kept: false, logged_type: null, payload: null })
  })

test('an event that was cut is kept without a payload', () => {
  const line = Buffer.from(logLine(REQUEST).replace(/"page".*$/, '"page": "x'))
  const outcome = normaliseLine(line, { window: windowOf(FILE_DATE), hash: 1n, keeps: keptCourses(['*']) })
  assert.ok(outcome.kind === 'event')
  const { kept, rescued, payload } = outcome.row
  assert.deepEqual({ kept, rescued, payload }, { kept: true, rescued: true, payload: null })
})
