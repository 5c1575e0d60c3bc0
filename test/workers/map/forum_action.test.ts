// Years of forum activity stand in paths alone: each path of the forum and what it did.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forumActionOf } from '../../../workers/map/forum_action.ts'
import { logLine, rowOf } from './log_line.ts'

const COURSES = [
  '/courses/course-v1:ChalmersX+ChM001x+1T2019',
  '/courses/course-v1%3AChalmersX%2BChM001x%2B1T2019',
  '/courses/ChalmersX/ChM001x/1T2019',
]

const ACTIONS: readonly (readonly [path: string, action: string | null])[] = [
  ['', 'viewed_forum'],
  ['/forum', 'viewed_forum'],
  ['/forum?ajax=1&page=2', 'viewed_forum'],
  ['/forum/search', 'searched'],
  ['/forum/users/42', 'viewed_user'],
  ['/forum/users/42/followed', 'viewed_user'],
  ['/forum/users', null],
  ['/forum/topic/inline', 'viewed_topic'],
  ['/forum/topic/threads/5c', 'viewed_thread'],
  ['/forum/topic/threads', null],
  ['/forum/users/threads/5c', 'viewed_thread'],
  ['/forum/search/inline', 'viewed_topic'],
  ['/forum/topic', null],
  ['/topic/threads/create', 'created_thread'],
  ['/threads/threads/create', 'created_thread'],
  ['/i4x-ChalmersX.ChM001x/threads/create', 'created_thread'],
  ['/topic/threads', null],
  ['/topic/follow', 'followed_topic'],
  ['/topic/unfollow', 'unfollowed_topic'],
  ['/threads/5c/reply', 'created_response'],
  ['/threads/5c/update', 'edited_thread'],
  ['/threads/5c/delete', 'deleted_thread'],
  ['/threads/5c/upvote', 'voted_thread'],
  ['/threads/5c/downvote', 'voted_thread'],
  ['/threads/5c/unvote', 'vote_undone'],
  ['/threads/5c/flagAbuse', 'reported_thread'],
  ['/threads/5c/unFlagAbuse', 'unreported_thread'],
  ['/threads/5c/follow', 'followed_thread'],
  ['/threads/5c/unfollow', 'unfollowed_thread'],
  ['/threads/5c/pin', 'pinned_thread'],
  ['/threads/5c/unpin', 'unpinned_thread'],
  ['/threads/5c/un_pin', 'unpinned_thread'],
  ['/threads/5c/close', 'closed_thread'],
  ['/threads/5c/anything', null],
  ['/threads/5c', null],
  ['/comments/5d/reply', 'created_comment'],
  ['/comments/5d/update', 'edited_response'],
  ['/comments/5d/delete', 'deleted_response'],
  ['/comments/5d/upvote', 'voted_response'],
  ['/comments/5d/downvote', 'voted_response'],
  ['/comments/5d/unvote', 'vote_undone'],
  ['/comments/5d/endorse', 'endorsed_response'],
  ['/comments/5d/flagAbuse', 'reported_response'],
  ['/comments/5d/unFlagAbuse', 'unreported_response'],
  ['/comments/5d', null],
  ['/users/42/follow', 'followed_user'],
  ['/users/42/unfollow', 'unfollowed_user'],
  ['/users/42', null],
  ['/upload', 'uploaded_file'],
]

for (const [path, action] of ACTIONS)
  test(`forumActionOf() gives ${action} for …/discussion${path}`, () => {
    for (const course of COURSES)
      for (const end of path.includes('?') ? [''] : ['', '/', '?a=/threads/1/reply'])
        assert.equal(forumActionOf(`${course}/discussion${path}${end}`), action, course + end)
  })

for (const url of ['/discussion/forum', `${COURSES[0]}/courseware/discussion/forum`, `${COURSES[0]}/discussions/forum`])
  test(`forumActionOf() gives null for ${url}`, () => assert.equal(forumActionOf(url), null))

test('a request of the forum has its action, also when its line was cut; explicit events have none', () => {
  const line = logLine({ event_source: 'server', event_type: `${COURSES[0]}/discussion/threads/5c/reply` })
  const whole = rowOf(line)
  assert.deepEqual([whole.forum_action, whole.page_key, whole.event_type], ['created_response', '5c', 'page:forum'])
  assert.equal(rowOf(line.slice(0, -3)).forum_action, 'created_response')
  assert.equal(rowOf(logLine({ event_source: 'server', event_type: 'edx.forum.thread.created' })).forum_action, null)
})
