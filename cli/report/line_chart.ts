// Several curves over time in one picture: each is told from the others by colour, dashes, marks and its name at its end, so
// that it reads in grey print and to every eye.
import { areaY, axisX, axisY, dot, gridY, line, type Markish, rect, ruleY, text } from '@observablehq/plot'
import type { Markup } from '../html.ts'
import { apart, dateOf, drawChart, groupedTick, INK, LINES } from './chart.ts'

export interface Curve {
  readonly name: string
  /** Days in order; null is not drawn and breaks the line. */
  readonly points: readonly { readonly day: string; readonly value: number | null }[]
}

/** Days of which the logs tell nothing, both ends included. */
export interface Gap {
  readonly from: string
  readonly to: string
}

interface LineChart {
  readonly label: string
  /** What the vertical axis counts. */
  readonly unit: string
  readonly curves: readonly Curve[]
  readonly gaps: readonly Gap[]
  /** A step holds its value until the next point; the other lines join points that stand for periods. */
  readonly shape: 'steps' | 'periods'
  readonly from: string
  readonly to: string
}

const HEIGHT = 280
const MARGINS = { top: 28, bottom: 34, left: 56, right: 170 }
const LABEL_GAP = 15
/** Marks on a line of more points would be a caterpillar. */
const MARKED_POINTS_MAX = 60
const DAY_MS = 86_400_000

/** Draws curves over time with their names at their ends. */
export function drawLines(given: LineChart): Markup {
  const { curves, from, to } = given
  const drawn = curves.map((curve, index) => ({ ...curve, look: LINES[index % LINES.length] ?? LINES[0] }))
  const highest = Math.max(1, ...curves.flatMap(({ points }) => points.map(({ value }) => value ?? 0)))
  const y_max = highest * 1.05
  const names = endsOf(drawn, y_max, endOf(given))
  return drawChart(given.label, {
    height: HEIGHT,
    marginTop: MARGINS.top,
    marginBottom: MARGINS.bottom,
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    x: { type: 'utc', domain: [dateOf(from), new Date(dateOf(to).getTime() + DAY_MS)] },
    y: { domain: [0, y_max], nice: false },
    marks: [
      gapMark(given.gaps, y_max),
      gridY({ stroke: '#dddddd', strokeOpacity: 1 }),
      axisX({ label: null, ticks: 8 }),
      axisY({ label: given.unit, labelArrow: 'none', ticks: 5, tickFormat: groupedTick }),
      ruleY([0], { stroke: INK }),
      drawn.map((curve) => curveMarks(curve, given)),
      given.shape === 'periods' ? names.map(({ look, ...at }) => symbolMark([at], look, { dx: 14 })) : [],
      text(names, { x: 'x', y: 'y', text: 'name', textAnchor: 'start', dx: 24, fill: INK, fontWeight: 600 }),
    ],
  })
}

/** Grey where the logs have nothing, so that a hole in the logs is not read as a rest of the learners. */
export function gapMark(gaps: readonly Gap[], y_max: number): Markish {
  const bands = gaps.map(({ from, to }) => ({ from: dateOf(from), to: new Date(dateOf(to).getTime() + DAY_MS) }))
  return rect(bands, { x1: 'from', x2: 'to', y1: 0, y2: y_max, fill: '#e4e4e4' })
}

/** Where the lines end and their names begin. */
function endOf({ curves, shape, to }: LineChart): Date {
  const end = new Date(dateOf(to).getTime() + DAY_MS)
  if (shape === 'steps') return end
  const told = curves.flatMap(({ points }) => points.filter(({ value }) => value !== null).map(({ day }) => day))
  const last = told.sort().at(-1)
  return last === undefined ? end : dateOf(last)
}

type Look = (typeof LINES)[number]
type Drawn = Curve & { readonly look: Look }

function curveMarks({ points, look }: Drawn, { shape, to }: LineChart): Markish {
  const placed = points.map(({ day, value }) => ({ x: dateOf(day), y: value }))
  const last = placed.at(-1)
  if (shape === 'steps' && last !== undefined) placed.push({ x: new Date(dateOf(to).getTime() + DAY_MS), y: last.y })
  const channels = { x: 'x', y: 'y', stroke: look.colour, strokeWidth: 2 }
  const marked = placed.filter(({ y }) => y !== null)
  return [
    shape === 'steps'
      ? areaY(placed, { x: 'x', y: 'y', curve: 'step-after', fill: look.colour, fillOpacity: 0.06 })
      : [],
    line(placed, { ...channels, strokeDasharray: look.dash, curve: shape === 'steps' ? 'step-after' : 'linear' }),
    shape === 'periods' && marked.length <= MARKED_POINTS_MAX ? symbolMark(marked, look, { dx: 0 }) : [],
  ]
}

function symbolMark(
  points: readonly { readonly x: Date; readonly y: number | null }[],
  look: Look,
  { dx }: { readonly dx: number },
): Markish {
  const { symbol, colour: stroke } = look
  return dot(points, { x: 'x', y: 'y', dx, symbol, r: 3.5, fill: 'white', stroke, strokeWidth: 2 })
}

/** Places the names beside the last points, moved apart where they would cover each other. */
function endsOf(
  drawn: readonly Drawn[],
  y_max: number,
  x: Date,
): readonly (Pick<Drawn, 'name' | 'look'> & { readonly x: Date; readonly y: number })[] {
  const ends = drawn.flatMap(({ name, look, points }) => {
    const end = points.findLast(({ value }) => value !== null)
    return end === undefined || end.value === null ? [] : [{ name, look, value: end.value }]
  })
  const pixels = HEIGHT - MARGINS.top - MARGINS.bottom
  const moved = apart(
    ends.map(({ value }) => pixels * (1 - value / y_max)),
    { gap: LABEL_GAP, end: pixels - 8 },
  )
  return ends.map(({ name, look }, index) => ({
    name,
    look,
    x,
    y: y_max * (1 - (moved[index] ?? 0) / pixels),
  }))
}
