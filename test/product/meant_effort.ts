// How long learners stayed: sessions and time on task, worked out from the pauses between single events.
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { activityOf, dayOf, grouped, isBlockCall, type LearnerMoment, learnerMoments } from './moments.ts'

/** Longer silence ends a session. */
const SILENCE_MOST_US = 1_800_000_000

function sessions(course: CourseTruth): readonly MeantRow[] {
  return [...grouped(learnerMoments(course), ({ user_id }) => user_id)].flatMap(([user_id, events]) =>
    runsOf(events).map((run, index) => {
      const start_time = run[0]?.time_us ?? 0
      const end_time = run.at(-1)?.time_us ?? 0
      return {
        user_id,
        session_no: index + 1,
        start_time,
        end_time,
        events: run.length,
        duration_s: (end_time - start_time) / 1e6,
        page_closes: run.filter((event) => event.event_type === 'page_close').length,
      }
    }),
  )
}

function runsOf(events: readonly LearnerMoment[]): readonly (readonly LearnerMoment[])[] {
  const runs: LearnerMoment[][] = []
  let previous_us = Number.NEGATIVE_INFINITY
  for (const event of events) {
    if (event.time_us - previous_us > SILENCE_MOST_US) runs.push([])
    runs.at(-1)?.push(event)
    previous_us = event.time_us
  }
  return runs
}

const TIMEOUTS = [
  ['5', 300_000_000],
  ['30', 1_800_000_000],
] as const
const CLASSES = ['total', 'video', 'problem', 'forum', 'text'] as const

function timeOnTask(course: CourseTruth): readonly MeantRow[] {
  const rows = new Map<string, Record<string, number>>()
  for (const kind of CLASSES) {
    const events = learnerMoments(course).filter(
      (moment) => !isBlockCall(moment) && (kind === 'total' || activityOf(moment.event_type) === kind),
    )
    for (const own of grouped(events, ({ user_id }) => user_id).values())
      own.forEach((event, index) => {
        const previous = own[index - 1]
        if (previous === undefined) return
        for (const [minutes, timeout_us] of TIMEOUTS) {
          const gap_us = event.time_us - previous.time_us
          if (gap_us >= timeout_us) continue
          const key = `${event.user_id} ${dayOf(event)}`
          const row = rows.get(key) ?? {}
          const column = `${kind}_${minutes}_s`
          row[column] = (row[column] ?? 0) + gap_us
          rows.set(key, row)
        }
      })
  }
  return [...rows].map(([key, row]) => {
    const [user_id = '', day = ''] = key.split(' ')
    const columns = CLASSES.flatMap((kind) => TIMEOUTS.map(([minutes]) => `${kind}_${minutes}_s`))
    return { user_id, day, ...Object.fromEntries(columns.map((column) => [column, (row[column] ?? 0) / 1e6])) }
  })
}

export const EFFORT: readonly Comparison[] = [
  { table: 'session', meant: sessions },
  { table: 'time_on_task_day', meant: timeOnTask },
]
