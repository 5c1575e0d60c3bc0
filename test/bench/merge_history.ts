// What a merge costs when there is a long past: one new day into one year and into ten, and everything from nothing. A
// reducer whose cost follows the history would be found out here, and not by somebody's archive after years.
//
//   node test/bench/merge_history.ts [--years 10] [--days 5] [--endless 0.1] [--folder FOLDER]
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SiteHead } from '../../contracts/head.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { planKey, planPrefix, siteHeadKey, siteHeadPrefix } from '../../contracts/store_layout.ts'
import { cpuQuota } from '../../runtime/cpu.ts'
import { createLog } from '../../runtime/log.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { latestNumber, putRecord, readRecord } from '../../runtime/object_store/records.ts'
import type { MergeDeps } from '../../workers/reduce/merge_deps.ts'
import { mergeSite } from '../../workers/reduce/merge_site.ts'
import { newestSiteHead } from '../../workers/reduce/site_base.ts'
import { interposed } from '../workers/reduce/partial_fixture.ts'
import { makeDays, planOf, SITE, showDays } from './history_days.ts'
import { dateOf, firstDayOf, HISTORY_WORLD, type HistoryWorld, sharesOf } from './history_world.ts'
import { difference, type MergeCost, Meter } from './merge_meter.ts'
import { type Spread, spreadOf } from './spread.ts'

const YEAR_DAYS = 365
const { signal } = new AbortController()

export interface RebuildRound extends MergeCost {
  /** Dates of the first and the last day of the round. */
  readonly from: string
  readonly to: string
  readonly days: number
  readonly cpu_ms_per_day: number
}

export interface HistoryFigures {
  readonly years: number
  readonly days: number
  readonly courses: number
  /** Everything from nothing, in rounds, newest days first. */
  readonly rebuild: readonly RebuildRound[]
  readonly rebuild_cpu_ms_per_day: number
  /**
   * The same by year of the history, where everything is one round: the loading of its days, and the building of the courses
   * that start in it. What is done once for the site belongs to no year.
   */
  readonly rebuild_years: readonly { readonly year: number; readonly cpu_ms_per_day: number }[]
  /** Merges of one more day each. */
  readonly merges: readonly (MergeCost & { readonly courses: number })[]
  readonly one_day: Readonly<Record<keyof MergeCost | 'courses', Spread>>
}

export interface MergeHistory {
  readonly world: HistoryWorld
  readonly short: HistoryFigures
  readonly long: HistoryFigures
  /** Medians of the long history as a multiple of those of the short one. */
  readonly ratio: Readonly<Record<keyof MergeCost | 'courses', number>>
}

export interface MergeHistoryOptions {
  /** Where the days are kept for the next time. */
  readonly folder: string
  /** Years of the long history; the short one has one. */
  readonly years: number
  /** Merges of one new day that are measured in each. */
  readonly days: number
  readonly world?: Partial<HistoryWorld>
  /** For a test, in which a year must be short. */
  readonly year_days?: number
  readonly batch_days_max?: number
  readonly tell: (line: string) => void
}

/** Measures a history of one year and one of many, in the same process and on the same days. */
export async function measureMergeHistory(options: MergeHistoryOptions): Promise<MergeHistory> {
  const world = { ...HISTORY_WORLD, ...options.world }
  const { folder, years, days, year_days = YEAR_DAYS, tell } = options
  const source = await makeDays(world, { folder, days: years * year_days + days + 1, tell })
  const short = await measure(world, { ...options, source, years: 1 })
  const long = await measure(world, { ...options, source, years })
  const names = ['cpu_seconds', 'bytes_read', 'bytes_written', 'objects_read', 'listings', 'courses'] as const
  const ratio = (name: (typeof names)[number]): number => long.one_day[name].median / short.one_day[name].median
  const ratios = {
    cpu_seconds: ratio('cpu_seconds'),
    bytes_read: ratio('bytes_read'),
    bytes_written: ratio('bytes_written'),
    objects_read: ratio('objects_read'),
    listings: ratio('listings'),
    courses: ratio('courses'),
  }
  return { world, short, long, ratio: ratios }
}

interface Measured extends MergeHistoryOptions {
  /** Folder of the days. */
  readonly source: string
}

