// What is wanted: a pure function of the inventory and the config. Everything else follows from comparing this with what
// is done, so a plan can be tried, printed and tested without touching anything.

import type { Config, Reprocess } from '../config/schema.ts'
import { CalendarDate, type Site } from '../contracts/day.ts'
import { fingerprintOf, type PartialRules } from '../contracts/fingerprint.ts'
import type { LogFile } from '../contracts/log_file.ts'
import type { SitePlan } from '../contracts/plan_record.ts'
import type { TableSet } from '../contracts/table_set.ts'
import type { DayFiles, Inventory } from './inventory.ts'

/** The part of the config that a plan depends on. */
export type PlanConfig = Pick<
  Config,
  | 'organisation'
  | 'aliases'
  | 'from'
  | 'to'
  | 'sites'
  | 'courses'
  | 'duplicates'
  | 'keep_events'
  | 'geoip'
  | 'reprocess'
>

/** Gives what changes what a partial holds: a slice of the config, and the organisation's own tables. */
export const rulesOf = (
  config: Pick<Config, 'organisation' | 'aliases' | 'duplicates' | 'keep_events' | 'geoip'>,
  tables: TableSet,
): PartialRules => ({
  duplicates: config.duplicates,
  organisations: [...new Set<string>([config.organisation, ...config.aliases])].sort(),
  keep_events: [...new Set(config.keep_events)].sort(),
  tables: tables.partials,
  geoip: config.geoip?.edition ?? '',
})

/** What partials mean: the version of that in general, and which tables there are. */
export interface PlanMeaning {
  readonly recipe: number
  readonly tables: TableSet
}

/** Makes the plan of every site that the config wants and the source holds, by name of the site. */
export function makePlans(inventory: Inventory, config: PlanConfig, meaning: PlanMeaning): ReadonlyMap<Site, SitePlan> {
  const sites = [...inventory.sites.keys()].filter((site) => isWantedSite(site, config)).sort()
  return new Map(sites.map((site) => [site, makePlan(site, inventory.sites.get(site) ?? new Map(), config, meaning)]))
}

export const isWantedSite = (site: Site, config: Pick<Config, 'sites'>): boolean =>
  config.sites === undefined || config.sites.includes(site)

/** Tells whether a date is among those to compute. */
export const isWantedDate = (date: string, config: Pick<Config, 'from' | 'to'>): boolean =>
  date >= config.from && (config.to === undefined || date <= config.to)

/** Makes the plan of one site; `files` are its log files by date. */
export function makePlan(
  site: Site,
  files: ReadonlyMap<CalendarDate, DayFiles>,
  config: PlanConfig,
  { recipe, tables }: PlanMeaning,
): SitePlan {
  const dates = [...files.keys()].filter((date) => isWantedDate(date, config)).sort()
  const rules = rulesOf(config, tables)
  const of = (date: CalendarDate): DayFiles => files.get(date) ?? { counting: null, superseded: [], empty: [] }
  return {
    version: 1,
    site,
    recipe,
    days: dates.flatMap((date) => {
      const log_file = of(date).counting
      return log_file === null ? [] : [plannedDay(log_file, { recipe, rules, reprocess: config.reprocess })]
    }),
    superseded: dates.flatMap((date) => of(date).superseded),
    empty: dates.flatMap((date) => of(date).empty),
    missing: missingDates(dates),
    held: [],
    courses: { include: [...config.courses.include], exclude: [...config.courses.exclude] },
  }
}

function plannedDay(
  log_file: LogFile,
  given: { readonly recipe: number; readonly rules: PartialRules; readonly reprocess: readonly Reprocess[] },
): SitePlan['days'][number] {
  const epoch = reprocessOf(log_file.day, given.reprocess)?.epoch ?? 0
  return { log_file, fingerprint: fingerprintOf({ log_file, recipe: given.recipe, rules: given.rules, epoch }), epoch }
}

/** Finds the entry that counts for a day: of those that cover it, the one with the largest epoch. */
export function reprocessOf(
  day: { readonly site: Site; readonly date: string },
  reprocess: readonly Reprocess[],
): Reprocess | null {
  let counting: Reprocess | null = null
  for (const entry of reprocess) {
    const covers = entry.from <= day.date && day.date <= entry.to && (entry.sites?.includes(day.site) ?? true)
    if (covers && (counting === null || entry.epoch > counting.epoch)) counting = entry
  }
  return counting
}

const DAY_MS = 86_400_000

/** The day after a date. */
const nextDate = (date: CalendarDate): CalendarDate =>
  CalendarDate.parse(new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10))

/** Dates between the first and the last of a sorted list that it lacks. */
function missingDates(dates: readonly CalendarDate[]): string[] {
  const missing: string[] = []
  dates.forEach((date, index) => {
    const following = dates[index + 1]
    if (following === undefined || Date.parse(following) - Date.parse(date) === DAY_MS) return
    for (let between = nextDate(date); between < following; between = nextDate(between)) missing.push(between)
  })
  return missing
}
