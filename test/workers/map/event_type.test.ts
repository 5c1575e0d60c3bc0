// Canonical names and families decide in which counter an event ends; a missed alias splits it in two.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVENT_ALIASES } from '../../../workers/map/event_aliases.ts'
import { eventTypeOf } from '../../../workers/map/event_type.ts'
import { logLine, reasonOf, rowOf } from './log_line.ts'

for (const [logged, canonical, family] of [
  ['play_video', 'play_video', 'video'],
  ['edx.video.loaded', 'load_video', 'video'],
  ['edx.video.played', 'play_video', 'video'],
  ['edx.video.paused', 'pause_video', 'video'],
  ['edx.video.stopped', 'stop_video', 'video'],
  ['edx.video.position.changed', 'seek_video', 'video'],
  ['edx.video.seeked', 'seek_video', 'video'],
  ['edx.video.speed.changed', 'speed_change_video', 'video'],
  ['edx.video.completed', 'complete_video', 'video'],
  ['edx.video.transcript.shown', 'show_transcript', 'video'],
  ['edx.video.transcript.hidden', 'hide_transcript', 'video'],
  ['edx.video.language_menu.shown', 'video_show_cc_menu', 'video'],
  ['edx.video.language_menu.hidden', 'video_hide_cc_menu', 'video'],
  ['edx.video.closed_captions.shown', 'edx.video.closed_captions.shown', 'video'],
  ['edx.video.bumper.played', 'edx.video.bumper.played', null],
  ['fullscreen', 'fullscreen', null],
  ['show_answer', 'showanswer', 'problem'],
  ['showanswer', 'showanswer', 'problem'],
  ['save_problem_check', 'problem_check', 'problem'],
  ['problem_check', 'problem_check', 'problem'],
  ['problem_check_fail', 'problem_check_fail', 'problem'],
  ['problem_graded', 'problem_graded', 'problem'],
  ['reset_problem_fail', 'reset_problem_fail', 'problem'],
  ['save_problem_success', 'save_problem_success', 'problem'],
  ['edx.problem.hint.demandhint_displayed', 'edx.problem.hint.demandhint_displayed', 'problem'],
  ['edx.problem.completed', 'edx.problem.completed', 'problem'],
  ['problem_checks', 'problem_checks', null],
  ['edx.ui.lms.sequence.next_selected', 'seq_next', 'sequence'],
  ['edx.ui.lms.sequence.previous_selected', 'seq_prev', 'sequence'],
  ['edx.ui.lms.sequence.tab_selected', 'seq_goto', 'sequence'],
  ['edx.ui.lms.sequence.outline.selected', 'edx.ui.lms.sequence.outline.selected', 'sequence'],
  ['edx.ui.lms.outline.selected', 'edx.ui.lms.outline.selected', null],
  ['edx.course.enrollment.upgrade_clicked', 'edx.course.enrollment.upgrade.clicked', 'enrollment'],
  ['assigned_user_to_partition', 'xmodule.partitions.assigned_user_to_partition', null],
  ['child_render', 'xblock.split_test.child_render', null],
  ['textbook.pdf.display.scrolled', 'textbook.pdf.page.scrolled', 'text'],
  ['textbook.pdf.search.casesensitivity.toggled', 'textbook.pdf.searchcasesensitivity.toggled', 'text'],
  ['book', 'book', 'text'],
  ['books', 'books', null],
  ['edx.forum.thread.created', 'edx.forum.thread.created', 'forum'],
  ['edx.certificate.created', 'edx.certificate.created', 'certificate'],
  ['edx.grades.problem.submitted', 'edx.grades.problem.submitted', 'grade'],
  ['edx.course.grade.now_passed', 'edx.course.grade.now_passed', 'grade'],
  ['edx.completion.block_completion.changed', 'edx.completion.block_completion.changed', 'completion'],
  ['edx.cohort.created', 'edx.cohort.created', 'cohort'],
  ['edx.team.created', 'edx.team.created', 'team'],
  ['edx.special_exam.timed.attempt.started', 'edx.special_exam.timed.attempt.started', 'exam'],
  ['/courses/a/b/c/discussion/forum', 'page:forum', 'forum'],
  ['/courses/a/b/c/wiki/x', 'page:wiki', 'text'],
  ['/courses/a/b/c/pdfbook/0/', 'page:pdfbook', 'text'],
  ['/courses/a/b/c/info', 'page:info', null],
  ['/courses/a/b/c/xblock/x/handler/problem_check', 'xblock:problem_check', null],
  ['http://x.org/courses/a/b/c/info', 'page:info', null],
  ['page:forum-like', 'page:forum-like', null],
  ['något nytt', 'något nytt', null],
] as const)
  test(`eventTypeOf() makes ${canonical} of ${logged}`, () => {
    const type = eventTypeOf(logged)
    assert.deepEqual([type.canonical, type.family], [canonical, family])
  })

test('no canonical name is itself an alias, so a name is final after one step', () => {
  for (const canonical of EVENT_ALIASES.values()) assert.equal(EVENT_ALIASES.has(canonical), false, canonical)
})

test('event_type decides; name counts only without it; without both the line is rejected', () => {
  assert.equal(rowOf(logLine({ event_type: 'play_video', name: 'edx.video.paused' })).event_type, 'play_video')
  for (const event_type of [undefined, null, ''])
    assert.equal(rowOf(logLine({ event_type, name: 'edx.video.paused' })).event_type, 'pause_video')
  assert.equal(reasonOf(logLine({ event_type: null, name: '' })), 'no_type')
  assert.equal(reasonOf(logLine({ event_type: undefined })), 'no_type')
})

test('a line without event_source is rejected, after its type was looked for', () => {
  for (const event_source of [undefined, null, '']) assert.equal(reasonOf(logLine({ event_source })), 'no_source')
  assert.equal(reasonOf(logLine({ event_source: undefined, event_type: undefined })), 'no_type')
  assert.equal(reasonOf(logLine({ event_source: undefined, time: undefined })), 'no_time')
})
