// The leap day of 2016 and a day in May: course-v1 ids, names beside types, a forum that logs what is written and voted. Anna
// answers a survey twice and moves about; Bo votes and takes it back.
import { goldenDay } from './golden_day.ts'
import { tellStory } from './story.ts'

const date = '2016-02-29'
const course = 'course-v1:GoldX+G2+2016'
const anna = { id: 21, name: 'anna' }
const bo = { id: 22, name: 'bo' }
const style = { course, context: true, names: true, offset: '+00:00' } as const
const leap = tellStory({ date, ...style })
const may = tellStory({ date: '2016-05-09', ...style })

leap.page('12:00:00', anna, '/info')
leap.page('12:00:10', anna, '/info/', { without_course: true })

const key = (type: string, name: string): string => `block-v1:GoldX+G2+2016+type@${type}+block@${name}`
const survey = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const answer = (at: string, display_name: string, answers: Readonly<Record<string, unknown>>): void => {
  const named = Object.fromEntries(Object.entries(answers).map(([part, given]) => [`${survey}_${part}`, given]))
  const payload = { problem_id: key('problem', survey), attempts: 1, success: 'correct', answers: named }
  leap.server(at, anna, 'problem_check', payload, { display_name })
}
// Newer answers replace older ones, an answer that is missing leaves the older one, null is an empty text.
answer('12:10:00', 'Pre-course survey', { '2_1': 'choice_1', '3_1': ['choice_0', 'choice_2'], '4_1': 'said "x"' })
answer('12:20:00', 'Pre-course survey', { '2_1': 'choice_3', '4_1': null })
// By the exact rule this is no survey.
answer('12:30:00', 'pre-course survey', { '2_1': 'choice_9' })

const [T1, T2] = ['1'.repeat(24), '2'.repeat(24)]
const [R1, C1] = ['3'.repeat(24), '4'.repeat(24)]
const forum = (at: string, who: typeof anna, what: string, payload: object): void =>
  leap.server(at, who, `edx.forum.${what}`, { commentable_id: 'general', ...payload })
// Requests count until the first event of their kind by anybody: Anna's first thread counts twice, Bo's once.
leap.page('13:00:00', anna, '/discussion/general/threads/create')
forum('13:00:00.100000', anna, 'thread.created', { id: T1, body: 'Hello' })
leap.page('13:10:00', bo, '/discussion/general/threads/create')
forum('13:10:00.100000', bo, 'thread.created', { id: T2, body: 'Second' })
leap.page('13:20:00', bo, `/discussion/threads/${T1}/upvote`)
forum('13:20:00.100000', bo, 'thread.voted', { id: T1, vote_value: 'up', undo_vote: false, target_username: 'anna' })
forum('13:21:00', bo, 'thread.voted', { id: T1, vote_value: 'up', undo_vote: true, target_username: 'anna' })
forum('13:22:00', anna, 'thread.voted', { id: T2, vote_value: 'down', undo_vote: false, target_username: 'bo' })
leap.page('13:23:00', bo, `/discussion/threads/${T1}/follow`)
forum('13:30:00', bo, 'response.created', { id: R1, discussion: { id: T1 }, body: 'Re' })
forum('13:31:00', anna, 'comment.created', { id: C1, discussion: { id: T1 }, response: { id: R1 }, body: 'ok!' })

const click = (at: string, who: typeof anna | null, target_url: string): void =>
  leap.browser(at, who, 'edx.ui.lms.link_clicked', {
    target_url,
    current_url: 'https://courses.edx.org/courses/x/info',
  })
click('14:00:00', anna, 'https://en.wikipedia.org/wiki/Graphene')
click('14:00:10', anna, 'http://Courses.edX.org:443/dashboard')
click('14:00:20', null, '/courses/x/progress')

const turn = (at: string, type: string, payload: object): void =>
  leap.browser(at, anna, `textbook.pdf.${type}`, payload)
turn('15:00:00', 'page.navigated', { chapter: '/static/a.pdf', page: 3 })
turn('15:00:10', 'page.navigated', { chapter: '/static/a.pdf', page: 7 })
turn('15:00:20', 'outline.toggled', { chapter: '/static/a.pdf' })

const s1 = key('sequential', 's1')
leap.browser('23:59:00', anna, 'seq_next', { id: s1, old: 1, new: 2 })
// A leap day has a midnight too.
leap.page('2016-03-01T00:00:30', anna, '/courseware/w1/l1/')

// Since May the name is new and the type still old, but at the end of a sequence both are new.
const next = 'edx.ui.lms.sequence.next_selected'
const tab = 'edx.ui.lms.sequence.tab_selected'
may.browser('10:00:00', anna, 'seq_next', { id: s1, old: 1, new: 2, current_tab: 1, tab_count: 5 }, { name: next })
may.browser('10:00:10', anna, next, { id: s1, current_tab: 5, tab_count: 5, widget_placement: 'top' })
may.browser('10:00:20', anna, 'seq_goto', { id: s1, old: 5, new: 2, current_tab: 5, target_tab: 2 }, { name: tab })
may.browser('10:00:30', anna, 'seq_prev', { id: s1, old: 2, new: 1 }, { name: 'edx.ui.lms.sequence.previous_selected' })
may.browser('10:00:40', anna, 'seq_goto', { id: s1, current_tab: 3, target_tab: 3 }, { name: tab })

