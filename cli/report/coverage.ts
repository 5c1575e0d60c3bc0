// What the rest of the report cannot know: days whose logs are not there. A dip in a curve over such days is a hole in the logs
// and not in the course.
import { cell, text } from '@observablehq/plot'
import type { Database } from '../../runtime/duckdb.ts'
import { html, type Markup } from '../html.ts'
import { BLUE, dateOf, drawChart, INK, VERMILION } from './chart.ts'
import type { Gap } from './line_chart.ts'
import { figure, numbers, type Section } from './section.ts'

interface DayState {
  readonly day: string
  readonly state: string
  readonly why: string | null
}

/** How a state is drawn: by fill and by sign, so that it reads without colour. */
const LOOKS = {
  merged: { fill: BLUE, sign: '', ink: 'white', words: 'in this report' },
  waiting: { fill: '#bdbdbd', sign: '·', ink: INK, words: 'not computed or not merged yet' },
  missing: { fill: '#ffffff', sign: '×', ink: INK, words: 'no log file' },
  empty: { fill: '#ffffff', sign: '○', ink: INK, words: 'a log file of no bytes' },
  quarantined: { fill: VERMILION, sign: '!', ink: 'white', words: 'a log file that cannot be used' },
} as const

type Look = keyof typeof LOOKS

const lookOf = (state: string): Look =>
  state === 'done' || state === 'stale' ? 'waiting' : isLook(state) ? state : 'waiting'
const isLook = (state: string): state is Look => state in LOOKS

interface Stretch {
  readonly site: string
  readonly from: string
  readonly to: string
}

/** Reads where the days of a site stand, one row a day. */
async function readDays(database: Database, { site, from, to }: Stretch): Promise<readonly DayState[]> {
  return await database.rows<DayState>(
    `
      select strftime(date, '%Y-%m-%d') as day, state, quarantine_class as why
      from organisation.day
      where site = $1 and state <> 'superseded' and date between date '${from}' and date '${to}'
      order by date
    `,
    [site],
  )
}

interface NamedGap extends Gap {
  readonly days: number
  readonly look: Look
  readonly why: string | null
}

/** Joins neighbouring days of one state that is not `merged`. */
function gapsOf(days: readonly DayState[]): readonly NamedGap[] {
  const found: NamedGap[] = []
  let before: string | null = null
  for (const { day, state, why } of days) {
    const look = lookOf(state)
    const last = found.at(-1)
    const follows = last !== undefined && last.to === before && last.look === look && last.why === why
    if (look !== 'merged' && follows) found[found.length - 1] = { ...last, to: day, days: last.days + 1 }
    else if (look !== 'merged') found.push({ from: day, to: day, days: 1, look, why })
    before = day
  }
  return found
}

/** Tells the days without logs, which the other figures mark. */
export const readGaps = async (database: Database, stretch: Stretch): Promise<readonly Gap[]> =>
  gapsOf(await readDays(database, stretch))

export const COVERAGE: Section = {
  title: 'Coverage of the logs',
  needs: ['log_file', 'organisation.day'],
  write: async ({ database, site, from, to }) => {
    const days = await readDays(database, { site, from, to })
    const gaps = gapsOf(days)
    const absent = gaps.reduce((all, gap) => all + gap.days, 0)
    const used = [...new Set(days.map(({ state }) => lookOf(state)))]
    return figure({
      chart: calendar(days),
      caption: html`Days of the site from ${from} to ${to}: ${days.length - absent} of ${days.length} are in this report. ${(Object.keys(LOOKS) as Look[]).filter((look) => used.includes(look)).map(legend)}`,
      table:
        gaps.length === 0
          ? html`<p>No day is missing.</p>`
          : numbers(
              ['from', 'to', 'what', 'days'],
              gaps.map(({ from, to, look, why, days }) => [
                from,
                to,
                why === null ? LOOKS[look].words : `${LOOKS[look].words} (${why})`,
                days,
              ]),
              { texts: 3 },
            ),
      rows: gaps.length,
      is_open: true,
    })
  },
}

