// A visit is one learner's stay in one course, told as intents in order of time. This is the pen: it keeps the visit's
// clock, which only moves forward, and fills in what all of its intents have in common.
import { cutTime, TIME_FORMS, type TimeForm } from './calendar.ts'
import type { Era } from './eras.ts'
import type { Intent, Source, What } from './intent.ts'
import type { Random } from './random.ts'
import type { Course, Learner } from './world.ts'

export interface Visit {
  readonly random: Random
  readonly era: Era
  /** Null for an anonymous visitor. */
  readonly learner: Learner | null
  readonly course: Course
  readonly phone: boolean
  readonly session: string
  readonly received_us: number | null
  readonly emit: (intent: Intent) => void
  now_us: number
}

/** Lets time pass: between `least_s` and `most_s` seconds, never nothing. */
export function pass(visit: Visit, least_s: number, most_s: number): void {
  const seconds = least_s + visit.random.fraction() * (most_s - least_s)
  visit.now_us += Math.max(1, Math.round(seconds * 1_000_000))
}

/** Tells one intent at the visit's present time. */
export function tell(visit: Visit, source: Source, type: string, what: What, form: TimeForm = 'usual'): void {
  const { random, learner, era } = visit
  const sure = what.kind !== 'request'
  visit.emit({
    type,
    source,
    time_us: cutTime(visit.now_us, form),
    time_form: era.naive_times && form === 'usual' ? 'naive' : form,
    // Graders work in the background, where nobody is logged in: the learner concerned stands in the payload alone.
    learner: what.kind === 'fact' && what.background && random.chance(0.3) ? null : learner,
    identity: !era.context || learner?.nameless_id === true ? 'name' : drawIdentity(random),
    course: visit.course,
    course_in_context: sure ? source !== 'browser' || !random.chance(0.05) : !random.chance(0.27),
    session: visit.session,
    received_us: visit.received_us,
    what,
  })
}

function drawIdentity(random: Random): Intent['identity'] {
  const drawn = random.fraction()
  if (drawn < 0.015) return 'name'
  return drawn < 0.02 ? 'id' : 'both'
}

const REQUEST_FORMS = TIME_FORMS.filter((form) => form !== 'clock_unset')

interface Asked {
  readonly below?: 'course' | 'site'
  readonly post?: string
  readonly get?: string
  readonly page_key?: string | null
  readonly forum_action?: string
}

/** Tells a request, now and then with an unusual spelling of its time. */
export function request(visit: Visit, type: string, path: string, asked: Asked = {}): void {
  const odd = !visit.era.naive_times && visit.random.chance(0.002)
  const { below = 'course', post = '{}', get = '{}', page_key = null, forum_action = null } = asked
  tell(
    visit,
    'server',
    type,
    { kind: 'request', below, path, post, get, page_key, forum_action },
    odd ? visit.random.pick(REQUEST_FORMS) : 'usual',
  )
}

/** Gives the path of an xblock's handler; before 2014 the same calls were `/modx/` ones. */
export function handlerPath(visit: Visit, usage_key: string, handler: string): string {
  if (!visit.era.context) return `/modx/${usage_key}/${handler}`
  const wrapped =
    handler.startsWith('publish') || handler.startsWith('transcript') ? handler : `xmodule_handler/${handler}`
  const key = usage_key.startsWith('i4x') ? usage_key.replace('://', ':;_;_').replaceAll(/(?<!;_)\//g, ';_') : usage_key
  return `/xblock/${key}/handler/${wrapped}`
}
