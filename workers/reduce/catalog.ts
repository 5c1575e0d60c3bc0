// `catalog.duckdb` answers for the whole organisation: which courses there are and where each day stands. A new one is
// published whenever a site's head, its plan or its quarantines changed. It grows from the one before it, so that a merge of
// one day does not read the ledger of all years; when a site's rows were made anew, so is the catalogue.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogBasis } from '../../contracts/catalog_source.ts'
import { CATALOG_TABLES } from '../../contracts/catalog_tables.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { CatalogHead, type EditionFile, type SiteHead } from '../../contracts/head.ts'
import {
  catalogEditionKey,
  catalogHeadKey,
  catalogHeadPrefix,
  currentCatalogKey,
} from '../../contracts/store_layout.ts'
import { commentsOf, literal, publishedColumns, quoted } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../../runtime/object_store/records.ts'
import { fillCourses, markLookAlikes } from './catalog_courses.ts'
import { bringPeriods } from './catalog_periods.ts'
import { addRuns, bringDays } from './catalog_rows.ts'
import {
  catalogEdition,
  catalogSources,
  dayRows,
  type KnownStanding,
  readStandings,
  type SiteStanding,
} from './catalog_state.ts'
import { fetchEdition } from './fetch_edition.ts'
import type { MergeDeps } from './merge_deps.ts'
import { attachNew } from './new_file.ts'
import { createHead, isShown, removeOldEditions, showCurrent, uploadEditionFile } from './publish.ts'
import { fetchRun } from './site_state.ts'
import { inTransaction } from './transaction.ts'

/** Times that the catalogue is made again because another reducer was faster. */
const CONFLICTS_MAX = 8

/** Publishes a new catalogue when the newest one does not tell how the sites stand. `known` was read or made just now. */
export async function publishCatalog(deps: MergeDeps, known: KnownStanding | null): Promise<void> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await publishFromHeads(deps, known)
    } catch (error) {
      const passing =
        error instanceof MillraceError && (error.code === 'merge_conflict' || error.code === 'object_missing')
      if (!passing || conflicts === CONFLICTS_MAX) throw error
      deps.log.debug('catalog_conflict', { error })
    }
  }
}

