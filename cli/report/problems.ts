// How hard each problem was: who solved it at the first try, and how many attempts it took.
import { axisX, axisY, dot, gridX, link, ruleX, ruleY, text } from '@observablehq/plot'
import { html, type Markup } from '../html.ts'
import { BLUE, drawChart, FAINT, groupedTick, INK, VERMILION } from './chart.ts'
import { figure, nothing, numbers, type Section } from './section.ts'
import { countText, partedMin, type ShownShare, shareText, shownCount, shownShare } from './small_group.ts'

const PROBLEMS_MAX = 50
const ROW_HEIGHT = 20
/** The page sets both charts side by side in the ratio of their widths, so that their rows stay on one line. */
const WIDTHS = { first_try: 530, attempts: 320 }

interface Problem {
  readonly problem_id: string
  readonly display_name: string | null
  readonly learners: number
  /** The fewest and the most are a single learner's, so they are read of large groups alone. */
  readonly attempts_min: number
  readonly attempts_mean: number
  readonly attempts_max: number
  readonly correct_first_try: number
}

export const PROBLEMS: Section = {
  title: 'Problems',
  needs: ['problem'],
  write: async ({ database, group_min }) => {
    const [found] = await database.rows<{ readonly all: number; readonly large: number }>(`
      select count(*)::integer as all, (count(*) filter (learners >= ${group_min}))::integer as large
      from problem
      where learners > 0
    `)
    if (found === undefined || found.large === 0) return nothing(`No problem was tried by ${group_min} learners.`)
    const problems = await database.rows<Problem>(`
      select
        problem_id,
        display_name,
        learners::integer as learners,
        attempts_min::double as attempts_min,
        attempts_mean,
        attempts_max::double as attempts_max,
        correct_first_try::integer as correct_first_try
      from problem
      where learners >= ${group_min}
      order by problem.learners desc, problem_id
      limit ${PROBLEMS_MAX}
    `)
    const shown = problems
      .map((problem, index) => ({
        ...problem,
        row: index,
        first_try: shownShare(problem.correct_first_try, problem.learners, group_min),
      }))
      .sort((one, other) => (one.first_try?.share ?? 2) - (other.first_try?.share ?? 2) || one.row - other.row)
    return problemFigure(shown, { ...found, group_min })
  },
}

interface Shown extends Problem {
  readonly first_try: ShownShare | null
}

function problemFigure(
  problems: readonly Shown[],
  found: { readonly all: number; readonly large: number; readonly group_min: number },
): Markup {
  const { group_min } = found
  const left_out = found.large - problems.length
  return figure({
    chart: html`<div class="pair">${firstTryChart(problems)}${attemptsChart(problems)}</div>`,
    caption: html`Problems, hardest first: the ${problems.length} with most learners${left_out > 0 ? ` of ${found.large} with at least ${group_min}` : ''}. Left: share of
the learners whose first try was correct; an arrow where only a bound is told, because fewer than ${group_min} were right, or wrong; nothing of fewer than ${partedMin(group_min)} learners. Right: attempts
of a learner on a logarithmic scale, their mean (dot) and the range from the fewest to the most (bar, the most at its end${problems.some((problem) => problem.attempts_max > DRAWN_MAX) ? '; with an arrow where it is beyond the scale' : ''}). The fewest and the most are single learners’, in a group of at least ${group_min}.
${found.all > found.large ? `Problems with fewer than ${group_min} learners: ${found.all - found.large}.` : ''}`,
    table: html`<div class="wide">${numbers(
      ['problem', 'id', 'learners', 'right at first try', 'min attempts', 'mean attempts', 'max attempts'],
      problems.map((problem) => [
        problem.display_name ?? '–',
        html`<code>${problem.problem_id}</code>`,
        countText(shownCount(problem.learners, group_min)),
        shareText(problem.first_try),
        groupedTick(problem.attempts_min),
        problem.attempts_mean.toFixed(2),
        groupedTick(problem.attempts_max),
      ]),
      { texts: 2 },
    )}</div>`,
    rows: problems.length,
  })
}

const NAME_CHARACTERS_MAX = 34

/** Names of rows, with a number before them: two problems may have one name. */
function rowName({ display_name, problem_id }: Problem, index: number): string {
  const name = display_name === null || display_name.trim() === '' ? problem_id : display_name
  const short = name.length <= NAME_CHARACTERS_MAX ? name : `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…`
  return `${short}  ${index + 1}`
}

const heightOf = (problems: readonly Problem[]): number => problems.length * ROW_HEIGHT + 62