const legend = (look: Look): Markup =>
  html`<span class="key"><span class="box ${look}">${LOOKS[look].sign}</span> ${LOOKS[look].words}</span> `

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const CELL = 14
const LEFT = 40
const RIGHT = 50
const DAY_MS = 86_400_000

/** Draws the days as a calendar: a row a weekday, a column a week, a block a year. */
function calendar(days: readonly DayState[]): Markup {
  const placed = days.map(({ day, state }) => ({ ...placeOf(day), look: LOOKS[lookOf(state)] }))
  const years = [...new Set(placed.map(({ year }) => year))].sort()
  const weeks = placed.map(({ week }) => week)
  const [first, last] = [Math.min(...weeks), Math.max(...weeks)]
  const labels = monthLabels(days.map(({ day }) => day))
  const gaps = days.length - days.filter(({ state }) => state === 'merged').length
  const top = 6
  return drawChart(`Calendar of ${days.length} days of logs: ${gaps} are not in this report; they are listed below`, {
    width: (last - first + 1) * CELL + LEFT + RIGHT,
    height: top + years.length * 8 * CELL * 1.16,
    marginTop: top,
    marginBottom: 0,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: {
      type: 'band',
      domain: Array.from({ length: last - first + 1 }, (_, index) => first + index),
      padding: 0.1,
      axis: null,
    },
    y: {
      type: 'band',
      domain: ['', ...WEEKDAYS],
      padding: 0.1,
      ticks: ['Mon', 'Wed', 'Fri', 'Sun'],
      tickSize: 0,
      label: null,
    },
    fy: { domain: years, label: null, padding: 0.06 },
    marks: [
      text(labels, { x: 'week', y: () => '', fy: 'year', text: 'name', textAnchor: 'start', fill: INK, dx: -5 }),
      cell(placed, {
        x: 'week',
        y: 'weekday',
        fy: 'year',
        fill: ({ look }: Placed) => look.fill,
        stroke: ({ look }: Placed) => (look.fill === '#ffffff' ? '#8a8a8a' : look.fill),
        strokeWidth: 0.75,
      }),
      text(placed, {
        x: 'week',
        y: 'weekday',
        fy: 'year',
        text: ({ look }: Placed) => look.sign,
        fill: ({ look }: Placed) => look.ink,
        fontWeight: 700,
        fontSize: 11,
      }),
    ],
  })
}

/** Names months above the first whole week of each, and above the first week of all where there is room. */
function monthLabels(
  days: readonly string[],
): readonly { readonly name: string; readonly year: string; readonly week: number }[] {
  const starts = days.filter((day) => day.endsWith('-01'))
  const labels = starts.map((day) => {
    const { year, week } = placeOf(day)
    return { name: monthOf(day), year, week: day.slice(5, 7) === '01' ? week : week + 1 }
  })
  const [first] = days
  if (first === undefined || first.endsWith('-01')) return labels
  const { year, week } = placeOf(first)
  const has_room = labels.every((label) => label.year !== year || label.week - week >= 3)
  return has_room ? [{ name: monthOf(first), year, week }, ...labels] : labels
}

const monthOf = (day: string): string => MONTHS[Number(day.slice(5, 7)) - 1] ?? ''

interface Placed {
  readonly look: (typeof LOOKS)[Look]
}

/** Finds the year, the week of the year from Monday, and the weekday of a day. */
function placeOf(day: string): { readonly year: string; readonly week: number; readonly weekday: string } {
  const date = dateOf(day)
  const year = day.slice(0, 4)
  const first = dateOf(`${year}-01-01`)
  const monday_of_first = (first.getUTCDay() + 6) % 7
  const day_of_year = Math.round((date.getTime() - first.getTime()) / DAY_MS)
  return {
    year,
    week: Math.floor((day_of_year + monday_of_first) / 7),
    weekday: WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? 'Mon',
  }
}
