// Every id let in by mistake becomes a database, every id missed loses events; so each form has a case that is none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { courseOfUrl, organisationOf, readCourseId } from '../../../workers/map/course_id.ts'
import { COURSE, logLine, rowOf } from './log_line.ts'

for (const [text, expected] of [
  ['MITx/6.002x/2012_Fall', 'MITx/6.002x/2012_Fall'],
  [COURSE, COURSE],
  ['course-v1:ChalmersX%2BChM001x%2B1T2019', COURSE],
  ['course-v1%3AChalmersX%2BChM001x%2B1T2019', COURSE],
  [` ${COURSE}\n`, COURSE],
  [`\u200b${COURSE}\u200b\ufeff`, COURSE],
  ['ccx-v1:ChalmersX+ChM001x+1T2019+ccx@3', 'ccx-v1:ChalmersX+ChM001x+1T2019+ccx@3'],
  ['course-v1:chalmersx+chm001x+1t2019', 'course-v1:chalmersx+chm001x+1t2019'],
  ['course-v1:Å+ö+100%', 'course-v1:Å+ö+100%'],
] as const)
  test(`readCourseId() takes ${JSON.stringify(text)}`, () => assert.equal(readCourseId(text), expected))

for (const text of [
  '',
  'course-v1:ChalmersX+ChM001x',
  'course-v1:ChalmersX+ChM001x+1T2019+more',
  'course-v1:ChalmersX++1T2019',
  'course-v1:ChalmersX+ChM 001x+1T2019',
  'course-v1:ChalmersX ChM001x 1T2019',
  'course-v1:a+b+c/d',
  'course-v1:a+b+c?x',
  'ccx-v1:ChalmersX+ChM001x+1T2019',
  'library-v1:ChalmersX+lib',
  'i4x://ChalmersX/ChM001x',
  'i4x://ChalmersX/ChM001x/course/run',
  'MITx/6.002x',
  'MITx/6.002x/2012_Fall/more',
  'MITx//2012_Fall',
  'MITx/6 002x/2012_Fall',
  'MITx/6.002x/2012#Fall',
  null,
  42,
  ['MITx/6.002x/2012_Fall'],
])
  test(`readCourseId() refuses ${JSON.stringify(text)}`, () => assert.equal(readCourseId(text), null))

for (const [url, expected] of [
  [`/courses/${COURSE}/info`, COURSE],
  [`https://courses.edx.org/courses/${encodeURIComponent(COURSE)}/courseware/a/b/?x#y`, COURSE],
  ['/courses/MITx/6.002x/2012_Fall/progress', 'MITx/6.002x/2012_Fall'],
  ['/courses/MITx/6.002x/2012_Fall', 'MITx/6.002x/2012_Fall'],
  ['/xblock/block-v1:ChalmersX+ChM001x+1T2019+type@video+block@abc', COURSE],
  ['/courses/MITx/6.002x/2012_Fall/xblock/block-v1:ChalmersX+ChM001x+1T2019+type@video+block@abc/handler/x', COURSE],
  ['/api/x?courserun_key=course-v1%3AChalmersX%2BChM001x%2B1T2019', COURSE],
  [`/api/x?a=b&courserun_key=${COURSE}`, COURSE],
  [`/courses/x/y?next=1&courserun_key=${COURSE}`, COURSE],
  ['/courses/ccx-v1:ChalmersX+ChM001x+1T2019+ccx@3/info', 'ccx-v1:ChalmersX+ChM001x+1T2019+ccx@3'],
  ['/api/courses/v1/blocks/x', null],
  [`/api/discussion/courses/${COURSE}/info`, null],
  ['/c4x/MITx/6.002x/asset/x.png', null],
  ['/courses/i4x://MITx/6.002x', null],
  ['/dashboard', null],
  [`/dashboard?course_id=${COURSE}`, null],
  [`/dashboard#/courses/${COURSE}/`, null],
  ['/courses/', null],
] as const)
  test(`courseOfUrl() finds ${expected} in ${url}`, () => assert.equal(courseOfUrl(url), expected))

test('organisationOf() reads the organisation of every form, in lower case', () => {
  const ids = [COURSE, 'MITx/6.002x/2012_Fall', 'ccx-v1:KTHx+a+b+ccx@1']
  assert.deepEqual(ids.map(organisationOf), ['chalmersx', 'mitx', 'kthx'])
})

