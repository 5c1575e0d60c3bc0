// Charts are drawn once, here, as SVG that stands in the page: whoever opens a report needs no network, no scripts and not
// this program. All of them look alike because what they have in common is set in one place.
import { type PlotOptions, plot } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html, Markup } from '../html.ts'

export const PAGE_WIDTH = 860
export const INK = '#222222'
export const FAINT = '#8a8a8a'

/** How the first, second … line of a chart is told from the others: by colour (Okabe and Ito), dashes and marks. */
export const LINES = [
  { colour: '#0072b2', dash: 'none', symbol: 'circle' },
  { colour: '#d55e00', dash: '7 3', symbol: 'triangle' },
  { colour: '#009e73', dash: '2 3', symbol: 'square' },
  { colour: '#cc79a7', dash: '9 3 2 3', symbol: 'diamond' },
  { colour: '#000000', dash: '1 3', symbol: 'star' },
  { colour: '#e69f00', dash: '12 4', symbol: 'cross' },
] as const

export const BLUE = LINES[0].colour
export const VERMILION = LINES[1].colour

/** Draws a chart; `label` is what a screen reader says in its place. */
export function drawChart(label: string, options: PlotOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const svg = plot({
    document,
    className: 'chart',
    width: PAGE_WIDTH,
    marginTop: 28,
    ...options,
    style: { fontSize: '12px', fontFamily: 'inherit', color: INK, ...(options.style as object | undefined) },
  })
  // Texts in the picture are escaped as texts of any page are; the label gets the stricter escapes of our own.
  return Markup.trusted(svg.outerHTML.replace('<svg', () => html`<svg role="img" aria-label="${label}"`.toString()))
}

/** Reads a day `YYYY-MM-DD` as the moment at which it begins. */
export const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

/** How axes write counts: 1,200. */
export const groupedTick = (count: number): string => count.toLocaleString('en-US')

/**
 * Moves labels apart that would cover each other: positions in pixels, in any order, each at least `gap` from the next and none
 * beyond `end` while there is room.
 */
export function apart(
  positions: readonly number[],
  given: { readonly gap: number; readonly end: number },
): readonly number[] {
  const { gap, end } = given
  const order = positions.map((at, index) => ({ at, index })).sort((one, other) => one.at - other.at)
  const moved = [...positions]
  let before = Number.NEGATIVE_INFINITY
  for (const { at, index } of order) {
    before = Math.max(at, before + gap)
    moved[index] = before
  }
  let after = end + gap
  for (const { index } of order.reverse()) {
    after = Math.min(moved[index] ?? 0, after - gap)
    moved[index] = after
  }
  return moved
}
