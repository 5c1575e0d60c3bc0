// Open response assessments, polls, bookmarks, notes and searches: who did it, and to whom.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRow } from '../../../contracts/event.ts'
import { eventRow } from '../../laws/event_row.ts'
import { publishedRows, type Rows } from '../../laws/merged_files.ts'

type Given = Partial<EventRow>

let minute = 0
/** An event of a learner a minute after the one before. */
const did = (user: number, event_type: string, payload: unknown = {}, given: Given = {}): EventRow => {
  minute += 1
  const time_us = Date.UTC(2020, 2, 1, 0, minute) * 1000
  return eventRow({ event_type, actor_id: BigInt(user), time_us, payload: JSON.stringify(payload), ...given })
}

const ora = (user: number, action: string, payload: unknown = {}, given: Given = {}) =>
  did(user, `openassessmentblock.${action}`, payload, { module_id: 'essay', ...given })
const part = (name: unknown, points: unknown) => ({ criterion: { name }, option: { points }, feedback: 'well said' })

/** One learner's row in the order of the columns: submissions, given, received, self, staff, feedback, points. */
const oraOf = (rows: Rows, user: number) => {
  const row = rows.find((one) => one.user_id === BigInt(user))
  return row && [row.submissions, row.peer_given, row.peer_received, row.self, row.staff, row.feedback, row.points]
}

test('ora_learner credits an assessment to whoever made it and to whoever submitted', async () => {
  const rows = await publishedRows('ora_learner', [
    // lines stand in any order: the assessment may be read before the submission
    ora(2, 'peer_assess', { submission_uuid: 's1', score_type: 'PE', parts: [part('Ideas', 3), part('Form', 1)] }),
    ora(3, 'peer_assess', { submission_uuid: 's1', parts: [part('Ideas', 1)] }),
    ora(1, 'create_submission', { submission_uuid: 's1', answer: { text: 'private' } }),
    ora(1, 'self_assess', { submission_uuid: 's1', parts: [part('Form', '2')] }),
    ora(99, 'staff_assess', { submission_uuid: 's1', parts: [part('Style', 0)] }),
    ora(1, 'submit_feedback_on_assessments', { submission_uuid: 's1', feedback_text: 'private' }),
    ora(1, 'save_submission', { submission_uuid: 's1' }),
  ])
  assert.deepEqual(oraOf(rows, 1), [1n, 0n, 2n, 1n, 1n, 1n, '{"Form":2,"Ideas":1,"Style":0}'])
  assert.deepEqual(oraOf(rows, 2), [0n, 1n, 0n, 0n, 0n, 0n, null])
  assert.equal(oraOf(rows, 99), undefined)
  assert.equal(rows.length, 3)
})

test('ora_learner counts an assessment of an unknown submission for the assessor alone', async () => {
  const rows = await publishedRows('ora_learner', [
    ora(2, 'peer_assess', { submission_uuid: 'unknown', parts: [part('Ideas', 3)] }),
    ora(2, 'peer_assess', {}),
    ora(99, 'staff_assess', { submission_uuid: 'unknown' }),
  ])
  assert.equal(rows.length, 1)
  assert.deepEqual(oraOf(rows, 2), [0n, 2n, 0n, 0n, 0n, 0n, null])
})

test('ora_learner finds the block of an assessment by its submission, and has no row without a block', async () => {
  const rows = await publishedRows('ora_learner', [
    ora(1, 'create_submission', { submission_uuid: 's1' }),
    ora(2, 'peer_assess', { submission_uuid: 's1' }, { module_id: null }),
    ora(3, 'self_assess', { submission_uuid: 's3' }, { module_id: null }),
  ])
  assert.deepEqual(
    rows.map((row) => [row.user_id, row.block_id, row.peer_given, row.peer_received]),
    [
      [1n, 'essay', 0n, 1n],
      [2n, 'essay', 1n, 0n],
    ],
  )
  assert.equal(rows[0]?.last_time, rows[1]?.first_time)
})

test('ora_learner passes over parts that tell no points', async () => {
  const parts = [part('Ideas', null), part(null, 1), part('Form', 'x'), 7, null, [], { criterion: 'Ideas' }]
  const rows = await publishedRows('ora_learner', [
    ora(1, 'create_submission', { submission_uuid: 's1' }),
    ora(2, 'peer_assess', { submission_uuid: 's1', parts }),
    ora(2, 'peer_assess', { submission_uuid: 's1', parts: { Ideas: 1 } }),
    ora(2, 'peer_assess', { submission_uuid: 's1', parts: [] }),
  ])
  assert.deepEqual(oraOf(rows, 1), [1n, 0n, 3n, 0n, 0n, 0n, null])
})

test('poll_answer shows the latest choice in each question', async () => {
  const rows = await publishedRows('poll_answer', [
    did(1, 'xblock.poll.submitted', { url_name: 'p1', choice: 'R' }),
    did(1, 'xblock.poll.submitted', { url_name: 'p1', choice: 'G' }),
    did(1, 'xblock.poll.submitted', { choice: 3 }, { module_id: 'p2' }),
    did(1, 'xblock.poll.submitted', { choice: 'lost' }),
    did(1, 'xblock.poll.view_results', { url_name: 'p3' }),
    did(1, 'xblock.survey.submitted', { url_name: 's1', choices: { enjoy: 'Y', 'a."b"/c~d': 'N', no: null, odd: {} } }),
    did(1, 'xblock.survey.submitted', { url_name: 's1', choices: { enjoy: 'M' } }),
    did(1, 'xblock.survey.submitted', { url_name: 's1', choices: ['enjoy'] }),
    did(1, 'xblock.survey.submitted', '[1]', { payload: '"enjoy=1"' }),
  ])
  assert.deepEqual(
    rows.map((row) => [row.block_id, row.question, row.answer, row.submissions]),
    [
      ['p1', null, 'G', 2n],
      ['p2', null, '3', 1n],
      ['s1', 'a."b"/c~d', 'N', 1n],
      ['s1', 'enjoy', 'M', 2n],
      ['s1', 'no', null, 1n],
      ['s1', 'odd', null, 1n],
    ],
  )
})

test('bookmark_note_day and search_day count what actors did, rescued lines too', async () => {
  const events = [
    did(1, 'edx.bookmark.added', {}, { rescued: true, payload: null }),
    did(1, 'edx.bookmark.added'),
    did(1, 'edx.course.student_notes.added', { note_text: 'private' }),
    did(1, 'edx.course.student_notes.added', {}, { actor_id: null, subject_id: 2n }),
    did(1, 'edx.course.search.initiated', { search_term: 'private' }),
    did(1, 'edx.course_discovery.search.initiated', {}, { course_id: null }),
    did(1, 'edx.course_discovery.search.results_displayed'),
    did(1, 'edx.forum.searched'),
  ]
  const shown = async (table: string) =>
    (await publishedRows(table, events)).map((row) => [row.user_id, row.day, row.event_type, row.n])
  assert.deepEqual(await shown('bookmark_note_day'), [
    [1n, '2020-03-01', 'edx.bookmark.added', 2n],
    [1n, '2020-03-01', 'edx.course.student_notes.added', 1n],
  ])
  assert.deepEqual(await shown('search_day'), [
    [1n, '2020-03-01', 'edx.course.search.initiated', 1n],
    [1n, '2020-03-01', 'edx.course_discovery.search.results_displayed', 1n],
  ])
})
