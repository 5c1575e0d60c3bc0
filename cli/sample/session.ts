// One visit from the first page to the closed tab: which activities, in which order, and for how long.
import { changeEnrollment, enrollOther, enrollSelf } from './administration.ts'
import { longCall, openPage, openSection } from './browsing.ts'
import { DAY_US, drawTimeOfDay, SECOND_US } from './calendar.ts'
import { visitForum } from './discussing.ts'
import type { Era } from './eras.ts'
import { manageCohorts } from './grouping.ts'
import type { Intent } from './intent.ts'
import type { Random } from './random.ts'
import { readTextbook } from './reading.ts'
import { solveProblem } from './solving.ts'
import { pass, request, tell, type Visit } from './visit.ts'
import { wander } from './wandering.ts'
import { watchVideo } from './watching.ts'
import type { SiteWorld } from './world.ts'

export interface SessionRequest {
  readonly world: SiteWorld
  readonly era: Era
  readonly random: Random
  /** Midnight at which the day begins. */
  readonly day_us: number
  /** A visit may go on into the next day, which has a file. */
  readonly may_cross: boolean
  /** Midnights of days to which a phone's visit may be delivered late. */
  readonly late_days_us: readonly number[]
  readonly emit: (intent: Intent) => void
}

/** No activity takes longer, so none that begins this long before the limit runs over it. */
const ACTIVITY_MOST_US = 25 * 60 * SECOND_US

/** Tells one visit; gives false when its learner was busy until too late in the day. */
export function tellSession(given: SessionRequest): boolean {
  const { world, random, day_us, era } = given
  const anonymous = random.chance(0.03)
  const staff = !anonymous && random.chance(0.01)
  const learner = anonymous
    ? null
    : staff
      ? random.pick(world.staff)
      : world.learners[random.skewed(world.learners.length)]
  if (learner === undefined) return false
  const crossing = given.may_cross && random.chance(0.02)
  const drawn_us = day_us + (crossing ? DAY_US - random.between(30, 900) * SECOND_US : drawTimeOfDay(random))
  const start_us = Math.max(drawn_us, (learner?.busy_until_us ?? 0) + random.between(1, 90) * SECOND_US)
  const limit_us = day_us + (given.may_cross ? DAY_US + 4 * 3600 * SECOND_US : DAY_US) - ACTIVITY_MOST_US
  if (start_us >= limit_us || start_us >= day_us + DAY_US) return false

  const foreign = random.chance(0.004)
  const course = foreign
    ? world.foreign_course
    : learner === null
      ? random.pick(world.courses)
      : random.pick(learner.courses)
  const phone = era.mobile && learner?.phone === true && !foreign && random.chance(0.6)
  // Accounts are renamed now and then: both names then belong to one id.
  if (learner !== null && !learner.nameless_id && random.chance(0.002))
    learner.name = `${learner.name}.${learner.id % 100}`
  const visit: Visit = {
    random,
    era,
    learner,
    course,
    phone,
    session: random.hex(32),
    received_us: phone ? delivery(given, start_us) : null,
    emit: given.emit,
    now_us: start_us,
  }
  if (phone) tellPhoneVisit(visit, limit_us)
  else if (learner === null) tellAnonymousVisit(visit)
  else tellVisit(visit, { limit_us, staff, crossing, world })
  if (learner !== null) learner.busy_until_us = visit.now_us
  return true
}

/** Tells one page view on a day, by itself: nothing about it depends on what the learner did before or after. */
export function tellPageView(given: Pick<SessionRequest, 'world' | 'era' | 'random' | 'day_us' | 'emit'>): void {
  const { world, era, random, emit } = given
  const learner = { ...random.pick(world.learners), groups: new Map() }
  const course = random.pick(world.courses)
  const now_us = given.day_us + drawTimeOfDay(random)
  openPage({ random, era, learner, course, phone: false, session: random.hex(32), received_us: null, emit, now_us })
}

/** When a phone's events arrive: at once, or days later in one go. */
function delivery(given: SessionRequest, start_us: number): number | null {
  const { random, late_days_us } = given
  if (late_days_us.length === 0 || !random.chance(0.25)) return null
  return random.pick(late_days_us) + random.between(0, DAY_US - 1) + (start_us % 2)
}

function tellPhoneVisit(visit: Visit, limit_us: number): void {
  const { random } = visit
  for (let videos = random.between(1, 3); videos > 0 && visit.now_us < limit_us; videos--) {
    watchVideo(visit)
    pass(visit, 5, 60)
  }
  if (!random.chance(0.05)) return
  // A phone whose clock was never set: only the time of receipt tells when this was.
  const what = { kind: 'other', payload: '{"label": "app launched"}' } as const
  tell({ ...visit, received_us: visit.now_us }, 'mobile', 'edx.bi.app.launched', what, 'clock_unset')
}

function tellAnonymousVisit(visit: Visit): void {
  const { random, course } = visit
  if (random.chance(0.3)) {
    request(visit, 'api:other', '/login', { below: 'site', get: `{"next": ["/courses/${course.id}/info"]}` })
    return
  }
  for (let pages = random.between(1, 4); pages > 0; pages--) {
    openPage(visit)
    pass(visit, 2, 60)
  }
}

interface Stay {
  readonly limit_us: number
  readonly staff: boolean
  readonly crossing: boolean
  readonly world: SiteWorld
}

function tellVisit(visit: Visit, stay: Stay): void {
  const { random, learner, course } = visit
  enrollSelf(visit)
  if (learner !== null && random.chance(0.02)) changeEnrollment(visit)
  if (stay.staff && !course.foreign) {
    enrollOther(visit, stay.world)
    if (visit.era.context) manageCohorts(visit, stay.world)
  }
  openPage(visit)
  pass(visit, 1, 12)
  // A visit over midnight begins with a video, so that plays and viewings cross it too.
  if (stay.crossing) watchVideo(visit)
  for (let activities = 1 + random.skewed(9); activities > 0 && visit.now_us < stay.limit_us; activities--) {
    tellActivity(visit, stay.world)
    pass(visit, 2, 100)
  }
  if (random.chance(0.6)) tell(visit, 'browser', 'page_close', { kind: 'page_close' })
}

function tellActivity(visit: Visit, world: SiteWorld): void {
  const drawn = visit.random.fraction()
  if (drawn < 0.45) openSection(visit)
  else if (drawn < 0.6) watchVideo(visit)
  else if (drawn < 0.72) solveProblem(visit)
  else if (drawn < 0.84) openPage(visit)
  else if (drawn < 0.9) visitForum(visit)
  else if (drawn < 0.93) readTextbook(visit)
  else if (drawn < 0.94) longCall(visit)
  else wander(visit, world)
}
