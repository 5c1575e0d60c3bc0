// Each learner in sum: what the day table adds up to, beside what became of the learner.
import type { CourseTruth } from '../../cli/sample/truth.ts'
import type { Comparison, MeantRow } from './comparison.ts'
import { countersOf, gapsOf } from './meant_activity.ts'
import { certificates, grades } from './meant_states.ts'
import { durationsOf, watchedIn } from './meant_video.ts'
import { dayOf, distinct, grouped, learnerMoments, sum } from './moments.ts'

const GAP_MOST_US = 300_000_000

/** Deviation of n − 1 from whole numbers: n·Σx² − (Σx)² has no rounding in it. */
function deviation(gaps_us: readonly number[]): number | null {
  const n = BigInt(gaps_us.length)
  if (n < 2n) return null
  const total = gaps_us.reduce((all, gap) => all + BigInt(gap), 0n)
  const squares = gaps_us.reduce((all, gap) => all + BigInt(gap) * BigInt(gap), 0n)
  return Math.sqrt(Number(n * squares - total * total) / Number(n * (n - 1n))) / 1e6
}

function effort(gaps_us: readonly number[]) {
  const total = sum(gaps_us)
  const n = gaps_us.length
  return {
    gaps: n,
    gap_sum_s: total / 1e6,
    gap_max_s: n === 0 ? null : Math.max(...gaps_us) / 1e6,
    gap_mean_s: n === 0 ? null : total / n / 1e6,
    gap_sd_s: deviation(gaps_us),
  }
}

const NOTHING_DONE = { ...countersOf([]), first_time: null, last_time: null }

function watched(course: CourseTruth) {
  const durations = durationsOf(course)
  const viewings = grouped(course.viewings, ({ user_id }) => user_id)
  return (user_id: string) => {
    const own = [...grouped(viewings.get(user_id) ?? [], ({ video_id }) => video_id)].map(
      ([video_id, views]) => [video_id, watchedIn(views).union_ms] as const,
    )
    const whole = own.filter(([video_id, ms]) => ms / 1000 >= 0.95 * (durations.get(video_id) ?? Infinity))
    return { watched_s: sum(own.map(([, ms]) => ms)) / 1000, videos_watched: whole.length }
  }
}

function people(course: CourseTruth): readonly MeantRow[] {
  const moments = learnerMoments(course)
  const done = grouped(moments, ({ user_id }) => user_id)
  const short = gapsOf(moments).filter(({ gap_us }) => gap_us <= GAP_MOST_US)
  const gaps = grouped(short, ({ user_id }) => user_id)
  const by = (rows: readonly MeantRow[]) => new Map(rows.map((row) => [String(row.user_id), row]))
  const [graded, certified] = [by(grades(course)), by(certificates(course))]
  const enrolled = new Map(course.enrollments.map((state) => [state.user_id, state]))
  const watchedBy = watched(course)
  const solved = grouped(
    course.submissions.filter(({ success }) => success),
    ({ user_id }) => user_id,
  )
  const everybody = new Set([...done.keys(), ...enrolled.keys(), ...graded.keys(), ...certified.keys()])
  return [...everybody].map((user_id) => {
    const own = done.get(user_id) ?? []
    const state = enrolled.get(user_id)
    return {
      user_id,
      ...(own.length === 0 ? NOTHING_DONE : countersOf(own)),
      ...effort((gaps.get(user_id) ?? []).map(({ gap_us }) => gap_us)),
      days_active: distinct(own.map(dayOf)),
      enrollment_mode: state?.mode ?? null,
      enrollment_state: state === undefined ? null : state.is_active ? 'enrolled' : 'unenrolled',
      grade: graded.get(user_id)?.percent ?? null,
      passed_time: graded.get(user_id)?.passed_first ?? null,
      certificate_time: certified.get(user_id)?.created ?? null,
      // No GeoIP file is configured.
      country: null,
      ...watchedBy(user_id),
      problems_correct: distinct((solved.get(user_id) ?? []).map(({ problem_id }) => problem_id)),
    }
  })
}

export const PEOPLE: readonly Comparison[] = [{ table: 'person_course', meant: people }]
