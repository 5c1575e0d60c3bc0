// How hard each problem was: who solved it at the first try, and how many attempts it took.
import { axisX, axisY, dot, gridX, link, ruleX, ruleY, text } from '@observablehq/plot'
import { html, type Markup } from '../html.ts'
import { BLUE, drawChart, FAINT, groupedTick, INK, VERMILION } from './chart.ts'
import { type CourseSource, figure, nothing, numbers, type Section } from './section.ts'
import { countText, partedMin, type ShownShare, shareText, shownCount, shownShare } from './small_group.ts'

const PROBLEMS_MAX = 50
const ROW_HEIGHT = 20
/** The page sets both charts side by side in the ratio of their widths, so that their rows stay on one line. */
const WIDTHS = { first_try: 530, attempts: 320 }

interface Problem {
  readonly problem_id: string
  readonly display_name: string | null
  readonly learners: number
  readonly attempts_mean: number | null
  readonly correct_first_try: number
}

interface Spread {
  readonly problem_id: string
  readonly low: number
  readonly high: number
}

export const PROBLEMS: Section = {
  title: 'Problems',
  needs: ['problem', 'problem_learner'],
  write: async (source) => {
    const { database, group_min } = source
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
        attempts_mean,
        correct_first_try::integer as correct_first_try
      from problem
      where learners >= ${group_min}
      order by problem.learners desc, problem_id
      limit ${PROBLEMS_MAX}
    `)
    const spreads = new Map((await readSpreads(source)).map((spread) => [spread.problem_id, spread]))
    const shown = problems
      .map((problem, index) => ({
        ...problem,
        row: index,
        first_try: shownShare(problem.correct_first_try, problem.learners, group_min),
        spread: spreads.get(problem.problem_id) ?? null,
      }))
      .sort((one, other) => (one.first_try?.share ?? 2) - (other.first_try?.share ?? 2) || one.row - other.row)
    return problemFigure(shown, { ...found, group_min })
  },
}

/**
 * The least and the most attempts of a problem are those of one learner. The report tells what at least `group_min` learners
 * needed at most and at least: of fewer than twice as many learners, nothing.
 */
async function readSpreads({ database, group_min }: CourseSource): Promise<readonly Spread[]> {
  return await database.rows<Spread>(`
    with ranked as (
      select
        problem_id,
        attempts_max,
        row_number() over (partition by problem_id order by attempts_max) as place,
        count(*) over (partition by problem_id) as learners
      from problem_learner
      where submissions > 0
    )
    select
      problem_id,
      (min(attempts_max) filter (place = ${group_min}))::integer as low,
      (min(attempts_max) filter (place = learners - ${group_min} + 1))::integer as high
    from ranked
    where learners >= ${partedMin(group_min)}
    group by problem_id
  `)
}

interface Shown extends Problem {
  readonly first_try: ShownShare | null
  readonly spread: Spread | null
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
the learners whose first try was correct; an arrow where only a bound is told, because fewer than ${group_min} were right, or wrong; nothing of fewer than ${partedMin(group_min)} learners. Right: attempts of a
learner, their mean (dot) and the range between what at least ${group_min} learners did not exceed and what at least ${group_min} reached (bar).
${found.all > found.large ? `Problems with fewer than ${group_min} learners: ${found.all - found.large}.` : ''}`,
    table: html`<div class="wide">${numbers(
      ['problem', 'id', 'learners', 'right at first try', 'mean attempts', 'low', 'high'],
      problems.map((problem) => [
        problem.display_name ?? '–',
        html`<code>${problem.problem_id}</code>`,
        countText(shownCount(problem.learners, group_min)),
        shareText(problem.first_try),
        problem.attempts_mean === null ? '–' : problem.attempts_mean.toFixed(2),
        problem.spread?.low ?? '–',
        problem.spread?.high ?? '–',
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

function attemptsChart(problems: readonly Shown[]): Markup {
  const rows = problems.map((problem, index) => ({
    name: rowName(problem, index),
    mean: problem.attempts_mean,
    low: problem.spread?.low ?? null,
    high: problem.spread?.high ?? null,
  }))
  const spreads = rows.filter(({ low }) => low !== null)
  const most = Math.max(2, ...rows.flatMap(({ mean, high }) => [mean ?? 0, high ?? 0]))
  return drawChart(`Dots and bars: attempts of a learner, of the same problems`, {
    width: WIDTHS.attempts,
    height: heightOf(problems),
    marginLeft: 10,
    marginTop: 34,
    marginBottom: 10,
    marginRight: 16,
    x: { domain: [0, most * 1.05] },
    y: { type: 'point', domain: rows.map(({ name }) => name), padding: 0.6, axis: null },
    marks: [
      gridX({ stroke: '#dddddd', strokeOpacity: 1 }),
      axisX({
        anchor: 'top',
        label: 'attempts of a learner',
        labelAnchor: 'left',
        labelArrow: 'none',
        ticks: wholeTicks(most),
        tickFormat: groupedTick,
        tickSize: 0,
      }),
      ruleX([0], { stroke: INK }),
      link(spreads, {
        x1: 'low',
        x2: 'high',
        y1: 'name',
        y2: 'name',
        stroke: VERMILION,
        strokeWidth: 5,
        strokeOpacity: 0.35,
        strokeLinecap: 'round',
      }),
      dot(
        rows.filter(({ mean }) => mean !== null),
        { x: 'mean', y: 'name', fill: VERMILION, r: 4, symbol: 'diamond' },
      ),
    ],
  })
}

/** Whole numbers from 0, about five of them: nobody makes half an attempt. */
function wholeTicks(most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(most / 6))
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
}