// The order of places. Each case names what must win over what.
const OTHER = 'course-v1:OtherX+o1+r1'
const THIRD = 'course-v1:ThirdX+t1+r1'
const courseOf = (fields: Readonly<Record<string, unknown>>): string | null => rowOf(logLine(fields)).course_id

test('event.course_id wins over the context in enrolment, certificate and grade events', () => {
  for (const event_type of [
    'edx.course.enrollment.activated',
    'edx.certificate.created',
    'edx.grades.problem.submitted',
    'edx.course.grade.now_passed',
  ]) {
    const given = { event_type, event_source: 'server', context: { course_id: OTHER } }
    assert.equal(courseOf({ ...given, event: { course_id: COURSE } }), COURSE)
    assert.equal(courseOf({ ...given, event: JSON.stringify({ course_id: COURSE }) }), COURSE)
    assert.equal(courseOf({ ...given, event: { course_id: 'none' } }), OTHER)
  }
})

test('the context wins over event.course_id in other families', () => {
  assert.equal(courseOf({ event_type: 'edx.cohort.created', event: { course_id: OTHER } }), COURSE)
  const nowhere = { event_type: 'edx.cohort.created', context: { course_id: '' } }
  assert.equal(courseOf({ ...nowhere, event: { course_id: OTHER } }), OTHER)
  assert.equal(courseOf({ ...nowhere, event: '{"cours\\u0065_id": "MITx/6.002x/2012_Fall"}' }), 'MITx/6.002x/2012_Fall')
  assert.equal(courseOf({ ...nowhere, event: '{"course_id": "MITx/6.002x"}' }), null)
})

test('a server event’s course stands in its type, a browser event’s in its page, then in the path', () => {
  const server = { event_source: 'server', event_type: `/courses/${OTHER}/info` }
  assert.equal(courseOf({ ...server, context: { course_id: '' } }), OTHER)
  assert.equal(courseOf({ ...server, context: {}, page: `/courses/${THIRD}/` }), COURSE)
  assert.equal(courseOf({ ...server, context: null }), OTHER)
  const browser = { event_source: 'browser', event_type: `/courses/${OTHER}/info`, context: { course_id: null } }
  assert.equal(courseOf({ ...browser, page: `https://courses.edx.org/courses/${THIRD}/courseware/` }), THIRD)
  assert.equal(courseOf({ ...browser, page: 'x_module' }), null)
  const path = { course_id: '', path: `/courses/${THIRD}/info` }
  assert.equal(courseOf({ event_source: 'server', event_type: 'problem_check', context: path }), THIRD)
  assert.equal(courseOf({ event_source: 'browser', page: null, context: path }), THIRD)
})

test('mobile and other sources have no URL to find a course in, and the referer is never one', () => {
  const context = { course_id: '', path: `/courses/${OTHER}/info` }
  for (const event_source of ['mobile', 'task'])
    assert.equal(
      courseOf({ event_source, event_type: `/courses/${OTHER}/info`, page: `/courses/${OTHER}/`, context }),
      null,
    )
  assert.equal(courseOf({ referer: `/courses/${OTHER}/`, context: { course_id: '', path: '/event' } }), null)
  assert.equal(courseOf({ event_source: 'mobile', context: { course_id: '' }, event: { course_id: OTHER } }), OTHER)
})

test('a log-in on the way to a course belongs to it: by query, then GET, then POST', () => {
  const login = (event_type: string, event: unknown = '{}'): string | null =>
    courseOf({ event_source: 'server', event_type, event, context: { course_id: '', path: '/event' } })
  const inCourse = (course_id: string): string => `/courses/${course_id}/info`
  for (const path of ['/login', '/register', '/login_ajax', '/create_account'])
    assert.equal(login(`${path}?next=${encodeURIComponent(inCourse(OTHER))}`), OTHER)
  assert.equal(login(`/login?course_id=${encodeURIComponent(OTHER)}&next=/dashboard`), OTHER)
  const both = JSON.stringify({ GET: { next: [inCourse(OTHER)] }, POST: { course_id: [THIRD] } })
  assert.equal(login('/login', both), OTHER)
  assert.equal(login('/login/', JSON.stringify({ GET: {}, POST: { course_id: [THIRD] } })), THIRD)
  assert.equal(login('/login', JSON.stringify({ GET: { course_id: OTHER } })), OTHER)
  assert.equal(login(`/login?next=${inCourse(THIRD)}`, both), THIRD)
  assert.equal(login('/login?next=/dashboard'), null)
  assert.equal(login('/logout', both), null)
})
