// How many learners were enrolled, by mode, over the life of the course: the curve that every report begins with.
import { html } from '../html.ts'
import { drawLines } from './line_chart.ts'
import { figure, nothing, numbers, type Section } from './section.ts'
import { type Step, steppedCounts } from './small_group.ts'

/** More lines than these cannot be told apart. */
const MODES_MAX = 6
/** The table has a row a week up to so many days, then a row a month. */
const WEEKLY_DAYS_MAX = 200

export const ENROLMENT: Section = {
  title: 'Enrolment',
  needs: ['enrollment_day'],
  write: async ({ database, group_min, gaps, from, to }) => {
    const rows = await database.rows<Step & { readonly mode: string }>(`
      select mode, strftime(day, '%Y-%m-%d') as day, at_end::integer as count
      from enrollment_day
      order by mode, enrollment_day.day
    `)
    const modes = [...Map.groupBy(rows, ({ mode }) => mode)]
      // Over the whole course, so that reports of other days tell the same steps.
      .map(([mode, days]) => ({ mode, steps: within(steppedCounts(days, group_min), { from, to }) }))
      .filter(({ steps }) => steps.length > 0)
      .sort((one, other) => highestOf(other.steps) - highestOf(one.steps))
      .slice(0, MODES_MAX)
    if (modes.length === 0) return nothing(`In no mode were ${group_min} learners enrolled.`)
    const ends = modes.map(({ mode, steps }) => `${mode} ${(steps.at(-1)?.count ?? 0).toLocaleString('en-US')}`)
    const days = tableDays([...new Set(rows.map(({ day }) => day))].filter((day) => day >= from && day <= to).sort())
    const chart = drawLines({
      label: `Lines: learners enrolled at the end of each day from ${from} to ${to}; at the end ${ends.join(', ')}`,
      unit: 'learners enrolled at the end of the day',
      curves: modes.map(({ steps }, index) => ({
        name: ends[index] ?? '',
        points: steps.map(({ day, count }) => ({ day, value: count })),
      })),
      gaps,
      shape: 'steps',
      from,
      to,
    })
    return figure({
      chart,
      caption: html`Learners enrolled by mode, as the events of the course tell. A curve moves once at least ${group_min} learners came or went
since its last move, so it may lag by fewer than ${group_min}.`,
      table: numbers(
        ['end of day', ...modes.map(({ mode }) => mode)],
        days.map((day) => [day, ...modes.map(({ steps }) => valueAt(steps, day, group_min))]),
      ),
      rows: days.length,
    })
  },
}

/** The steps of a stretch of days; it begins with the last one before it. */
function within(steps: readonly Step[], { from, to }: { readonly from: string; readonly to: string }): readonly Step[] {
  const before = steps.findLast(({ day }) => day < from)
  const inside = steps.filter(({ day }) => day >= from && day <= to)
  return before === undefined || inside[0]?.day === from ? inside : [{ day: from, count: before.count }, ...inside]
}

const highestOf = (steps: readonly Step[]): number => Math.max(...steps.map(({ count }) => count))

const valueAt = (steps: readonly Step[], day: string, group_min: number): string =>
  steps.findLast((step) => step.day <= day)?.count.toLocaleString('en-US') ?? `<${group_min}`

/** The last day of each week or month, and the last of all. */
function tableDays(days: readonly string[]): readonly string[] {
  const period = (day: string): string =>
    days.length <= WEEKLY_DAYS_MAX
      ? String(Math.floor((Date.parse(`${day}T00:00:00Z`) / 86_400_000 - 4) / 7))
      : day.slice(0, 7)
  return days.filter((day, index) => {
    const next = days[index + 1]
    return next === undefined || period(next) !== period(day)
  })
}