function firstTryChart(problems: readonly Shown[]): Markup {
  const rows = problems.map((problem, index) => ({ name: rowName(problem, index), first_try: problem.first_try }))
  const shares = rows.flatMap(({ name, first_try }) =>
    first_try === null ? [] : [{ name, percent: 100 * first_try.share, kind: first_try.kind }],
  )
  const unshown = rows.filter(({ first_try }) => first_try === null).map(({ name }) => ({ name }))
  const ARROWS = { exact: '', below: '◀', above: '▶' } as const
  return drawChart(`Dots: share of learners right at the first try, of ${problems.length} problems`, {
    width: WIDTHS.first_try,
    height: heightOf(problems),
    marginLeft: 250,
    marginTop: 34,
    marginBottom: 10,
    marginRight: 16,
    x: { domain: [0, 100] },
    y: { type: 'point', domain: rows.map(({ name }) => name), padding: 0.6 },
    marks: [
      gridX({ stroke: '#dddddd', strokeOpacity: 1 }),
      axisX({
        anchor: 'top',
        label: 'right at the first try, %',
        labelAnchor: 'left',
        labelArrow: 'none',
        ticks: 5,
        tickSize: 0,
      }),
      axisY({ label: null, tickSize: 0 }),
      ruleX([0], { stroke: INK }),
      text(unshown, { x: 1.5, y: 'name', text: () => 'too few learners', textAnchor: 'start', fill: FAINT }),
      ruleY(shares, { x1: 0, x2: 'percent', y: 'name', stroke: FAINT, strokeWidth: 1 }),
      dot(
        shares.filter(({ kind }) => kind === 'exact'),
        { x: 'percent', y: 'name', fill: BLUE, r: 4.5 },
      ),
      text(
        shares.filter(({ kind }) => kind !== 'exact'),
        {
          x: 'percent',
          y: 'name',
          text: ({ kind }: { readonly kind: keyof typeof ARROWS }) => ARROWS[kind],
          fill: BLUE,
          fontSize: 13,
        },
      ),
    ],
  })
}

/** Where the scale ends at the latest: a learner with more, a program perhaps, would press everybody else to its left edge. */
const DRAWN_MAX = 1_000
const drawn = (attempts: number): number => Math.min(Math.max(attempts, 1), DRAWN_MAX)

/** What stands at the end of a bar; beyond the scale it is short, and exact in the table. */
const endText = (attempts: number): string =>
  attempts > DRAWN_MAX ? `→ ${attempts.toLocaleString('en-US', { notation: 'compact' })}` : groupedTick(attempts)

/** Most learners need an attempt or two and one of them hundreds: only a logarithmic scale shows both. */
function attemptsChart(problems: readonly Shown[]): Markup {
  const rows = problems.map((problem, index) => ({
    name: rowName(problem, index),
    least: drawn(problem.attempts_min),
    mean: drawn(problem.attempts_mean),
    most: drawn(problem.attempts_max),
    end: endText(problem.attempts_max),
  }))
  const most = Math.max(2, ...rows.map((row) => row.most))
  return drawChart(`Dots and bars: mean and range of a learner's attempts, of the same problems`, {
    width: WIDTHS.attempts,
    height: heightOf(problems),
    marginLeft: 10,
    marginTop: 34,
    marginBottom: 10,
    marginRight: 48,
    x: { type: 'log', domain: [1, most] },
    y: { type: 'point', domain: rows.map(({ name }) => name), padding: 0.6, axis: null },
    marks: [
      gridX(attemptTicks(most), { stroke: '#dddddd', strokeOpacity: 1 }),
      axisX(attemptTicks(most), {
        anchor: 'top',
        label: 'attempts of a learner',
        labelAnchor: 'left',
        labelArrow: 'none',
        // A format would be asked of some ticks alone: Plot thins those of a logarithmic scale.
        text: groupedTick,
        tickSize: 0,
      }),
      ruleX([1], { stroke: INK }),
      link(rows, {
        x1: 'least',
        x2: 'most',
        y1: 'name',
        y2: 'name',
        stroke: VERMILION,
        strokeWidth: 5,
        strokeOpacity: 0.35,
        strokeLinecap: 'round',
      }),
      dot(rows, { x: 'mean', y: 'name', fill: VERMILION, r: 4 }),
      text(rows, { x: 'most', y: 'name', text: 'end', textAnchor: 'start', dx: 8, fill: INK, fontSize: 11 }),
    ],
  })
}

/** Whole numbers that stand apart on the scale: nobody makes half an attempt. */
function attemptTicks(most: number): readonly number[] {
  const numbers = most <= 8 ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 5, 10, 20, 50, 100, 1_000]
  return numbers.filter((number) => number <= most)
}
