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
  write: async ({ database, group_min, gaps }) => {
    const rows = await database.rows<Step & { readonly mode: string }>(`
      select mode, strftime(day, '%Y-%m-%d') as day, at_end::integer as count
      from enrollment_day
      order by mode, enrollment_day.day
    `)
    const last_day =
      rows
        .map(({ day }) => day)
        .sort()
        .at(-1) ?? ''
    const first_day =
      rows
        .map(({ day }) => day)
        .sort()
        .at(0) ?? ''
    const modes = [...Map.groupBy(rows, ({ mode }) => mode)]
      .map(([mode, days]) => ({ mode, steps: steppedCounts(days, group_min) }))
      .filter(({ steps }) => steps.length > 0)
      .sort((one, other) => highestOf(other.steps) - highestOf(one.steps))
      .slice(0, MODES_MAX)
    if (modes.length === 0) return nothing(`In no mode were ${group_min} learners enrolled.`)
    const days = tableDays([...new Set(rows.map(({ day }) => day))].sort())
    const chart = drawLines({
      label: `Learners enrolled at the end of each day from ${first_day} to ${last_day}: ${modes.map(({ mode, steps }) => `${mode} ${steps.at(-1)?.count ?? 0} at the end`).join(', ')}`,
      unit: 'learners enrolled at the end of the day',
      curves: modes.map(({ mode, steps }) => ({
        name: `${mode} ${(steps.at(-1)?.count ?? 0).toLocaleString('en-US')}`,
        points: steps.map(({ day, count }) => ({ day, value: count })),
      })),
      gaps,
      shape: 'steps',
      from: first_day,
      to: last_day,
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