async function measure(world: HistoryWorld, given: Measured): Promise<HistoryFigures> {
  const { folder, source, years, days, year_days = YEAR_DAYS, tell } = given
  const history_days = years * year_days
  await mkdir(folder, { recursive: true })
  const own = await mkdtemp(join(folder, `history-${years}-`))
  try {
    const results = join(own, 'results')
    await showDays(world, { from: source, to: results, first: 0, count: history_days })
    const meter = new Meter()
    await using store = await openObjectStore(
      { url: results, path_style: false },
      { base: own, use: 'results', observe: meter, signal },
    )
    const deps = depsOf(store, own, given)
    tell(`Merging ${history_days} days from nothing …`)
    await putPlan(store, planOf(world, history_days))
    const laps: Lap[] = [{ what: 'start', cpu_seconds: meter.now().cpu_seconds }]
    const progress = (what: string): void => void laps.push({ what, cpu_seconds: meter.now().cpu_seconds })
    const rebuild = await measureRebuild(world, { store, deps: { ...deps, progress }, meter })
    const merges: (MergeCost & { courses: number })[] = []
    // One more than is counted: the first makes up for what only the first merge of one day has to do.
    for (let more = 0; more <= days; more++) {
      const day = history_days + more
      await showDays(world, { from: source, to: results, first: day, count: 1 })
      await putPlan(store, planOf(world, day + 1))
      const cost = await meter.during(() => merged(deps))
      const courses = sharesOf(world, day).filter((share) => share.course_id !== null).length
      tell(`${dateOf(world, day)}: ${courses} courses, ${told(cost)}`)
      if (more > 0) merges.push({ ...cost, courses })
    }
    const spread = (of: (cost: (typeof merges)[number]) => number): Spread => spreadOf(merges.map(of))
    const head = await newestSiteHead(store, SITE, { signal })
    return {
      years,
      days: history_days,
      courses: Object.keys(head?.courses ?? {}).length,
      rebuild,
      rebuild_years: rebuild.length === 1 ? rebuildYears(world, laps, { years, year_days }) : [],
      rebuild_cpu_ms_per_day: (rebuild.reduce((sum, round) => sum + round.cpu_seconds, 0) * 1000) / history_days,
      merges,
      one_day: {
        cpu_seconds: spread((cost) => cost.cpu_seconds),
        bytes_read: spread((cost) => cost.bytes_read),
        bytes_written: spread((cost) => cost.bytes_written),
        objects_read: spread((cost) => cost.objects_read),
        listings: spread((cost) => cost.listings),
        courses: spread((cost) => cost.courses),
      },
    }
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

const told = (cost: MergeCost): string =>
  `${cost.cpu_seconds.toFixed(2)} s of CPU, ${(cost.bytes_read / 1e6).toFixed(2)} MB in ${cost.objects_read} objects read, ` +
  `${(cost.bytes_written / 1e6).toFixed(2)} MB written, ${cost.listings} listings`

async function merged(deps: MergeDeps): Promise<void> {
  const outcome = await mergeSite(SITE, deps)
  if (outcome.kind !== 'done' || outcome.how !== 'computed')
    throw new Error(`Cannot measure a merge that did nothing: ${JSON.stringify(outcome)}`)
}

async function putPlan(store: ObjectStore, plan: ReturnType<typeof planOf>): Promise<void> {
  const number = ((await latestNumber(store, planPrefix(SITE), { signal })) ?? 0) + 1
  await putRecord(store, planKey(SITE, number), plan, { create_only: true, signal })
}

/** Merges everything; a round ends with the site's next head. */
async function measureRebuild(
  world: HistoryWorld,
  { store, deps, meter }: { readonly store: ObjectStore; readonly deps: MergeDeps; readonly meter: Meter },
): Promise<readonly RebuildRound[]> {
  const ends: MergeCost[] = [meter.now()]
  const watched = interposed(store, async (key) => {
    if (key.startsWith(siteHeadPrefix(SITE))) ends.push(meter.now())
  })
  await merged({ ...deps, results: watched })
  const rounds: RebuildRound[] = []
  let merged_before = 0
  for (const [index, end] of ends.entries()) {
    if (index === 0) continue
    const { days } = await readRecord(store, siteHeadKey(SITE, index), SiteHead, { signal })
    const dates = Object.keys(days).sort()
    const cost = difference(end, ends[index - 1] ?? end)
    const added = dates.length - merged_before
    const [from, to] = [dates[0] ?? world.first_date, dates[added - 1] ?? world.first_date]
    rounds.push({ ...cost, from, to, days: added, cpu_ms_per_day: (cost.cpu_seconds * 1000) / added })
    merged_before = dates.length
  }
  return rounds
}

interface Lap {
  /** What was done when it was told. */
  readonly what: string
  readonly cpu_seconds: number
}

/** Days are loaded oldest first, in groups of equal size, and told after each; courses are told by name. */
function rebuildYears(
  world: HistoryWorld,
  laps: readonly Lap[],
  { years, year_days }: { readonly years: number; readonly year_days: number },
): HistoryFigures['rebuild_years'] {
  const seconds = Array.from({ length: years }, () => 0)
  const groups = laps.filter(({ what }) => what.endsWith(': loading days')).length
  let loaded = 0
  for (const [index, { what, cpu_seconds }] of laps.entries()) {
    const run = /DemoX\+C(\d+)x/.exec(what)?.[1]
    const day = run === undefined ? ((loaded + 0.5) / groups) * years * year_days : firstDayOf(world, Number(run))
    if (what.endsWith(': loading days')) loaded += 1
    else if (run === undefined) continue
    const year = Math.min(years - 1, Math.floor(day / year_days))
    seconds[year] = (seconds[year] ?? 0) + cpu_seconds - (laps[index - 1]?.cpu_seconds ?? cpu_seconds)
  }
  return seconds.map((spent, index) => ({ year: index + 1, cpu_ms_per_day: (spent * 1000) / year_days }))
}

function depsOf(results: ObjectStore, folder: string, { batch_days_max = 4096 }: Measured): MergeDeps {
  return {
    results,
    tables: OUR_TABLES,
    organisations: ['demox'],
    scratch: folder,
    memory_mb: 2048,
    threads: cpuQuota(),
    batch_days_max,
    batch_bytes_max: 8_589_934_592,
    runs_max: 32,
    check_all: false,
    log: createLog({ role: 'reducer', level: 'info', destination: join(folder, 'log') }),
    metrics: createMetrics('reducer'),
    progress: () => {},
    signal,
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      years: { type: 'string', default: '10' },
      days: { type: 'string', default: '5' },
      endless: { type: 'string', default: '0' },
      stray: { type: 'string', default: String(HISTORY_WORLD.stray_chance) },
      folder: { type: 'string', default: join(tmpdir(), 'millrace-bench') },
    },
  })
  const found = await measureMergeHistory({
    folder: resolve(values.folder),
    years: Number(values.years),
    days: Number(values.days),
    world: { endless_share: Number(values.endless), stray_chance: Number(values.stray) },
    tell: (line) => void process.stderr.write(`${line}\n`),
  })
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
}
