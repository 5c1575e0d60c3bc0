// Keys tell one page of a kind from another; a key read wrongly merges two pages or splits one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageKeyOf } from '../../../workers/map/page_key.ts'
import { logLine, rowOf } from './log_line.ts'

const COURSES = [
  '/courses/course-v1:ChalmersX+ChM001x+1T2019',
  '/courses/course-v1%3AChalmersX%2BChM001x%2B1T2019',
  '/courses/ChalmersX/ChM001x/1T2019',
  'https://courses.edx.org/courses/ChalmersX/ChM001x/1T2019',
  '/courses/ccx-v1:ChalmersX+ChM001x+1T2019+ccx@3',
]
const TAB = '0f2bd1f8b1a94c7e8d6a5f4e3c2b1a09'

const KEYS: readonly (readonly [path: string, key: string | null])[] = [
  ['', null],
  ['/', null],
  ['/info', null],
  ['/courseware', null],
  ['/courseware/', null],
  ['/courseware/week1', 'week1'],
  ['/courseware/week1/', 'week1'],
  ['/courseware/week1/intro', 'week1/intro'],
  ['/courseware/week1/intro/', 'week1/intro'],
  ['/courseware/week1/intro/3', 'week1/intro'],
  ['//courseware//week1//intro//', 'week1/intro'],
  ['/courseware/week1/intro/?child=first', 'week1/intro'],
  ['/courseware/week1/intro#top', 'week1/intro'],
  ['/courseware/week1?activate_block_id=a/b', 'week1'],
  ['/courseware/Vecka%201/L%C3%A4s', 'Vecka 1/Läs'],
  ['/courseware/100%/a+b', '100%/a+b'],
  ['/courseware/%00/a%00b', 'ab'],
  ['/discussion/forum', null],
  ['/discussion/forum/topic/inline', null],
  ['/discussion/forum/topic/threads/5c', '5c'],
  ['/discussion/forum/topic/threads/5c/', '5c'],
  ['/discussion/forum/topic/threads/5c?ajax=1', '5c'],
  ['/discussion/forum/threads/threads/5c', '5c'],
  ['/discussion/forum/users/42', null],
  ['/discussion/threads/5c/reply', '5c'],
  ['/discussion/threads/5c/upvote/', '5c'],
  ['/discussion/comments/5d/reply', null],
  ['/discussion/topic/threads/create', null],
  [`/${TAB}`, TAB],
  [`/${TAB}/`, TAB],
  ['/static_tab/syllabus', 'syllabus'],
  ['/static_tab/', null],
  ['/pdfbook/0/', null],
  ['/progress/42', null],
  ['/jump_to_id/0f2b', null],
  [`/jump_to/i4x://ChalmersX/ChM001x/problem/Quiz`, null],
  ['/wiki/ChM001x/', null],
]

for (const [path, key] of KEYS)
  test(`pageKeyOf() gives ${key} for …${path}, whatever the form of the course id`, () => {
    for (const course of COURSES) assert.equal(pageKeyOf(course + path), key, course)
  })

for (const url of [
  '/',
  '/courses/',
  '/courses/ChalmersX/courseware/w',
  '/api/courses/v1/courseware/w',
  '/courseware/w/s',
])
  test(`pageKeyOf() gives null for ${url}, which is below no course`, () => assert.equal(pageKeyOf(url), null))

test('a page event has its key, also when its line was cut; other events have none', () => {
  const event_type = `${COURSES[0]}/courseware/week1/intro/`
  const line = logLine({ event_source: 'server', event_type })
  assert.equal(rowOf(line).page_key, 'week1/intro')
  const cut = rowOf(line.slice(0, -3))
  assert.deepEqual([cut.rescued, cut.page_key], [true, 'week1/intro'])
  const handler = `${COURSES[0]}/xblock/block-v1:a+b+c+type@problem+block@d/handler/xmodule_handler/problem_get`
  assert.equal(rowOf(logLine({ event_source: 'server', event_type: handler })).page_key, null)
  assert.equal(rowOf(logLine({ page: `https://courses.edx.org${event_type}` })).page_key, null)
})