async function publishFromHeads(deps: MergeDeps, known: KnownStanding | null): Promise<void> {
  const { results: store, log, signal } = deps
  // The number first: whoever publishes after this read takes it, so nobody can be overtaken by what is older.
  const latest = await latestNumber(store, catalogHeadPrefix, { signal })
  const head = latest === null ? null : await readRecord(store, catalogHeadKey(latest), CatalogHead, { signal })
  const standings = await readStandings(store, { known, signal })
  const edition = catalogEdition(standings, deps.organisations)
  if (head?.edition === edition) {
    // Whoever created the head may have died before people could see it.
    if (!(await isShown(store, head.database, currentCatalogKey, { signal }))) await show(store, head, signal)
    return
  }

  const folder = await mkdtemp(join(deps.scratch, 'catalog-'))
  try {
    const path = join(folder, 'catalog.duckdb')
    const old = head === null ? null : await fetchOld(head, path, deps)
    await buildCatalog({ standings, old, path, folder }, deps)
    const number = (latest ?? 0) + 1
    const basis = catalogBasis(deps.organisations)
    const database = await publish(store, { number, path, edition, basis, standings }, signal)
    log.info('catalog_published', { number, bytes: database.bytes, sites: standings.length })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Downloads the present catalogue to `path`; null when it was declared otherwise or is not what its head says. */
async function fetchOld(head: CatalogHead, path: string, deps: MergeDeps): Promise<CatalogHead | null> {
  if (head.basis !== catalogBasis(deps.organisations)) return null
  return (await fetchEdition(deps.results, head.database, path, deps)) === null ? head : null
}

async function publish(
  store: ObjectStore,
  given: {
    readonly number: number
    readonly path: string
    readonly edition: string
    readonly basis: string
    readonly standings: readonly SiteStanding[]
  },
  signal: AbortSignal,
): Promise<EditionFile> {
  const { number, path, edition } = given
  const prefix = catalogEditionKey('')
  const database = await uploadEditionFile(store, { prefix, number, name: 'catalog', path }, { signal })
  const sites = catalogSources(given.standings)
  const head: CatalogHead = { version: 1, number, edition, database, basis: given.basis, sites }
  await createHead(store, { key: catalogHeadKey(number), head, own: [database] }, { signal })
  await show(store, head, signal)
  await removeOldEditions(store, { prefix, number, keep: [] }, { signal })
  return database
}

/** Brings the copy that people open to a head. */
async function show(store: ObjectStore, { number, database }: CatalogHead, signal: AbortSignal): Promise<void> {
  const fileOf = async (later: number) =>
    (await readRecord(store, catalogHeadKey(later), CatalogHead, { signal })).database
  const current_key = currentCatalogKey
  await showCurrent(store, { current_key, head_prefix: catalogHeadPrefix, number, file: database, fileOf }, { signal })
}

interface CatalogGiven {
  readonly standings: readonly SiteStanding[]
  /** Head of the catalogue that lies at `path`; null for none. */
  readonly old: CatalogHead | null
  readonly path: string
  readonly folder: string
}

/** Brings the catalogue at `path` to the standings: by what is new where it can grow, else from nothing. */
async function buildCatalog(given: CatalogGiven, deps: MergeDeps): Promise<void> {
  const { standings, old, path, folder } = given
  const { threads, memory_mb, signal } = deps
  const grows = old !== null && standings.every((standing) => canGrow(standing, old)) && sameSites(standings, old)

  await using database = await openDatabase({ path: ':memory:', threads, memory_mb, temp_directory: folder, signal })
  if (grows) await database.run(`attach ${literal(path)} as published`)
  else {
    await rm(path, { force: true })
    await database.run(attachNew(path, 'published'))
    await inTransaction(database, declareCatalog)
  }
  const changed = await inTransaction(database, (published) => fillCourses(published, standings, deps))
  await markLookAlikes(database, deps.organisations)
  for (const standing of standings) {
    const days = await dayRows(deps.results, standing, deps)
    await inTransaction(database, (published) => bringDays(published, standing.site, days))
    const after = grows ? (old.sites[standing.site]?.head ?? 0) : 0
    // Nothing but a new head changes what runs, courses and their figures say.
    if (standing.head !== null && standing.head.number !== after) {
      await addFrom(database, { head: standing.head, after, folder }, deps)
      const courses = { site: standing.site, folder, changed: [...(changed.get(standing.site) ?? [])] }
      await inTransaction(database, (published) => bringPeriods(published, courses, deps))
    }
    deps.progress(`catalogue: ${standing.site}`)
  }
  await database.run('checkpoint published')
  await database.run('detach published')
}

/** Runs are only ever added until one takes the place of all: while the first one is known, the catalogue has its days. */
function canGrow({ site, head }: SiteStanding, old: CatalogHead): boolean {
  const seen = old.sites[site]?.head ?? 0
  if (head === null || seen === 0) return true
  const [first] = head.runs
  return first !== undefined && first.number <= seen && head.number >= seen
}

const sameSites = (standings: readonly SiteStanding[], old: CatalogHead): boolean =>
  Object.keys(old.sites).every((site) => standings.some((standing) => standing.site === site))

async function declareCatalog(database: Database): Promise<void> {
  for (const table of CATALOG_TABLES) {
    const columns = publishedColumns(table).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table published.main.${table.name} (${columns.join(', ')})`)
    await database.run(commentsOf(table, `published.main.${table.name}`).join(';\n'))
  }
}

/** Adds what the runs after a head of their site tell of its files and of events without a course. */
async function addFrom(
  database: Database,
  given: { readonly head: SiteHead; readonly after: number; readonly folder: string },
  deps: MergeDeps,
): Promise<void> {
  const { head, after, folder } = given
  const { site } = head
  const runs = head.runs.filter((run) => run.number > after)
  if (runs.length === 0) return
  const attached: string[] = []
  for (const [index, run] of runs.entries()) {
    const path = join(folder, `${site}-${index}.duckdb`)
    await fetchRun(head, { run, path }, deps)
    await database.run(`attach ${literal(path)} as run_${index} (read_only)`)
    attached.push(`run_${index}`)
  }
  await inTransaction(database, (published) => addRuns(published, site, attached))
  for (const name of attached) await database.run(`detach ${name}`)
}
