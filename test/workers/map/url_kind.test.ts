// The kinds of URLs are a closed list; a path that slips into the wrong one counts a machine's request as a page view.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOfUrl } from '../../../workers/map/url_kind.ts'

const NEW = '/courses/course-v1:ChalmersX+ChM001x+1T2019'
const ENCODED = '/courses/course-v1%3AChalmersX%2BChM001x%2B1T2019'
const OLD = '/courses/ChalmersX/ChM001x/1T2019'
const USAGE = 'block-v1:ChalmersX+ChM001x+1T2019+type@problem+block@0f2bd1f8b1a94c7e8d6a5f4e3c2b1a09'
const OLD_USAGE = 'i4x:;_;_ChalmersX;_ChM001x;_problem;_Quiz'

const PAGES = [
  ['', 'page:root'],
  ['/', 'page:root'],
  ['/info', 'page:info'],
  ['/info/', 'page:info'],
  ['/about', 'page:about'],
  ['/courseware', 'page:courseware'],
  ['/courseware/week1/intro/2', 'page:courseware'],
  ['/progress', 'page:progress'],
  ['/progress/42', 'page:progress'],
  ['/course_wiki', 'page:wiki'],
  ['/wiki/ChM001x/', 'page:wiki'],
  ['/discussion/forum', 'page:forum'],
  ['/discussion/threads/5/reply', 'page:forum'],
  ['/teams/', 'page:teams'],
  ['/pdfbook/0/', 'page:pdfbook'],
  ['/0f2bd1f8b1a94c7e8d6a5f4e3c2b1a09/', 'page:tab'],
  ['/static_tab/syllabus', 'page:tab'],
  ['/bookmarks', 'page:bookmarks'],
  ['/edxnotes', 'page:notes'],
  [`/jump_to/${USAGE}`, 'page:jump_to'],
  ['/jump_to/i4x://ChalmersX/ChM001x/problem/Quiz', 'page:jump_to'],
  ['/jump_to_id/0f2b', 'page:jump_to'],
  ['/instructor', 'api:other'],
  ['/infos', 'api:other'],
  ['/0f2bd1f8b1a94c7e8d6a5f4e3c2b1a0', 'api:other'],
  ['/notes', 'api:other'],
] as const

for (const course of [NEW, ENCODED, OLD])
  for (const [rest, kind] of PAGES)
    test(`kindOfUrl() gives ${kind} for ${course}${rest}`, () => assert.equal(kindOfUrl(course + rest), kind))

for (const [url, kind] of [
  [`${NEW}/xblock/${USAGE}/handler/xmodule_handler/problem_check`, 'xblock:problem_check'],
  [`${NEW}/xblock/${encodeURIComponent(USAGE)}/handler/xmodule_handler/problem_get`, 'xblock:problem_get'],
  [`${OLD}/xblock/${OLD_USAGE}/handler/xmodule_handler/save_user_state?x=1`, 'xblock:save_user_state'],
  [`${NEW}/xblock/${USAGE}/handler/xmodule_handler`, 'xblock:xmodule_handler'],
  [`${NEW}/xblock/${USAGE}/handler/publish_completion`, 'xblock:publish_completion'],
  [`${NEW}/xblock/${USAGE}/handler/transcript/translation/en`, 'xblock:transcript'],
  [`${NEW}/xblock/${USAGE}/handler_noauth/callback`, 'xblock:callback'],
  [`${NEW}/xblock/${USAGE}/handler/`, 'xblock:other'],
  [`${NEW}/xblock/${USAGE}/handler/a b`, 'xblock:other'],
  [`${NEW}/xblock/${USAGE}/handler/${'x'.repeat(65)}`, 'xblock:other'],
  [`${NEW}/xblock/${USAGE}/handler/${'x'.repeat(64)}`, `xblock:${'x'.repeat(64)}`],
  [`/xblock/${USAGE}`, 'xblock:student_view'],
  [`/xblock/${USAGE}?show_title=0`, 'xblock:student_view'],
  [`${NEW}/xblock/${USAGE}/view/student_view`, 'xblock:student_view'],
  ['/xblock/i4x://ChalmersX/ChM001x/problem/Quiz', 'xblock:student_view'],
  [`/xblock/${USAGE}/else`, 'xblock:other'],
  ['/xblock/', 'xblock:other'],
  [`${OLD}/modx/i4x://ChalmersX/ChM001x/problem/Quiz/problem_check`, 'xblock:problem_check'],
  [`${OLD}/modx/${OLD_USAGE}/goto_position`, 'xblock:goto_position'],
  [`${OLD}/modx/`, 'xblock:other'],
  [`https://courses.edx.org${NEW}/courseware/x#y`, 'page:courseware'],
  [`${NEW}/info?next=/progress`, 'page:info'],
  ['https://courses.edx.org', 'api:other'],
  ['/courses/course-v1:ChalmersX+ChM001x/info', 'api:other'],
  ['/courses', 'api:other'],
  ['/courses/ChalmersX/info', 'api:other'],
  ['/api/courses/v1/blocks/', 'api:other'],
  [`/api/mobile${NEW}/info`, 'api:other'],
  [`/preview${NEW}/info`, 'api:other'],
  ['/wiki/ChM001x/', 'api:other'],
  ['/dashboard', 'api:other'],
  ['/', 'api:other'],
  ['/courses/ccx-v1:ChalmersX+ChM001x+1T2019+ccx@3/progress', 'page:progress'],
] as const)
  test(`kindOfUrl() gives ${kind.slice(0, 40)} for ${url.slice(0, 150)}`, () => assert.equal(kindOfUrl(url), kind))

test('kindOfUrl() takes linear time on hostile paths', () => {
  for (const unit of ['/', '/view/', '/courses/', '/xblock/', '%', '%2F', '/handler/'])
    for (const end of ['', '\n', '{'])
      assert.match(kindOfUrl(`/xblock/x/view${unit.repeat(300_000)}${end}`), /^xblock:/)
})
