// Reads from the results store where every site of the organisation stands: what the catalogue is made from, and what
// its edition is named by.
import { createHash } from 'node:crypto'
import { catalogBasis, catalogSourceOf } from '../../contracts/catalog_source.ts'
import { Site } from '../../contracts/day.ts'
import { MillraceError } from '../../contracts/errors.ts'
import type { CatalogSource, SiteHead } from '../../contracts/head.ts'
import type { LogFile } from '../../contracts/log_file.ts'
import type { PlannedDay } from '../../contracts/plan_record.ts'
import { Quarantine } from '../../contracts/quarantine.ts'
import { dayOfKey, planRoot, quarantineKey, quarantinePrefix } from '../../contracts/store_layout.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { readRecord } from '../../runtime/object_store/records.ts'
import { forEachBounded } from './bounded.ts'
import { daysOf } from './pending.ts'
import { REQUESTS_MAX } from './read_receipts.ts'
import { listReceipts, type NumberedPlan, newestPlan, newestSiteHead } from './site_base.ts'

interface Waiting {
  readonly signal: AbortSignal
}

export interface SiteStanding {
  readonly site: Site
  readonly plan: NumberedPlan
  readonly head: SiteHead | null
  /** Of planned days that are not merged, as `date/fingerprint`. */
  readonly receipts: ReadonlySet<string>
  /** As `date/fingerprint`. */
  readonly quarantined: ReadonlySet<string>
}

/** What is known already of the site that was merged just now. */
export type KnownStanding = Pick<SiteStanding, 'plan' | 'head'>

/** Reads the standing of every site that has a plan; records that are known are not read again. */
export async function readStandings(
  store: ObjectStore,
  { known, signal }: Waiting & { readonly known: KnownStanding | null },
): Promise<readonly SiteStanding[]> {
  const standings: SiteStanding[] = []
  for await (const site of sitesOf(store, { signal })) {
    const of_site = known?.plan.plan.site === site ? known : null
    const plan = await newestPlan(store, site, { known: of_site?.plan ?? null, signal })
    if (plan === null) continue
    const head = await newestSiteHead(store, site, { known: of_site?.head ?? null, signal })
    const served = daysOf(head?.days ?? {})
    const receipts = await listReceipts(store, { plan: plan.plan, served }, { signal })
    const quarantined = new Set<string>()
    for await (const { key } of store.list(quarantinePrefix(site), { signal })) {
      const day = dayOfKey(key)
      if (day !== null) quarantined.add(`${day.date}/${day.fingerprint}`)
    }
    standings.push({ site, plan, head, receipts, quarantined })
  }
  return standings
}

/** Finds the sites by skipping from the first plan of one to the first plan of the next. */
async function* sitesOf(store: ObjectStore, { signal }: Waiting): AsyncIterable<Site> {
  for (let start: string | null = planRoot; start !== null; ) {
    const from: string = start
    start = null
    for await (const { key } of store.list(planRoot, { start_after: from, signal })) {
      const folder = key.slice(planRoot.length, key.indexOf('/', planRoot.length))
      const site = Site.safeParse(folder)
      if (site.success) yield site.data
      // '~' comes after every digit, so after all numbered records of the folder.
      start = `${planRoot}${folder}/~`
      break
    }
  }
}

/** Tells what the catalogue is made from, by site. */
export const catalogSources = (standings: readonly SiteStanding[]): Readonly<Record<string, CatalogSource>> =>
  Object.fromEntries(
    standings.map(({ site, plan, head, quarantined }) => [
      site,
      catalogSourceOf({ head_number: head?.number ?? null, plan_number: plan.number, quarantined }),
    ]),
  )

/** Names the catalogue that follows from the sites' heads, plans and quarantines. */
export function catalogEdition(standings: readonly SiteStanding[], organisations: readonly string[]): string {
  const decisive = JSON.stringify([catalogBasis(organisations), catalogSources(standings)])
  return createHash('sha256').update(decisive).digest('hex').slice(0, 32)
}

export interface DayRow {
  readonly date: string
  readonly state: string
  readonly log_file: LogFile | null
  readonly fingerprint: string | null
  readonly quarantine: Quarantine | null
}

/** Lists the days of a site with their states. */
export async function dayRows(
  store: ObjectStore,
  standing: SiteStanding,
  { signal }: Waiting,
): Promise<readonly DayRow[]> {
  const { plan } = standing.plan
  const rows: DayRow[] = []
  await forEachBounded(plan.days, REQUESTS_MAX, async (day) => {
    rows.push(await plannedRow(store, standing, day, { signal }))
  })
  const planned = new Set<string>(plan.days.map((day) => day.log_file.day.date))
  const without = { fingerprint: null, quarantine: null }
  for (const date of plan.missing) rows.push({ date, state: 'missing', log_file: null, ...without })
  for (const log_file of plan.empty)
    rows.push({
      date: log_file.day.date,
      state: planned.has(log_file.day.date) ? 'superseded' : 'empty',
      log_file,
      ...without,
    })
  for (const log_file of plan.superseded)
    rows.push({ date: log_file.day.date, state: 'superseded', log_file, ...without })
  return rows
}

async function plannedRow(
  store: ObjectStore,
  standing: SiteStanding,
  { log_file, fingerprint }: PlannedDay,
  { signal }: Waiting,
): Promise<DayRow> {
  const { date } = log_file.day
  const name = `${date}/${fingerprint}`
  const row = { date, log_file, fingerprint, quarantine: null }
  if (standing.head?.days[date] === fingerprint) return { ...row, state: 'merged' }
  if (standing.receipts.has(name)) return { ...row, state: 'done' }
  if (!standing.quarantined.has(name)) return { ...row, state: 'waiting' }
  try {
    const key = quarantineKey(standing.site, date, fingerprint)
    return { ...row, state: 'quarantined', quarantine: await readRecord(store, key, Quarantine, { signal }) }
  } catch (error) {
    // `millrace retry` removed it meanwhile.
    if (error instanceof MillraceError && error.code === 'object_missing') return { ...row, state: 'waiting' }
    throw error
  }
}
