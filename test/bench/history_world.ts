// The life of courses, as the merge measurements need it: what a new day costs depends on which courses it touches and how
// old they are. Course runs start every term, are busy for its length and get stray visits for years afterwards; a course
// that runs all the time may be put beside them.

export interface HistoryWorld {
  readonly first_date: string
  readonly events_per_day: number
  /** Course runs that start in each of three terms a year. */
  readonly runs_per_term: number
  /** Chance that a run which ended just now is visited on a day; it halves with every half-life. */
  readonly stray_chance: number
  readonly stray_half_life_days: number
  /** Share of each day's events that belong to one course which never ends; 0 for none. */
  readonly endless_share: number
}

export const HISTORY_WORLD: HistoryWorld = {
  first_date: '2010-01-01',
  events_per_day: 600,
  runs_per_term: 3,
  stray_chance: 0.25,
  stray_half_life_days: 365,
  endless_share: 0,
}

const DAY_MS = 86_400_000
const YEAR_DAYS = 365
const TERMS_PER_YEAR = 3
const TERM_DAYS = YEAR_DAYS / TERMS_PER_YEAR
const STRAY_EVENTS = 4
const ENDLESS_NO = 100_000
/** Of the learners of the course that never ends, one goes and a new one comes in so many days. */
const ENDLESS_LEARNER_DAYS = 2
/** Share of a day's events that belong to no course. */
const WITHOUT_COURSE = 0.04

/** Learners of a course at one time; every run shares half of them with the next. */
export const LEARNERS = 300

/** What one course has of a day. */
export interface CourseShare {
  /** Null for events without a course. */
  readonly course_id: string | null
  /** Names the course in numbers: its blocks follow from it. */
  readonly course_no: number
  /** Lowest user id of its learners at that time. */
  readonly learner_base: number
  readonly events: number
}

/** Spells the date of a day by its number, from 0. */
export const dateOf = (world: HistoryWorld, day: number): string =>
  new Date(Date.parse(world.first_date) + day * DAY_MS).toISOString().slice(0, 10)

/** Tells the number of the day on which a course run starts, from 0: the first ones ran already. */
export const firstDayOf = (world: HistoryWorld, run: number): number =>
  Math.max(0, Math.ceil((Math.floor(run / world.runs_per_term) - 0.5) * TERM_DAYS))

/** Lists what the courses have of a day: the same for the same number, whoever asks and when. */
export function sharesOf(world: HistoryWorld, day: number): readonly CourseShare[] {
  const { events_per_day, runs_per_term, endless_share } = world
  // The history begins in the middle of a term, and so does every year of it: then courses are neither all new nor all old.
  const time = day + TERM_DAYS / 2
  const term = Math.floor(time / TERM_DAYS)
  const shares: CourseShare[] = []
  for (let run = 0; run < (term + 1) * runs_per_term; run++) {
    const ended_days = time - (Math.floor(run / runs_per_term) + 1) * TERM_DAYS
    const events = ended_days < 0 ? 0 : strayEvents(world, { day, run, ended_days })
    if (events > 0) shares.push(ofRun(run, events))
  }
  const endless = Math.round(events_per_day * endless_share)
  if (endless > 0) {
    const learner_base = ENDLESS_NO * LEARNERS + Math.floor(day / ENDLESS_LEARNER_DAYS)
    shares.push({ course_id: 'course-v1:DemoX+Endless+2010', course_no: ENDLESS_NO, learner_base, events: endless })
  }
  const homeless = Math.round(events_per_day * WITHOUT_COURSE)
  shares.push({ course_id: null, course_no: 0, learner_base: 0, events: homeless })
  const left = events_per_day - shares.reduce((sum, share) => sum + share.events, 0)
  for (let place = 0; place < runs_per_term; place++) {
    shares.push(ofRun(term * runs_per_term + place, Math.max(1, Math.floor(left / runs_per_term))))
  }
  return shares
}

const ofRun = (run: number, events: number): CourseShare => ({
  course_id: `course-v1:DemoX+C${String(run).padStart(4, '0')}x+R1`,
  course_no: run + 1,
  learner_base: ((run + 1) * LEARNERS) / 2,
  events,
})

function strayEvents(
  { stray_chance, stray_half_life_days }: HistoryWorld,
  { day, run, ended_days }: { readonly day: number; readonly run: number; readonly ended_days: number },
): number {
  const chance = stray_chance * 2 ** (-ended_days / stray_half_life_days)
  return chanceOf(day, run) < chance ? STRAY_EVENTS : 0
}

/** A number from 0 to 1 that looks like chance and is the same each time. */
function chanceOf(day: number, run: number): number {
  let mixed = Math.imul(day + 1, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
}
