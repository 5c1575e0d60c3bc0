// What learners do in the forum. Every writing is a request, and since 2015 also an event of its own that says which post;
// reading, editing and deleting got their events later still, so before them the paths are all there is.
import type { Post } from './course_tools.ts'
import { tellFact } from './tell_fact.ts'
import { pass, request, type Visit } from './visit.ts'
import { asciiJson, type Learner } from './world.ts'

/** Reads in the forum, and sometimes writes, votes or mends something there. */
export function visitForum(visit: Visit): void {
  const { random, course, learner, era } = visit
  request(visit, 'page:forum', random.chance(0.5) ? '/discussion/forum' : '/discussion/forum/', {
    forum_action: 'viewed_forum',
  })
  pass(visit, 1, 20)
  if (random.chance(0.15)) search(visit)
  const known = course.tools.posts
  const thread = known.length > 0 && random.chance(0.4) ? random.pick(known).thread_id : random.pick(course.threads)
  readThread(visit, thread)
  if (learner === null) return
  const drawn = random.fraction()
  if (drawn < 0.35) write(visit, learner, thread)
  else if (drawn < 0.5 && era.context) vote(visit, thread)
  else if (drawn < 0.58) follow(visit, thread)
  else if (drawn < 0.75) mend(visit, learner)
}

function readThread(visit: Visit, thread: string): void {
  const { course, era } = visit
  request(visit, 'page:forum', `/discussion/forum/${course.commentable}/threads/${thread}`, {
    get: '{"ajax": ["1"], "resp_skip": ["0"]}',
    page_key: thread,
    forum_action: 'viewed_thread',
  })
  if (!era.forum_changes) return
  pass(visit, 0.01, 0.1)
  const payload = `{"commentable_id": "${course.commentable}", "id": "${thread}", "truncated": false, "title": "A question", "user_forums_roles": ["Student"]}`
  tellFact(visit, 'server', 'edx.forum.thread.viewed', { payload })
}

function search(visit: Visit): void {
  const { random, era } = visit
  const query = random.pick(['step two', 'Gauß', 'deadline', 'certificate "when"'])
  if (!era.forum_events) {
    const get = `{"text": [${asciiJson(query)}]}`
    request(visit, 'page:forum', '/discussion/forum/search', { get, forum_action: 'searched' })
  } else {
    const results = random.below(40)
    const payload = `{"query": ${asciiJson(query)}, "page": 1, "total_results": ${results}, "corrected_text": null, "group_id": null, "num_pages": 2}`
    tellFact(visit, 'server', 'edx.forum.searched', { payload, fact: { about: 'search', query, results } })
  }
  pass(visit, 2, 20)
}

/** Of a day of millions of events a course remembers this many posts and essays. */
export const REMEMBERED_MAX = 1000

function write(visit: Visit, learner: Learner, thread: string): void {
  const { random, course, era } = visit
  pass(visit, 20, 200)
  const object = random.pick(['thread', 'response', 'response', 'comment'] as const)
  const response = course.tools.posts.findLast((post) => post.object === 'response')
  const parent = object === 'comment' ? (response?.id ?? thread) : null
  const asked = {
    thread: [`${course.commentable}/threads/create`, 'created_thread', null],
    response: [`threads/${thread}/reply`, 'created_response', thread],
    comment: [`comments/${parent ?? thread}/reply`, 'created_comment', null],
  } as const
  const [path, forum_action, page_key] = asked[object]
  request(visit, 'page:forum', `/discussion/${path}`, { post: '{"body": ["…"]}', forum_action, page_key })
  if (!era.forum_events) return
  pass(visit, 0.01, 0.1)
  const id = random.hex(24)
  const thread_id = object === 'thread' ? id : object === 'comment' ? (response?.thread_id ?? thread) : thread
  const post: Post = { id, object, thread_id, response_id: parent, author: learner.name }
  course.tools.posts.push(post)
  if (course.tools.posts.length > REMEMBERED_MAX) course.tools.posts.shift()
  const body = `${'I could not follow the second step. '.repeat(random.between(1, 12))}Tack så mycket!`
  say(visit, 'created', post, { body })
}

