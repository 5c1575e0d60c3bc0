// When the course was alive: learners by day, and what they did by week. Days and weeks count different learners, so neither
// can be worked out from the other.
import { axisX, axisY, gridY, rectY, ruleY } from '@observablehq/plot'
import { html, type Markup } from '../html.ts'
import { BLUE, dateOf, drawChart, groupedTick, INK } from './chart.ts'
import { drawLines, gapMark } from './line_chart.ts'
import { type CourseSource, figure, nothing, numbers, type Section } from './section.ts'
import { countText, drawnCount, shownCount } from './small_group.ts'

/** More days than these are no bars any more: the weeks tell it. */
const DAYS_MAX = 500

export const ACTIVITY_BY_DAY: Section = {
  title: 'Learners by day',
  needs: ['course_day'],
  write: async (source) => {
    const days = await source.database.rows<{ readonly day: string; readonly learners: number }>(`
      select strftime(course_day.day, '%Y-%m-%d') as day, learners::integer as learners
      from course_day
      where course_day.day between date '${source.from}' and date '${source.to}'
      order by course_day.day
    `)
    if (days.length > DAYS_MAX) return nothing(`The course ran for ${days.length} days: see the weeks below.`)
    return dayFigure(days, source)
  },
}

function dayFigure(
  days: readonly { readonly day: string; readonly learners: number }[],
  { group_min, gaps, from, to }: CourseSource,
): Markup {
  const shown = days.map(({ day, learners }) => ({ day, count: shownCount(learners, group_min) }))
  const bars = shown.flatMap(({ day, count }) => {
    const value = drawnCount(count)
    return value === null ? [] : [{ day: dateOf(day), value }]
  })
  const few = days.length - bars.length
  if (bars.length === 0) return nothing(`On no day were ${group_min} learners in the course.`)
  const highest = Math.max(...bars.map(({ value }) => value))
  const chart = drawChart(`Bars: learners on each day from ${from} to ${to}, ${highest} at most`, {
    height: 224,
    marginBottom: 34,
    marginLeft: 56,
    x: { type: 'utc', domain: [dateOf(from), new Date(dateOf(to).getTime() + 86_400_000)] },
    y: { domain: [0, highest * 1.05] },
    marks: [
      gapMark(gaps, highest * 1.05),
      gridY({ stroke: '#dddddd', strokeOpacity: 1 }),
      axisX({ label: null, ticks: 8 }),
      axisY({ label: 'learners with any event on the day', labelArrow: 'none', ticks: 5, tickFormat: groupedTick }),
      rectY(bars, { x: 'day', y: 'value', interval: 'day', fill: BLUE, inset: days.length > 120 ? 0 : 0.5 }),
      ruleY([0], { stroke: INK }),
    ],
  })
  return figure({
    chart,
    caption: html`Learners with any event on the day, UTC.${few > 0 ? ` On ${few} of ${days.length} days there were fewer than ${group_min}; they have no bar.` : ''}
${gaps.length > 0 ? 'Grey: days without logs.' : ''}`,
    table: numbers(
      ['day', 'learners'],
      shown.map(({ day, count }) => [day, countText(count)]),
    ),
    rows: days.length,
  })
}

interface Week {
  readonly week: string
  readonly active: number
  readonly played_video: number
  readonly attempted_problem: number
  readonly posted_forum: number
}

const LABELS = {
  active: 'active',
  played_video: 'played a video',
  attempted_problem: 'tried a problem',
  posted_forum: 'wrote in the forum',
} as const
const ACTIVITIES = ['active', 'played_video', 'attempted_problem', 'posted_forum'] as const

export const ACTIVITY_BY_WEEK: Section = {
  title: 'What learners did, by week',
  needs: ['course_activity'],
  write: async ({ database, group_min, gaps, from, to }) => {
    const weeks = await database.rows<Week>(`
      select
        strftime(period_start, '%Y-%m-%d') as week,
        active::integer as active,
        played_video::integer as played_video,
        attempted_problem::integer as attempted_problem,
        posted_forum::integer as posted_forum
      from course_activity
      where period = 'week' and period_start between date_trunc('week', date '${from}') and date '${to}'
      order by period_start
    `)
    const shown = weeks.map((week) => ({
      week: week.week,
      counts: ACTIVITIES.map((name) => shownCount(week[name], group_min, name === 'active' ? undefined : week.active)),
    }))
    const curves = ACTIVITIES.map((name, index) => ({
      name: LABELS[name],
      points: shown.map(({ week, counts }) => {
        const count = counts[index]
        return { day: week, value: count === undefined ? null : drawnCount(count) }
      }),
    })).filter(({ points }) => points.some(({ value }) => value !== null))
    if (curves.length === 0) return nothing(`In no week were ${group_min} learners active.`)
    const first = weeks.at(0)?.week ?? from
    const chart = drawLines({
      label: `Lines: different learners in each week: ${curves.map(({ name, points }) => `${name} ${Math.max(...points.map(({ value }) => value ?? 0))} at most`).join(', ')}`,
      unit: 'different learners in the week',
      curves,
      gaps,
      shape: 'periods',
      from: first < from ? first : from,
      to,
    })
    return figure({
      chart,
      caption: html`Different learners in each week from Monday, by the activities of edX Insights; a learner may be in several lines. Weeks with fewer than
${group_min} are not drawn; where all but fewer than ${group_min} of the active did something, the line is drawn at the bound.`,
      table: numbers(
        ['week from', ...ACTIVITIES.map((name) => LABELS[name])],
        shown.map(({ week, counts }) => [week, ...counts.map(countText)]),
      ),
      rows: weeks.length,
    })
  },
}
