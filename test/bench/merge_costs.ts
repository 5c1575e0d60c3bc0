// What merging costs when the history is long: one new day into one year and into ten, and everything from nothing. The
// measuring itself is in merge_history.ts, which can be run alone with other histories.
import { join } from 'node:path'
import { MERGE_FIGURE } from './measured_rates.ts'
import { type HistoryFigures, measureMergeHistory } from './merge_history.ts'
import type { Figure, Section } from './section.ts'
import { spreadOf } from './spread.ts'

const TIMES_MAX = 1.5
/** How far the cost of a day in a full rebuild may differ from year to year, as a share of their median. */
const TOLERANCE = 0.2
const YEARS = 10
const QUICK = { years: 2, year_days: 5, world: { events_per_day: 60 } }

/** A site's merge of one more day, and its rebuild, in histories of two lengths. */
export const mergeCosts: Section = {
  key: 'g',
  name: `Merging one new day into ${YEARS} years of history and into one, and a full rebuild`,
  target: `one day at most ${TIMES_MAX} times as dear in CPU time and bytes read; a day of a rebuild the same within ${TOLERANCE * 100} % in every year`,
  laps: [],
  measure: async (bench) => {
    const { world, short, long, ratio } = await measureMergeHistory({
      folder: join(bench.folder, 'merge'),
      days: bench.runs,
      ...(bench.quick ? QUICK : { years: YEARS }),
      tell: (line) => bench.tell(line),
    })
    const times = (name: string, value: number): Figure => ({ name, unit: 'times', spread: spreadOf([value]) })
    return {
      figures: [
        times('CPU time of one day, long / short history', ratio.cpu_seconds),
        times('bytes read for one day, long / short history', ratio.bytes_read),
        ...long.rebuild_years.map(
          ({ year, cpu_ms_per_day }): Figure => ({
            name: `CPU time of a day of year ${year} in a rebuild`,
            unit: 'CPU ms',
            spread: spreadOf([cpu_ms_per_day]),
          }),
        ),
        ...figuresOf('one year', short),
        ...figuresOf(`${long.years} years`, long),
        { name: MERGE_FIGURE, unit: 'CPU ms', spread: spreadOf([long.rebuild_cpu_ms_per_day]) },
      ],
      met:
        ratio.cpu_seconds <= TIMES_MAX &&
        ratio.bytes_read <= TIMES_MAX &&
        isFlat(long.rebuild_years.map((year) => year.cpu_ms_per_day)),
      remarks: [
        `Days of ${world.events_per_day} events; course runs start every term and get stray visits for years. By year: the loading of its days and the building of the courses that start in it. In the long history there are ${long.courses} courses, in the short one ${short.courses}.`,
      ],
    }
  },
}

/** Tells whether all figures are near their median; of none it cannot be said. */
function isFlat(figures: readonly number[]): boolean {
  const { min, median, max } = spreadOf(figures)
  return max - median <= TOLERANCE * median && median - min <= TOLERANCE * median
}

const figuresOf = (name: string, { one_day, rebuild_cpu_ms_per_day }: HistoryFigures): readonly Figure[] => [
  { name: `CPU time of one day into ${name}`, unit: 'CPU s', spread: one_day.cpu_seconds },
  { name: `bytes read for one day into ${name}`, unit: 'bytes', spread: one_day.bytes_read },
  { name: `bytes written for one day into ${name}`, unit: 'bytes', spread: one_day.bytes_written },
  { name: `CPU time of a day in a rebuild of ${name}`, unit: 'CPU ms', spread: spreadOf([rebuild_cpu_ms_per_day]) },
]
