// `catalog.duckdb` answers for the whole organisation: which courses there are and where each day stands. It is made
// again whenever a site's head, its plan or its quarantines changed, and published as course editions are.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogBasis } from '../../contracts/catalog_source.ts'
import { CATALOG_DAY, CATALOG_EVENT_TYPE_DAY, CATALOG_LEDGER, CATALOG_TABLES } from '../../contracts/catalog_tables.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { CatalogHead, type EditionFile } from '../../contracts/head.ts'
import {
  catalogEditionKey,
  catalogHeadKey,
  catalogHeadPrefix,
  currentCatalogKey,
} from '../../contracts/store_layout.ts'
import { commentsOf, literal, quoted } from '../../contracts/table_sql.ts'
import { type Database, openDatabase } from '../../runtime/duckdb.ts'
import type { ObjectStore } from '../../runtime/object_store/object_store.ts'
import { latestNumber, readRecord } from '../../runtime/object_store/records.ts'
import { courseRows, markLookAlikes } from './catalog_courses.ts'
import { catalogEdition, catalogSources, dayRows, readStandings, type SiteStanding } from './catalog_state.ts'
import { insertRows } from './insert_rows.ts'
import { ledgerOrder, ledgerSelect } from './ledger_rows.ts'
import type { MergeDeps } from './merge_deps.ts'
import { attachNew } from './new_file.ts'
import { createHead, removeOldEditions, showCurrent, uploadEditionFile } from './publish.ts'

/** Times that the catalogue is made again because another reducer was faster. */
const CONFLICTS_MAX = 8

/** Publishes a new catalogue when the newest one does not tell how the sites stand. */
export async function publishCatalog(deps: MergeDeps): Promise<void> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await publishFromHeads(deps)
    } catch (error) {
      const passing =
        error instanceof MillraceError && (error.code === 'merge_conflict' || error.code === 'object_missing')
      if (!passing || conflicts === CONFLICTS_MAX) throw error
      deps.log.debug('catalog_conflict', { error })
    }
  }
}

async function publishFromHeads(deps: MergeDeps): Promise<void> {
  const { results: store, log, signal } = deps
  // The number first: whoever publishes after this read takes it, so nobody can be overtaken by what is older.
  const latest = await latestNumber(store, catalogHeadPrefix, { signal })
  const head = latest === null ? null : await readRecord(store, catalogHeadKey(latest), CatalogHead, { signal })
  const standings = await readStandings(store, { signal })
  const edition = catalogEdition(standings, deps.organisations)
  if (head?.edition === edition) return

  const folder = await mkdtemp(join(deps.scratch, 'catalog-'))
  try {
    const path = await buildCatalog(standings, head, folder, deps)
    const number = (latest ?? 0) + 1
    const basis = catalogBasis(deps.organisations)
    const database = await publish(store, { number, path, edition, basis, standings }, signal)
    log.info('catalog_published', { number, bytes: database.bytes, sites: standings.length })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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
  const fileOf = async (later: number) =>
    (await readRecord(store, catalogHeadKey(later), CatalogHead, { signal })).database
  const current_key = currentCatalogKey
  await showCurrent(store, { current_key, head_prefix: catalogHeadPrefix, number, file: database, fileOf }, { signal })
  await removeOldEditions(store, { prefix, number, keep: [] }, { signal })
  return database
}

async function buildCatalog(
  standings: readonly SiteStanding[],
  head: CatalogHead | null,
  folder: string,
  deps: MergeDeps,
): Promise<string> {
  const path = join(folder, 'catalog.duckdb')
  const { threads, memory_mb, signal } = deps

  await using database = await openDatabase({ path: ':memory:', threads, memory_mb, temp_directory: folder, signal })
  await database.run(attachNew(path, 'published'))
  for (const table of CATALOG_TABLES) {
    const columns = Object.entries(table.columns).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table published.main.${table.name} (${columns.join(', ')})`)
    await database.run(commentsOf(table, `published.main.${table.name}`).join(';\n'))
  }
  await courseRows(database, { standings, head, folder, deps })
  await markLookAlikes(database, deps.organisations)
  for (const standing of standings) {
    await fillDays(database, standing, deps)
    if (standing.head !== null) await fillFromRows(database, standing.head.rows, standing.site, folder, deps)
    deps.progress(`catalogue: ${standing.site}`)
  }
  await database.run('checkpoint published')
  await database.run('detach published')
  return path
}

async function fillDays(database: Database, standing: SiteStanding, deps: MergeDeps): Promise<void> {
  const rows = [...(await dayRows(deps.results, standing, deps))].sort((a, b) => (a.date < b.date ? -1 : 1))
  await insertRows(
    database,
    `published.main.${CATALOG_DAY.name}`,
    rows.map(({ date, state, log_file, fingerprint, quarantine }) => [
      standing.site,
      date,
      state,
      log_file?.key ?? null,
      log_file?.size ?? null,
      log_file?.etag ?? null,
      fingerprint,
      quarantine?.class ?? null,
      quarantine?.reason ?? null,
    ]),
  )
}

/** Copies what the rows file of a site tells of its files and of events without a course. */
async function fillFromRows(
  database: Database,
  rows: EditionFile,
  site: string,
  folder: string,
  { results: store, signal }: MergeDeps,
): Promise<void> {
  const path = join(folder, `${site}.duckdb`)
  await store.getFile(rows.key, path, { signal })
  await database.run(`attach ${literal(path)} as site_rows (read_only)`)
  for (const table of CATALOG_LEDGER)
    await database.run(`
      insert into published.main.${table.name}
      ${ledgerSelect(table, { site: 'site_rows', course_id: null })}
      order by ${ledgerOrder(table).map(quoted).join(', ')}
    `)
  const columns = Object.entries(CATALOG_EVENT_TYPE_DAY.columns).map(([name, { type }]) => {
    if (name === 'site') return `${literal(site)} as site`
    return name === 'n' || name === 'bytes' ? `sum(${name})::${type} as ${name}` : `${quoted(name)}`
  })
  await database.run(`
    insert into published.main.event_type_day
    select ${columns.join(', ')}
    from site_rows.main.event_type_day
    group by all
    order by all
  `)
  await database.run('detach site_rows')
  await rm(path)
}
