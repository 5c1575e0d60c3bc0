// What learners did, day by day and over periods, worked out from single events by the rules of activity.
import { DAY_US, dateOf, startOf } from '../../cli/sample/calendar.ts'
import type { CourseTruth, EventCount } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import {
  activityOf,
  dayOf,
  distinct,
  grouped,
  isBlockCall,
  isPost,
  isSubmission,
  type LearnerMoment,
  learnerMoments,
  momentsOf,
  most,
  sum,
} from './moments.ts'

/** A pause between two events of a learner counts up to here, this length included. */
const GAP_MOST_US = 300_000_000

export interface Gap {
  readonly user_id: string
  /** Day of the later event. */
  readonly day: string
  readonly gap_us: number
}

/** Gives every pause from one event of a learner to the next, calls of blocks left out. */
export function gapsOf(moments: readonly LearnerMoment[]): readonly Gap[] {
  const own = [
    ...grouped(
      moments.filter((moment) => !isBlockCall(moment)),
      (moment) => moment.user_id,
    ).values(),
  ]
  return own.flatMap((events) =>
    events.slice(1).map((event, index) => ({
      user_id: event.user_id,
      day: dayOf(event),
      gap_us: event.time_us - (events[index]?.time_us ?? 0),
    })),
  )
}

/** Gives the counters of some events of one learner. */
export function countersOf(events: readonly LearnerMoment[]) {
  const count = (test: (moment: LearnerMoment) => boolean): number => events.filter(test).length
  const ofType = (type: string): number => count((event) => event.event_type === type)
  const ofFamily = (family: string): number => count((event) => activityOf(event.event_type) === family)
  const blocks = (test: (moment: LearnerMoment) => boolean): number =>
    distinct(
      events.filter(test).flatMap(({ what }) => {
        if (what.kind === 'video') return [what.video.block_id]
        return what.kind === 'submission' ? [what.problem.block_id] : []
      }),
    )
  return {
    events: events.length,
    video_events: ofFamily('video'),
    plays: ofType('play_video'),
    pauses: ofType('pause_video'),
    seeks: ofType('seek_video'),
    problem_checks: count(isSubmission),
    problem_clicks: count((event) => event.event_type === 'problem_check' && event.event_source === 'browser'),
    show_answers: ofType('showanswer'),
    hints: ofType('edx.problem.hint.demandhint_displayed'),
    forum_events: ofFamily('forum'),
    forum_posts: count(isPost),
    page_views: count((event) => event.event_source === 'server' && event.event_type.startsWith('page:')),
    xblock_calls: count(isBlockCall),
    textbook_events: ofFamily('text'),
    sequence_moves: ofFamily('sequence'),
    mobile_events: count((event) => event.event_source === 'mobile'),
    videos_played: blocks((event) => event.event_type === 'play_video'),
    problems_attempted: blocks(isSubmission),
    first_time: events[0]?.time_us ?? null,
    last_time: events.at(-1)?.time_us ?? null,
  }
}

function personCourseDays(course: CourseTruth): readonly MeantRow[] {
  const moments = learnerMoments(course)
  const short = gapsOf(moments).filter(({ gap_us }) => gap_us <= GAP_MOST_US)
  const gaps = grouped(short, ({ user_id, day }) => `${user_id} ${day}`)
  return [...grouped(moments, (moment) => `${moment.user_id} ${dayOf(moment)}`)].map(([key, events]) => {
    const own = (gaps.get(key) ?? []).map(({ gap_us }) => gap_us)
    const [user_id = '', day = ''] = key.split(' ')
    return {
      user_id,
      day,
      ...countersOf(events),
      gaps: own.length,
      gap_sum_s: sum(own) / 1e6,
      gap_max_s: own.length === 0 ? null : most(own) / 1e6,
    }
  })
}

/** Monday of a day's week. */
function mondayOf(day: string): string {
  const from_monday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return dateOf(startOf(day) - from_monday * DAY_US)
}

const PERIODS: readonly (readonly [string, (day: string) => string])[] = [
  ['day', (day) => day],
  ['week', mondayOf],
  ['month', (day) => `${day.slice(0, 7)}-01`],
]

function courseActivity(course: CourseTruth): readonly MeantRow[] {
  const moments = learnerMoments(course)
  const active = moments.filter((moment) => !moment.event_type.startsWith('edx.course.enrollment.'))
  return PERIODS.flatMap(([period, startOfPeriod]) =>
    [...grouped(active, (moment) => startOfPeriod(dayOf(moment)))].map(([period_start, events]) => {
      const learners = (test: (moment: LearnerMoment) => boolean): number =>
        distinct(events.filter(test).map((event) => event.user_id))
      return {
        period,
        period_start,
        active: learners(() => true),
        attempted_problem: learners(isSubmission),
        played_video: learners((event) => event.event_type === 'play_video' && event.event_source !== 'server'),
        posted_forum: learners((event) => isPost(event) && event.event_source === 'server'),
      }
    }),
  )
}

/** The counts are kept beside the single events: both are compared. */
const countRow = ({ first_time_us, last_time_us, ...count }: EventCount): MeantRow => ({
  ...count,
  first_time: first_time_us,
  last_time: last_time_us,
})

export const ACTIVITY: readonly Comparison[] = [
  {
    table: 'learner_event_day',
    meant: (course) => course.events.filter(({ user_id }) => user_id !== null).map(countRow),
  },
  {
    table: 'event_type_day',
    leave_out: ['bytes'],
    meant: (course) =>
      [...grouped(momentsOf(course), (moment) => `${dayOf(moment)} ${moment.event_source} ${moment.event_type}`)].map(
        ([key, events]) => {
          const [day = '', event_source = '', event_type = ''] = key.split(' ')
          return { day, event_source, event_type, n: events.length }
        },
      ),
  },
  {
    table: 'learner',
    leave_out: ['username'],
    meant: (course) =>
      [...grouped(learnerMoments(course), ({ user_id }) => user_id)].map(([user_id, events]) => ({
        user_id,
        first_seen: events[0]?.time_us ?? null,
        last_seen: events.at(-1)?.time_us ?? null,
        events: events.length,
      })),
  },
  { table: 'person_course_day', meant: personCourseDays },
  { table: 'course_activity', meant: courseActivity },
]
