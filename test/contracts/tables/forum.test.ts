// The forum in its two languages: which requests count beside events, and what the events of a post come to.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { mergeAtOnce, type Rows } from '../../laws/merged_files.ts'

type Told = Partial<EventRow> & { readonly time?: string }

const at = (second: number): string => new Date(Date.UTC(2020, 2, 1, 12, 0, second)).toISOString()
const request = (second: number, forum_action: string | null, told: Told = {}): Told => ({
  event_type: 'page:forum',
  family: 'forum',
  forum_action,
  actor_id: 1n,
  time: at(second),
  ...told,
})
const event = (second: number, name: string, payload: unknown = {}, told: Told = {}): Told => ({
  event_type: `edx.forum.${name}`,
  family: 'forum',
  actor_id: 1n,
  time: at(second),
  payload: payload === undefined ? null : JSON.stringify(payload),
  ...told,
})
const vote = (second: number, kind: string, vote_value: string, undo_vote: unknown = false): Told =>
  event(second, `${kind}.voted`, { id: 'p', vote_value, undo_vote, target_username: 'ada' })

/** Each case is a course of its own. A day's row: learner, action, n. */
const DAYS: readonly { readonly name: string; readonly events: readonly Told[]; readonly rows: readonly string[] }[] = [
  {
    name: 'requests count while the course has no event of their action',
    events: [request(1, 'created_thread'), request(2, 'created_thread'), request(3, 'viewed_thread')],
    rows: ['1 created_thread 2', '1 viewed_thread 1'],
  },
  {
    name: 'after the first event of an action its requests do not count',
    events: [
      request(1, 'created_thread'),
      event(2, 'thread.created'),
      request(3, 'created_thread'),
      event(4, 'thread.created'),
    ],
    rows: ['1 created_thread 3'],
  },
  {
    name: 'an event of one action says nothing of another',
    events: [event(1, 'thread.created'), request(2, 'created_response'), request(3, 'voted_thread')],
    rows: ['1 created_response 1', '1 created_thread 1', '1 voted_thread 1'],
  },
  {
    name: 'the first event may be anybody’s, also nobody’s',
    events: [
      event(1, 'thread.viewed', {}, { actor_id: null, event_source: 'browser' }),
      request(2, 'viewed_thread'),
      event(3, 'thread.voted', { undo_vote: false }, { actor_id: 2n }),
      request(4, 'voted_thread'),
    ],
    rows: ['2 voted_thread 1'],
  },
  {
    name: 'at equal times the hash decides, which is unsigned',
    events: [
      event(1, 'thread.created', {}, { hash: 0xffff_ffff_ffff_fff0n, actor_id: null }),
      request(1, 'created_thread', { hash: 1n }),
      request(1, 'created_thread', { hash: 0xffff_ffff_ffff_fff1n }),
    ],
    rows: ['1 created_thread 1'],
  },
  {
    name: 'an undone vote is an action of its own',
    events: [
      event(1, 'thread.voted', { undo_vote: true }),
      event(2, 'response.voted', { undo_vote: true }),
      event(3, 'response.voted', { undo_vote: false }),
      request(4, 'vote_undone'),
      request(5, 'voted_thread'),
    ],
    rows: ['1 vote_undone 2', '1 voted_response 1', '1 voted_thread 1'],
  },
  {
    name: 'a vote whose payload is odd was cast',
    events: [
      event(1, 'thread.voted', undefined),
      event(2, 'thread.voted', 'undo_vote=true'),
      event(3, 'thread.voted', { undo_vote: [true] }),
      event(4, 'thread.voted', [{ undo_vote: true }]),
    ],
    rows: ['1 voted_thread 4'],
  },
  {
    name: 'a cut line counts by its type, but of a vote nobody knows whether it was cast',
    events: [
      event(1, 'thread.created', undefined, { rescued: true }),
      event(2, 'thread.voted', undefined, { rescued: true }),
      request(3, 'voted_thread', { rescued: true }),
    ],
    rows: ['1 created_thread 1', '1 voted_thread 1'],
  },
  {
    name: 'searches, reports and whatever else the forum logs',
    events: [event(1, 'searched'), event(2, 'response.reported'), event(3, 'thread.pondered')],
    rows: ['1 pondered_thread 1', '1 reported_response 1', '1 searched 1'],
  },
  {
    name: 'requests that search or report count beside events, for whom the rule does not speak',
    events: [event(1, 'searched'), request(2, 'searched'), event(3, 'thread.reported'), request(4, 'reported_thread')],
    rows: ['1 reported_thread 2', '1 searched 2'],
  },
  {
    name: 'a request that tells no action, one of nobody, and one that no server logged',
    events: [
      request(1, null),
      request(2, 'viewed_forum', { actor_id: null }),
      request(3, 'viewed_forum', { event_source: 'browser' }),
    ],
    rows: [],
  },
]

