// The tables of the ChalmersX toolkit, by small histories: what its scripts find, and what they find otherwise.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Given = Partial<EventRow> & { readonly time?: string }

const did = (user: number, event_type: string, given: Given = {}): EventRow =>
  eventRow({ event_type, event_source: 'browser', actor_id: BigInt(user), ...given })

/** Rows without what is NULL, as the toolkit has no cell there, and without the course. */
const cells = (rows: Rows) =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null && name !== 'course_id')),
  )

test('samced.video_activity counts ten types and has no row for who did none of them', async () => {
  const rows = await publishedRows('samced.video_activity', [
    did(1, 'play_video'),
    did(1, 'play_video', { event_source: 'mobile', time: '2020-03-02T00:00:00Z' }),
    did(1, 'pause_video', { rescued: true }),
    did(1, 'complete_video'),
    did(2, 'edx.video.closed_captions.shown'),
    did(3, 'play_video', { actor_id: null }),
  ])
  assert.deepEqual(cells(rows), [{ user_id: 1n, play_video: 2n, pause_video: 1n }])
  assert.equal(Object.keys(rows[0] ?? {}).length, 12)
})

test('samced.video_activity_ng counts by video, whatever its key looks like', async () => {
  const video = (block: string | null, kind: string) =>
    did(1, kind, { family: 'video', block, block_id: block === null ? null : 'v1' })
  const rows = await publishedRows('samced.video_activity_ng', [
    video('i4x-ChalmersX-A1-video-v1', 'play_video'),
    video('i4x://ChalmersX/A1/video/v1', 'play_video'),
    video('v1', 'video_show_cc_menu'),
    video('v1', 'complete_video'),
    video(null, 'play_video'),
  ])
  assert.deepEqual(cells(rows), [{ user_id: 1n, video_event_id: 'v1', play_video: 2n, video_show_cc_menu: 1n }])
})

test('samced.problem_activity tells submissions from clicks, and counts answers shown', async () => {
  const rows = await publishedRows('samced.problem_activity', [
    did(1, 'problem_check', { event_source: 'server' }),
    did(1, 'problem_check'),
    did(1, 'problem_check'),
    did(1, 'showanswer', { event_source: 'server' }),
    did(1, 'edx.problem.hint.demandhint_displayed', { event_source: 'server' }),
    did(2, 'problem_check', { event_source: 'mobile' }),
  ])
  assert.deepEqual(cells(rows), [
    {
      user_id: 1n,
      problem_check_server: 1n,
      problem_check_browser: 2n,
      show_answer: 1n,
      'edx.problem.hint.demandhint_displayed': 1n,
    },
  ])
})

test('samced.textbook_activity and pre_roll_video_activity have names with dots', async () => {
  const events = [
    did(1, 'book'),
    did(1, 'textbook.pdf.page.scrolled'),
    did(1, 'textbook.pdf.searchcasesensitivity.toggled'),
    did(1, 'edx.video.bumper.transcript.menu.shown'),
  ]
  assert.deepEqual(cells(await publishedRows('samced.textbook_activity', events)), [
    {
      user_id: 1n,
      book: 1n,
      'textbook.pdf.display.scrolled': 1n,
      'textbook.pdf.search.casesensitivity.toggled': 1n,
    },
  ])
  assert.deepEqual(cells(await publishedRows('samced.pre_roll_video_activity', events)), [
    { user_id: 1n, 'edx.video.bumper.transcript.menu.shown': 1n },
  ])
})

const posted = (user: number, kind: string, id: string, time: string, more: object = {}) =>
  did(user, `edx.forum.${kind}.created`, {
    event_source: 'server',
    family: 'forum',
    time,
    payload: JSON.stringify({ id, body: 'private', ...more }),
  })

const POSTS = [
  posted(2, 'response', 'r1', '2020-03-01T02:00:00Z', { discussion: { id: 't1' } }),
  posted(1, 'comment', 'c1', '2020-03-01T03:00:00Z', { discussion: { id: 't1' }, response: { id: 'r1' } }),
  posted(1, 'thread', 't1', '2020-03-01T01:00:00Z'),
  posted(1, 'thread', 't0', '2020-03-01T01:00:00Z'),
  posted(1, 'comment', 'c2', '2020-03-01T04:00:00Z', { discussion: { id: 'gone' }, response: { id: 'lost' } }),
]

test('samced.discussion_forum_activity counts posts by author', async () => {
  assert.deepEqual(cells(await publishedRows('samced.discussion_forum_activity', POSTS)), [
    { author_id: 1n, CommentThread: 2n, Comment: 2n },
    { author_id: 2n, Comment: 1n },
  ])
})

test('samced.discussion_forum_activity_ng numbers posts by time, then by id, and tells what they answer', async () => {
  assert.deepEqual(cells(await publishedRows('samced.discussion_forum_activity_ng', POSTS)), [
    { id: 1n, poster: 1n, thread: 1n },
    { id: 2n, poster: 1n, thread: 2n },
    { id: 3n, poster: 2n, thread: 2n },
    { id: 4n, poster: 1n, thread: 2n, response_to: 3n },
    { id: 5n, poster: 1n },
  ])
})
