// Pages and the calls behind them, and steps through a sequence. Requests are two thirds of a real log, so they are two
// thirds of a sample.
import { tellFact } from './tell_fact.ts'
import { handlerPath, pass, request, tell, type Visit } from './visit.ts'

/** Opens a section of the courseware with the calls that its units make, and steps through it. */
export function openSection(visit: Visit): void {
  const { random, course, era } = visit
  const index = random.skewed(course.sections.length)
  const sequence = course.sequences[index] ?? ''
  const section = course.sections[index] ?? ''
  const ending = random.pick(['/', '/', '', '/3', '/?activate_block_id=x'])
  request(visit, 'page:courseware', `/courseware/${section}${ending}`, { page_key: section })
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
    const to = random.chance(0.8) ? tab + 1 : tab > 1 && random.chance(0.3) ? tab - 1 : random.between(1, tabs)
    const type = to === tab + 1 ? 'seq_next' : to === tab - 1 ? 'seq_prev' : 'seq_goto'
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
      const { usage_key, block_id } = random.pick(course.videos)
      request(visit, 'xblock:publish_completion', handlerPath(visit, usage_key, 'publish_completion'), {
        post: '{"completion": ["1.0"]}',
      })
      pass(visit, 0.01, 0.05)
      const completion = random.chance(0.9) ? 1 : random.below(4) / 4
      const payload = `{"course_id": "${course.id}", "user_id": ${visit.learner.id}, "block_id": "${usage_key}", "completion": ${completion === 1 ? '1.0' : completion}}`
      const fact = { about: 'completion', block_id, completion } as const
      const subject_id = visit.learner.id
      tellFact(visit, 'server', 'edx.completion.block_completion.changed', { payload, fact, subject_id })
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
  ['page:notes', '/edxnotes/'],
] as const

/** Looks at one of the course's plain pages. */
export function openPage(visit: Visit): void {
  const { random, course } = visit
  if (random.chance(0.1)) {
    if (random.chance(0.5)) request(visit, 'page:tab', `/${course.commentable}/`, { page_key: course.commentable })
    else request(visit, 'page:tab', '/static_tab/S%C3%A5%20here/', { page_key: 'Så here' })
  } else if (random.chance(0.05)) {
    const [chapter = ''] = (course.sections[random.below(course.sections.length)] ?? '').split('/')
    request(visit, 'page:courseware', `/courseware/${chapter}/`, { page_key: chapter })
  } else if (random.chance(0.15)) request(visit, 'page:jump_to', `/jump_to/${random.pick(course.problems).usage_key}`)
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