/** Kind, author, thread, parent, second of creation, edits, second of deletion, up, down, length. */
const POSTS: readonly { readonly name: string; readonly events: readonly Told[]; readonly row: string | null }[] = [
  {
    name: 'a thread is its own thread',
    events: [event(1, 'thread.created', { id: 'p', body: 'Hej på dig', title: 'T' })],
    row: 'thread 1 p null 1 0 null 0 0 10',
  },
  {
    name: 'a response is in a thread and answers it',
    events: [event(1, 'response.created', { id: 'p', discussion: { id: 't' }, body: 'x' })],
    row: 'response 1 t t 1 0 null 0 0 1',
  },
  {
    name: 'a comment is in a thread and on a response',
    events: [event(1, 'comment.created', { id: 'p', discussion: { id: 't' }, response: { id: 'r' }, body: '' })],
    row: 'comment 1 t r 1 0 null 0 0 0',
  },
  {
    name: 'edits are counted and leave the author and the newest text, the first deletion counts',
    events: [
      event(1, 'thread.created', { id: 'p', body: 'abc' }),
      event(2, 'thread.edited', { id: 'p', body: 'abcdef' }, { actor_id: 2n }),
      event(3, 'thread.edited', { id: 'p' }),
      event(9, 'thread.deleted', { id: 'p' }, { actor_id: 2n }),
      event(5, 'thread.deleted', { id: 'p' }),
    ],
    row: 'thread 1 p null 1 2 5 0 0 6',
  },
  {
    name: 'votes are net, up and down apart',
    events: [
      event(1, 'response.created', { id: 'p', discussion: { id: 't' } }),
      vote(2, 'response', 'up'),
      vote(3, 'response', 'up'),
      vote(4, 'response', 'up', true),
      vote(5, 'response', 'down'),
      vote(6, 'response', 'down', 'True'),
      vote(7, 'response', 'sideways'),
    ],
    row: 'response 1 t t 1 0 null 1 0 null',
  },
  {
    name: 'a post of before the logs has no author, and a vote of then may be undone',
    events: [vote(2, 'thread', 'up', true)],
    row: 'thread null p null null 0 null -1 0 null',
  },
  {
    name: 'where it is, any event of a post may tell',
    events: [
      event(1, 'comment.edited', { id: 'p' }),
      event(2, 'comment.deleted', { id: 'p', discussion: { id: 't' }, response: { id: 'r' } }),
    ],
    row: 'comment null t r null 1 2 0 0 null',
  },
  {
    name: 'a creation logged twice counts once, the first, with the newer text',
    events: [
      event(3, 'thread.created', { id: 'p', body: 'second' }, { actor_id: 2n }),
      event(1, 'thread.created', { id: 'p', body: 'first' }),
    ],
    row: 'thread 1 p null 1 0 null 0 0 6',
  },
  {
    name: 'views, reports, cut lines and events without an id make no post',
    events: [
      event(1, 'thread.viewed', { id: 'p' }),
      event(2, 'thread.reported', { id: 'p' }),
      event(3, 'thread.created', undefined, { rescued: true }),
      event(4, 'thread.created', { id: '', body: 'x' }),
      event(5, 'thread.created', 'id=p'),
      event(6, 'thread.created', [{ id: 'p' }]),
      event(7, 'searched', { id: 'p' }),
      request(8, 'created_thread'),
    ],
    row: null,
  },
  {
    name: 'payloads of odd shape',
    events: [event(1, 'comment.created', { id: 7, discussion: 't', response: ['r'], body: null })],
    row: 'comment 1 null null 1 0 null 0 0 null',
  },
]

let days: Rows = []
let posts: Rows = []
before(async () => {
  const inCourses = (cases: readonly { readonly events: readonly Told[] }[], name: string): readonly EventRow[] =>
    cases.flatMap(({ events }, index) => events.map((told) => eventRow({ course_id: `${name}-${index}`, ...told })))
  const { published } = await mergeAtOnce([...inCourses(DAYS, 'day'), ...inCourses(POSTS, 'post')])
  days = published.get('forum_day') ?? []
  posts = published.get('forum_post') ?? []
})

DAYS.forEach(({ name, rows }, index) => {
  test(`forum_day: ${name}`, () => {
    const own = days.filter(({ course_id }) => course_id === `day-${index}`)
    assert.deepEqual(
      own.map((row) => `${row.user_id} ${row.action} ${row.n}`),
      rows,
    )
  })
})

const second = (time: unknown): string => (time === null ? 'null' : String(Number(String(time).slice(17, 19))))

POSTS.forEach(({ name, row }, index) => {
  test(`forum_post: ${name}`, () => {
    const own = posts.filter(({ course_id }) => course_id === `post-${index}`)
    assert.deepEqual(
      own.map((one) =>
        [
          one.kind,
          one.user_id,
          one.thread_id,
          one.parent_id,
          second(one.created),
          one.edits,
          second(one.deleted),
          one.votes_up,
          one.votes_down,
          one.body_length,
        ]
          .map(String)
          .join(' '),
      ),
      row === null ? [] : [row],
    )
    assert.ok(own.every(({ post_id }) => post_id === 'p' || post_id === '7'))
  })
})

test('forum_day gives an action to its day', () => {
  assert.ok(days.every(({ day }) => day === '2020-03-01'))
})
