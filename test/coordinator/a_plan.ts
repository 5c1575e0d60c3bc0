// Builds log files, inventories and configs for the tests of the coordinator.
import { Config } from '../../config/schema.ts'
import { CalendarDate, Organisation, type Site, siteOfToken } from '../../contracts/day.ts'
import type { LogFile } from '../../contracts/log_file.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { DayFiles, Inventory } from '../../coordinator/inventory.ts'
import { inventoryOf } from '../../coordinator/inventory.ts'
import type { PlanMeaning } from '../../coordinator/plan.ts'

export function aSite(token = 'edx'): Site {
  const site = siteOfToken(token)
  if (site === null) throw new Error(`${token} is no site`)
  return site
}

export const aConfig = (changes: Readonly<Record<string, unknown>> = {}): Config =>
  Config.parse({ organisation: 'mitx', source: './events', results: './results', ...changes })

/** What partials mean in a plan of our tables. */
export const aMeaning = (recipe = 1): PlanMeaning => ({ recipe, tables: OUR_TABLES })

export function aLogFile(given: {
  readonly date: string
  readonly site?: string
  readonly etag?: string
  readonly size?: number
}): LogFile {
  const { date, site = 'edx', etag = 'e1', size = 100 } = given
  return {
    day: { organisation: Organisation.parse('mitx'), site: aSite(site), date: CalendarDate.parse(date) },
    key: `mitx/${site}/events/${date.slice(0, 4)}/mitx-${site}-events-${date}.log.gz.gpg`,
    etag,
    size,
    last_modified: '2024-01-01T00:00:00.000Z',
    wrapping: 'gpg',
  }
}

/** Gives `count` dates from a first one on. */
export const dates = (first: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, day) => new Date(Date.parse(first) + day * 86_400_000).toISOString().slice(0, 10))

export const filesOf = (log_files: readonly LogFile[]): ReadonlyMap<CalendarDate, DayFiles> =>
  new Map(log_files.map((file) => [file.day.date, { counting: file, superseded: [], empty: [] }]))

/** Makes the inventory that a listing of these log files gives. */
export const inventoryFrom = (log_files: readonly LogFile[]): Promise<Inventory> =>
  inventoryOf(
    log_files.map((file) => ({ ...file, last_modified: new Date(file.last_modified) })),
    Organisation.parse('mitx'),
  )