goldenDay({
  title: 'the leap day of 2016 and a day in May',
  date,
  course,
  files: { [date]: leap.lines, '2016-05-09': may.lines },
  people: {},
  expected: {
    survey_answer: `
      survey | user_id | question    | problem_id                       | answer            | time
      pre    | 21      | problem_2_1 | ${survey} | choice_3          | 12:20:00
      pre    | 21      | problem_3_1 | ${survey} | choice_0,choice_2 | 12:10:00
      pre    | 21      | problem_4_1 | ${survey} |                   | 12:20:00`,
    forum_day: `
      user_id | day        | action           | n
      21      | 2016-02-29 | created_thread   | 2
      21      | 2016-02-29 | voted_thread     | 1
      21      | 2016-02-29 | created_comment  | 1
      22      | 2016-02-29 | created_thread   | 1
      22      | 2016-02-29 | voted_thread     | 2
      22      | 2016-02-29 | vote_undone      | 1
      22      | 2016-02-29 | followed_thread  | 1
      22      | 2016-02-29 | created_response | 1`,
    forum_post: `
      post_id | kind     | user_id | thread_id | parent_id | created    | edits | deleted | votes_up | votes_down | body_length
      ${T1}   | thread   | 21      | ${T1}     | -         | 13:00:00.1 | 0     | -       | 0        | 0          | 5
      ${T2}   | thread   | 22      | ${T2}     | -         | 13:10:00.1 | 0     | -       | 0        | 1          | 6
      ${R1}   | response | 22      | ${T1}     | ${T1}     | 13:30:00   | 0     | -       | 0        | 0          | 2
      ${C1}   | comment  | 21      | ${T1}     | ${R1}     | 13:31:00   | 0     | -       | 0        | 0          | 3`,
    link_click_day: `
      day        | target_host      | internal | external
      2016-02-29 | en.wikipedia.org | 0        | 1
      2016-02-29 | courses.edx.org  | 1        | 0
      2016-02-29 | -                | 1        | 0`,
    textbook_day: `
      user_id | day        | chapter       | event_type                    | n | max_page
      21      | 2016-02-29 | /static/a.pdf | textbook.pdf.page.navigated   | 2 | 7
      21      | 2016-02-29 | /static/a.pdf | textbook.pdf.outline.toggled  | 1 | -`,
    navigation_day: `
      user_id | day        | block_id | kind                    | n | forward | backward | jump
      21      | 2016-02-29 | s1       | seq_next                | 1 | 1       | 0        | 0
      21      | 2016-02-29 | -        | edx.ui.lms.link_clicked | 2 | 0       | 0        | 0
      21      | 2016-05-09 | s1       | seq_next                | 2 | 2       | 0        | 0
      21      | 2016-05-09 | s1       | seq_goto                | 2 | 0       | 1        | 1
      21      | 2016-05-09 | s1       | seq_prev                | 1 | 0       | 1        | 0`,
    'page_view_day where user_id = 21': `
      user_id | day        | page_kind  | page_key | n | first_time          | last_time
      21      | 2016-02-29 | info       | -        | 2 | 12:00:00            | 12:00:10
      21      | 2016-02-29 | forum      | -        | 1 | 13:00:00            | 13:00:00
      21      | 2016-03-01 | courseware | w1/l1    | 1 | 2016-03-01 00:00:30 | 2016-03-01 00:00:30`,
    course_activity: `
      period | period_start | active | attempted_problem | played_video | posted_forum
      day    | 2016-02-29   | 2      | 1                 | 0            | 2
      day    | 2016-03-01   | 1      | 0                 | 0            | 0
      day    | 2016-05-09   | 1      | 0                 | 0            | 0
      week   | 2016-02-29   | 2      | 1                 | 0            | 2
      week   | 2016-05-09   | 1      | 0                 | 0            | 0
      month  | 2016-02-01   | 2      | 1                 | 0            | 2
      month  | 2016-03-01   | 1      | 0                 | 0            | 0
      month  | 2016-05-01   | 1      | 0                 | 0            | 0`,
    "session where user_id = 21 and start_time > timestamp '2016-02-29 20:00:00'": `
      user_id | session_no | start_time          | end_time            | events | duration_s
      21      | 3          | 23:59:00            | 2016-03-01 00:00:30 | 2      | 90
      21      | 4          | 2016-05-09 10:00:00 | 2016-05-09 10:00:40 | 5      | 40`,
    last_visit: `
      user_id | last_page_time      | last_page_key            | last_event_time     | went_past_home
      21      | 2016-03-01 00:00:30 | w1/l1                    | 2016-05-09 10:00:40 | true
      22      | 13:23:00            | 111111111111111111111111 | 13:30:00            | true`,
  },
})
