// One act has several names: edX renamed events, apps use the new names, and its documents spell some as they never were.
// Counting a name by itself would split a learner's plays in two. Canonical names are the legacy ones, which are the names
// with the longest history. Only `event_type` decides; `name` counts where there is none.

/** Other name -> canonical name, with where the other name comes from. */
export const EVENT_ALIASES: ReadonlyMap<string, string> = new Map([
  // Mobile apps, and the `name` of browser events since 2014 (edX research guide, video interaction events).
  ['edx.video.loaded', 'load_video'],
  ['edx.video.played', 'play_video'],
  ['edx.video.paused', 'pause_video'],
  ['edx.video.stopped', 'stop_video'],
  ['edx.video.position.changed', 'seek_video'],
  ['edx.video.speed.changed', 'speed_change_video'],
  ['edx.video.completed', 'complete_video'],
  ['edx.video.transcript.shown', 'show_transcript'],
  ['edx.video.transcript.hidden', 'hide_transcript'],
  ['edx.video.language_menu.shown', 'video_show_cc_menu'],
  ['edx.video.language_menu.hidden', 'video_hide_cc_menu'],
  // The apps' own word for a seek (edx-platform, Segment.io shim).
  ['edx.video.seeked', 'seek_video'],
  // The research guide's spelling; the platform logs `showanswer`.
  ['show_answer', 'showanswer'],
  // Server name of a graded submission until 2013-10-15.
  ['save_problem_check', 'problem_check'],
  // Sequence events since 2016-05-03, at the borders of a subsection also as event_type.
  ['edx.ui.lms.sequence.next_selected', 'seq_next'],
  ['edx.ui.lms.sequence.previous_selected', 'seq_prev'],
  ['edx.ui.lms.sequence.tab_selected', 'seq_goto'],
  // The research guide has both spellings.
  ['edx.course.enrollment.upgrade_clicked', 'edx.course.enrollment.upgrade.clicked'],
  // Split tests before their events had a prefix.
  ['assigned_user_to_partition', 'xmodule.partitions.assigned_user_to_partition'],
  ['child_render', 'xblock.split_test.child_render'],
  // The research guide's and the ChalmersX toolkit's spellings; the reader logs the other ones.
  ['textbook.pdf.display.scrolled', 'textbook.pdf.page.scrolled'],
  ['textbook.pdf.search.casesensitivity.toggled', 'textbook.pdf.searchcasesensitivity.toggled'],
])