interface Said {
  readonly body?: string
  readonly vote?: 'up' | 'down'
  readonly undone?: boolean
}

function say(visit: Visit, verb: 'created' | 'edited' | 'deleted' | 'voted', post: Post, said: Said): void {
  const { course } = visit
  const { body, vote = null, undone = false } = said
  const fields = [
    `"id": "${post.id}"`,
    `"commentable_id": "${course.commentable}"`,
    '"category_id": "general", "category_name": "General"',
    ...(post.object === 'thread' ? ['"thread_type": "discussion", "title": "A question"'] : []),
    ...(post.object === 'thread' ? [] : [`"discussion": {"id": "${post.thread_id}"}`]),
    ...(post.response_id === null ? [] : [`"response": {"id": "${post.response_id}"}`]),
    ...(body === undefined ? [] : [`"body": ${asciiJson(body)}, "truncated": false`]),
    ...(vote === null
      ? ['"anonymous": false, "anonymous_to_peers": false, "options": {"followed": true}']
      : [`"vote_value": "${vote}", "undo_vote": ${undone}, "target_username": ${asciiJson(post.author)}`]),
    '"user_forums_roles": ["Student"], "user_course_roles": []',
    `"url": "https://courses.edx.org/courses/${course.id}/discussion/forum/threads/${post.thread_id}"`,
  ]
  const { object, id: post_id, thread_id, response_id } = post
  const body_length = body === undefined ? null : body.length
  const fact = { about: 'post', object, post_id, thread_id, response_id, body_length, vote, undone } as const
  tellFact(visit, 'server', `edx.forum.${object}.${verb}`, { payload: `{${fields.join(', ')}}`, fact })
}

/** Votes for a thread or a response, and sometimes takes the vote back at once. */
function vote(visit: Visit, thread: string): void {
  const { random, course, era } = visit
  const known = course.tools.posts.filter((post) => post.object !== 'comment')
  const post: Post =
    known.length > 0
      ? random.pick(known)
      : { id: thread, object: 'thread', thread_id: thread, response_id: null, author: 'someone' }
  const head = post.object === 'thread' ? 'threads' : 'comments'
  const direction = random.chance(0.85) ? 'up' : 'down'
  const page_key = post.object === 'thread' ? post.id : null
  const steps = random.chance(0.3) ? (['vote', 'undo'] as const) : (['vote'] as const)
  for (const step of steps) {
    pass(visit, 1, 15)
    const undone = step === 'undo'
    const forum_action = undone ? 'vote_undone' : `voted_${post.object}`
    const asked = { post: '{}', page_key, forum_action }
    request(visit, 'page:forum', `/discussion/${head}/${post.id}/${undone ? 'unvote' : `${direction}vote`}`, asked)
    if (!era.forum_events) continue
    pass(visit, 0.01, 0.1)
    say(visit, 'voted', post, { vote: direction, undone })
  }
}

function follow(visit: Visit, thread: string): void {
  const asked = { post: '{}', page_key: thread, forum_action: 'followed_thread' }
  request(visit, 'page:forum', `/discussion/threads/${thread}/follow`, asked)
}

/** Edits or deletes a post of one's own. */
function mend(visit: Visit, learner: Learner): void {
  const { random, course, era } = visit
  const place = course.tools.posts.findLastIndex((post) => post.author === learner.name && post.object !== 'comment')
  const post = course.tools.posts[place]
  if (post === undefined) return
  pass(visit, 5, 60)
  const verb = random.chance(0.7) ? 'edited' : 'deleted'
  const head = post.object === 'thread' ? 'threads' : 'comments'
  const page_key = post.object === 'thread' ? post.id : null
  const asked = { post: '{}', page_key, forum_action: `${verb}_${post.object}` }
  request(visit, 'page:forum', `/discussion/${head}/${post.id}/${verb === 'edited' ? 'update' : 'delete'}`, asked)
  if (verb === 'deleted') course.tools.posts.splice(place, 1)
  if (!era.forum_changes) return
  pass(visit, 0.01, 0.1)
  say(visit, verb, post, verb === 'edited' ? { body: 'It is clear now, thank you.' } : {})
}
