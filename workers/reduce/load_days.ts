// The days of a round are loaded and looked at before anything is built on them: one whose parts are damaged, or whose rows
// differ from its receipt, is left out here, so that it can hold up neither the other days nor a course.
import type { Receipt } from '../../contracts/receipt.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { createBatch, loadPartials } from './load_partials.ts'
import type { MergeDeps } from './merge_deps.ts'
import { type Round, withoutDays } from './pending.ts'
import { readReceipts } from './read_receipts.ts'
import { insertReceipts } from './receipt_rows.ts'
import type { RoundGiven } from './site_round.ts'
import { wrongDays } from './verify.ts'

export interface LoadedDays {
  /** The round without the unusable days. */
  readonly round: Round
  /** Of the days that are loaded. */
  readonly receipts: readonly Receipt[]
  /** Dates whose results could not be used, with the reason where a person must look at it (null: computed again). */
  readonly unusable: ReadonlyMap<string, string | null>
}

/** Loads the days of a round into a batch, and leaves out those that turn out unusable. */
export async function loadDays(database: Database, given: RoundGiven, deps: MergeDeps): Promise<LoadedDays> {
  const { site, state } = given
  const { results: store, tables, log, signal } = deps
  const progress = () => deps.progress(`${site}: loading days`)
  const unusable = new Map<string, string | null>()
  const found = await readReceipts(store, site, given.round.loaded, deps)
  for (const date of given.round.loaded.keys()) if (!found.has(date)) unusable.set(date, null)
  await createBatch(database, tables)
  const all = [...found.values()]
  const loading = { store, site, tables, folder: given.folder, courses: null, log, signal, progress }
  for (const date of await loadPartials(database, all, loading)) unusable.set(date, null)
  const whole = all.filter((receipt) => !unusable.has(receipt.log_file.day.date))
  for (const [date, reason] of await wrongDays(database, whole)) {
    log.error('day_differs', { site, date, fingerprint: given.round.loaded.get(date), reason })
    deps.metrics.verify_failures_total.inc()
    unusable.set(date, reason)
  }
  const receipts = all.filter((receipt) => !unusable.has(receipt.log_file.day.date))
  await insertReceipts(database, receipts)
  return { round: withoutDays(state.served, given.round, new Set(unusable.keys())), receipts, unusable }
}
