// Without it scripts that ask the ChalmersX toolkit’s table of this name would find none.
import { countsView } from '../../samced_counts.ts'

export default countsView({
  name: 'problem_activity',
  doc: 'Events of problems by learner, as the ChalmersX toolkit counts them. `problem_check_server` are graded submissions, `problem_check_browser` clicks on the button: do not add the two. `show_answer` counts the events that edX logs as `showanswer`, which the toolkit misses. Names with dots must be quoted.',
  counts: [
    { column: 'edx.problem.hint.demandhint_displayed' },
    { column: 'edx.problem.hint.feedback_displayed' },
    { column: 'problem_check_browser', event_type: 'problem_check', event_source: 'browser' },
    { column: 'problem_check_server', event_type: 'problem_check', event_source: 'server' },
    { column: 'problem_check_fail' },
    { column: 'problem_graded' },
    { column: 'problem_rescore' },
    { column: 'problem_rescore_fail' },
    { column: 'problem_reset' },
    { column: 'problem_save' },
    { column: 'problem_show' },
    { column: 'reset_problem' },
    { column: 'reset_problem_fail' },
    { column: 'save_problem_fail' },
    { column: 'save_problem_success' },
    { column: 'show_answer', event_type: 'showanswer' },
  ],
})
