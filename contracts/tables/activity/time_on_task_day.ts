// Without it effort would be guessed from counts of events: it adds up the time between one event and the next.
import type { DerivedTable } from '../../table.ts'

const KINDS = ['video', 'problem', 'forum', 'text'] as const
const MINUTES = [5, 30] as const

/** Seconds of the pauses of some rows that are strictly shorter than so many minutes. */
const secondsUnder = (minutes: number, gap: string, rows: string): string =>
  `coalesce(sum(${gap}) filter (${rows} and ${gap} < ${minutes * 60_000_000}), 0) / 1e6`

export default {
  name: 'time_on_task_day',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one learner and UTC day with a pause of under 30 minutes between two events',
  doc: 'Time on task by the rule of edx2bigquery: the time from the learner’s previous event to each event counts when it is strictly under 5, or strictly under 30, minutes, on the day of the later event, also over midnight. `total` looks at all events but calls of block handlers. The four kinds look at the events of that kind alone, the previous one being the previous of that kind whatever happened between, so they overlap and do not add up to the total. The kinds are the activity families of the event types. Days without any such pause have no row.',
  from: ['learner_moment'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    user_id: { type: 'BIGINT', doc: 'The learner; negative when no account id is known for the name' },
    day: { type: 'DATE', doc: 'UTC calendar day of the later event of each pause' },
    total_5_s: {
      type: 'DOUBLE',
      doc: 'Seconds between any events but handler calls, pauses under 5 minutes; 0 without one',
    },
    total_30_s: { type: 'DOUBLE', doc: 'Seconds between any events but handler calls, pauses under 30 minutes' },
    video_5_s: {
      type: 'DOUBLE',
      doc: 'Seconds between events of the video player, pauses under 5 minutes; 0 without one',
    },
    video_30_s: {
      type: 'DOUBLE',
      doc: 'Seconds between events of the video player, pauses under 30 minutes; 0 without one',
    },
    problem_5_s: { type: 'DOUBLE', doc: 'Seconds between events of problems, pauses under 5 minutes; 0 without one' },
    problem_30_s: { type: 'DOUBLE', doc: 'Seconds between events of problems, pauses under 30 minutes; 0 without one' },
    forum_5_s: { type: 'DOUBLE', doc: 'Seconds between forum events, pauses under 5 minutes; 0 without one' },
    forum_30_s: { type: 'DOUBLE', doc: 'Seconds between forum events, pauses under 30 minutes; 0 without one' },
    text_5_s: {
      type: 'DOUBLE',
      doc: 'Seconds between events of textbooks and the wiki, pauses under 5 minutes; 0 without one',
    },
    text_30_s: {
      type: 'DOUBLE',
      doc: 'Seconds between events of textbooks and the wiki, pauses under 30 minutes; 0 without one',
    },
  },
  sql: `
    -- several rows of one moment are gaps of 0 in the total, as several events of one row are
    with lagged as (
      select
        course_id,
        user_id,
        time::date as day,
        class,
        n,
        epoch_us(time) - lag(epoch_us(time)) over (partition by course_id, user_id order by time) as gap_us,
        epoch_us(time) - lag(epoch_us(time)) over (partition by course_id, user_id, class order by time) as class_gap_us
      from learner_moment
      where class <> 'xblock'
    )
    select
      course_id,
      user_id,
      day,
      ${[
        ...MINUTES.map((minutes) => `${secondsUnder(minutes, 'gap_us', 'true')} as total_${minutes}_s`),
        ...KINDS.flatMap((kind) =>
          MINUTES.map(
            (minutes) => `${secondsUnder(minutes, 'class_gap_us', `class = '${kind}'`)} as ${kind}_${minutes}_s`,
          ),
        ),
      ].join(',\n      ')}
    from lagged
    group by course_id, user_id, day
    -- n events at one moment are n - 1 gaps of 0
    having bool_or(n > 1 or gap_us < 1800000000)
  `,
} as const satisfies DerivedTable
