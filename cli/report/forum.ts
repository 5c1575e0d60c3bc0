// Who wrote and who read in the forum, by week. Numbers of posts are left out: a post has one author.
import { html } from '../html.ts'
import { drawLines } from './line_chart.ts'
import { figure, nothing, numbers, type Section } from './section.ts'
import { countText, drawnCount, shownCount } from './small_group.ts'

interface Week {
  readonly week: string
  readonly wrote: number
  readonly voted: number
  readonly viewed: number
}

const KINDS = ['viewed', 'wrote', 'voted'] as const
const LABELS = { viewed: 'read', wrote: 'wrote', voted: 'voted' } as const

export const FORUM: Section = {
  title: 'Forum',
  needs: ['forum_day'],
  write: async ({ database, group_min, gaps, from, to }) => {
    const weeks = await database.rows<Week>(`
      select
        strftime(date_trunc('week', forum_day.day), '%Y-%m-%d') as week,
        (count(distinct user_id) filter (starts_with(action, 'created_')))::integer as wrote,
        (count(distinct user_id) filter (starts_with(action, 'voted_')))::integer as voted,
        (count(distinct user_id) filter (starts_with(action, 'viewed_')))::integer as viewed
      from forum_day
      where forum_day.day between date_trunc('week', date '${from}') and date_trunc('week', date '${to}')::date + 6
      group by week
      order by week
    `)
    const shown = weeks.map((week) => ({
      week: week.week,
      counts: KINDS.map((kind) => shownCount(week[kind], group_min)),
    }))
    const curves = KINDS.map((kind, index) => ({
      name: LABELS[kind],
      points: shown.map(({ week, counts }) => {
        const count = counts[index]
        return { day: week, value: count === undefined ? null : drawnCount(count) }
      }),
    })).filter(({ points }) => points.some(({ value }) => value !== null))
    if (curves.length === 0) return nothing(`In no week were ${group_min} learners in the forum.`)
    const first = weeks.at(0)?.week ?? from
    const chart = drawLines({
      label: `Lines: different learners in the forum in each week: ${curves.map(({ name, points }) => `${name} ${Math.max(...points.map(({ value }) => value ?? 0))} at most`).join(', ')}`,
      unit: 'different learners in the week',
      curves,
      gaps,
      shape: 'periods',
      from: first < from ? first : from,
      to,
    })
    return figure({
      chart,
      caption: html`Different learners in each week from Monday who read the forum, wrote threads, responses or comments, or voted. Weeks with fewer than
${group_min} are not drawn.`,
      table: numbers(
        ['week from', ...KINDS.map((kind) => LABELS[kind])],
        shown.map(({ week, counts }) => [week, ...counts.map(countText)]),
      ),
      rows: weeks.length,
    })
  },
}
