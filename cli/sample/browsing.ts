// Everything in a visit that is neither video nor problem: pages and the calls behind them, steps through a sequence,
// the forum, the textbook, links. Requests are two thirds of a real log, so they are two thirds of a sample.
import { handlerPath, pass, request, tell, type Visit } from './visit.ts'

/** Opens a section of the courseware with the calls that its units make, and steps through it. */
export function openSection(visit: Visit): void {
  const { random, course, era } = visit
  const index = random.skewed(course.sections.length)
  const sequence = course.sequences[index] ?? ''
  request(visit, 'page:courseware', `/courseware/${course.sections[index]}/`)
  let at_once = random.chance(0.004) // The next call has the same time to the microsecond.
  const tabs = random.between(3, 9)
  let tab = 1
  for (let units = random.between(1, 4); units > 0 && tab < tabs; units--) {
    for (let calls = random.between(1, 3); calls > 0; calls--) {
      if (!at_once) visit.now_us += random.between(1, 900_000)
      at_once = false
      if (random.chance(0.25)) request(visit, 'api:other', '/api/user/v1/preferences/time_zones/', { below: 'site' })
      else {
        const problem = random.pick(course.problems)
        request(visit, 'xblock:problem_get', handlerPath(visit, problem.usage_key, 'problem_get'))
      }
    }
    pass(visit, 8, 160)
    const to = random.chance(0.85) ? tab + 1 : random.between(1, tabs)
    const type = to === tab + 1 ? 'seq_next' : 'seq_goto'
    tell(visit, 'browser', type, {
      kind: 'sequence',
      sequence,
      old: tab,
      new: to,
      tabs,
      outer: type === 'seq_next' && to === tabs,
    })
    tab = to
    pass(visit, 0.05, 0.5)
    request(visit, 'xblock:goto_position', handlerPath(visit, sequence, 'goto_position'), {
      post: `{"position": ["${to}"]}`,
    })
    if (era.completion_events && visit.learner?.nameless_id === false && random.chance(0.3)) {
      pass(visit, 0.5, 4)
      const block = random.pick(course.videos).usage_key
      request(visit, 'xblock:publish_completion', handlerPath(visit, block, 'publish_completion'), {
        post: '{"completion": ["1.0"]}',
      })
      pass(visit, 0.01, 0.05)
      const what = { kind: 'completion', subject_id: visit.learner.id, block } as const
      tell(visit, 'server', 'edx.completion.block_completion.changed', what)
    }
  }
}

const PAGES = [
  ['page:info', '/info'],
  ['page:info', '/info/'],
  ['page:progress', '/progress'],
  ['page:progress', '/progress/'],
  ['page:root', '/'],
  ['page:about', '/about'],
  ['page:wiki', '/course_wiki'],
  ['page:bookmarks', '/bookmarks/'],
  ['page:courseware', '/courseware'],
  ['page:teams', '/teams/'],
] as const

/** Looks at one of the course's plain pages. */
export function openPage(visit: Visit): void {
  const { random, course } = visit
  if (random.chance(0.1)) request(visit, 'page:tab', `/${course.commentable}/`)
  else if (random.chance(0.15)) request(visit, 'page:jump_to', `/jump_to/${random.pick(course.problems).usage_key}`)
  else {
    const [type, path] = random.pick(PAGES)
    request(visit, type, path)
  }
}

/** Saves the state of a video player or runs a search: calls whose payload is long enough to be cut at 512 characters. */
export function longCall(visit: Visit): void {
  const { random, course } = visit
  const block = random.pick(course.videos).usage_key
  const fields = Array.from({ length: 12 }, (_, index) => `"input_${random.hex(16)}_${index}_1": ["${random.hex(24)}"]`)
  request(visit, 'xblock:problem_save', handlerPath(visit, block, 'problem_save'), { post: `{${fields.join(', ')}}` })
}

/** Reads in the forum and sometimes writes there. */
export function visitForum(visit: Visit): void {
  const { random, course, era } = visit
  request(visit, 'page:forum', '/discussion/forum')
  pass(visit, 1, 20)
  const thread = random.pick(course.threads)
  request(visit, 'page:forum', `/discussion/forum/${course.commentable}/threads/${thread}`, {
    get: '{"ajax": ["1"], "resp_skip": ["0"]}',
  })
  if (visit.learner === null || !random.chance(0.35)) return
  pass(visit, 20, 200)
  const kind = random.pick(['thread', 'response', 'response', 'comment'] as const)
  const target = {
    thread: `${course.commentable}/threads/create`,
    response: `threads/${thread}/reply`,
    comment: `comments/${thread}/reply`,
  }
  const body = `${'I could not follow the second step. '.repeat(random.between(1, 12))}Tack så mycket!`
  request(visit, 'page:forum', `/discussion/${target[kind]}`, { post: '{"body": ["…"]}' })
  if (!era.forum_events) return
  pass(visit, 0.01, 0.1)
  const what = { kind: 'forum', post_id: random.hex(24), title: 'A question', body } as const
  tell(visit, 'server', `edx.forum.${kind}.created`, what)
}

/** Turns the pages of the textbook. */
export function readTextbook(visit: Visit): void {
  const { random } = visit
  request(visit, 'page:pdfbook', '/pdfbook/0/')
  let page = 1
  for (let turns = random.between(1, 5); turns > 0; turns--) {
    pass(visit, 10, 120)
    const old_page = page
    page += random.between(1, 3)
    const type = visit.era.context ? 'textbook.pdf.page.navigated' : 'book'
    tell(visit, 'browser', type, { kind: 'textbook', chapter: '/static/chapter_1.pdf', page, old_page })
  }
}

/** Follows a link out of the course, or does one of the many things that no table asks about. */
export function wander(visit: Visit): void {
  const { random, course, era } = visit
  if (era.context && random.chance(0.5))
    tell(visit, 'browser', 'edx.ui.lms.link_clicked', {
      kind: 'link',
      target: random.pick(['https://en.wikipedia.org/wiki/Graphene', `/courses/${course.url_id}/progress`]),
    })
  else if (era.referer && random.chance(0.5))
    tell(visit, 'server', 'edx.bookmark.added', { kind: 'other', payload: '{"bookmark_id": "a,b", "note": "x.y-z"}' })
  else request(visit, 'api:other', '/calendar', { get: '{"week": ["7"]}' })
}
