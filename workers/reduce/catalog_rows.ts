// The tables of the catalogue (attached as `published`) whose rows follow the days of a site. Rows are changed only where they
// differ, so that a catalogue of ten years is not written anew for one day.
import { CATALOG_DAY, CATALOG_EVENT_TYPE_DAY, CATALOG_LEDGER } from '../../contracts/catalog_tables.ts'
import { literal, quoted } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import { bringRows } from './bring_rows.ts'
import type { DayRow } from './catalog_state.ts'
import { insertRows } from './insert_rows.ts'
import { ledgerOrder, ledgerSelect } from './ledger_rows.ts'

const EVENT_TYPE_DAY = `published.main.${CATALOG_EVENT_TYPE_DAY.name}`

/** Brings the days of a site to what they are now. */
export async function bringDays(database: Database, site: string, days: readonly DayRow[]): Promise<void> {
  const columns = Object.entries(CATALOG_DAY.columns)
  await database.run(`
    create or replace temp table day_now (${columns.map(([name, { type }]) => `${quoted(name)} ${type}`).join(', ')})
  `)
  const rows = [...days].sort((a, b) => (a.date < b.date ? -1 : 1)).map((day) => cellsOf(site, day))
  await insertRows(database, 'temp.main.day_now', rows)
  await bringRows(database, { table: CATALOG_DAY, site, select: 'select * from temp.main.day_now' })
  await database.run('drop table temp.main.day_now')
}

/** The values of CATALOG_DAY in order. */
const cellsOf = (site: string, { date, state, log_file, fingerprint, quarantine }: DayRow) => [
  site,
  date,
  state,
  log_file?.key ?? null,
  log_file?.size ?? null,
  log_file?.etag ?? null,
  fingerprint,
  quarantine?.class ?? null,
  quarantine?.reason ?? null,
]

/** Adds what runs (attached) tell of a site's files and of its events without a course; none of them was added before. */
export async function addRuns(database: Database, site: string, runs: readonly string[]): Promise<void> {
  for (const table of CATALOG_LEDGER)
    await database.run(`
      insert into published.main.${table.name}
      select *
      from (${runs.map((rows) => ledgerSelect(table, { rows, course_id: null })).join(' union all ')})
      order by ${ledgerOrder(table).map(quoted).join(', ')}
    `)
  const names = Object.keys(CATALOG_EVENT_TYPE_DAY.columns)
  const keys = names.filter((name) => !COUNTS.includes(name))
  const selected = Object.entries(CATALOG_EVENT_TYPE_DAY.columns).map(([name, { type }]) => {
    if (name === 'site') return `${literal(site)} as site`
    return COUNTS.includes(name) ? `sum(${name})::${type} as ${name}` : `${quoted(name)}`
  })
  await database.run(`
    create or replace temp table more as
    select ${selected.join(', ')}
    from (${runs.map((rows) => `from ${rows}.main.event_type_day`).join(' union all ')})
    group by all
  `)
  const same = keys.map((name) => `known.${quoted(name)} is not distinct from more.${quoted(name)}`).join(' and ')
  await database.run(`
    update ${EVENT_TYPE_DAY} as known
    set ${COUNTS.map((name) => `${name} = known.${name} + more.${name}`).join(', ')}
    from temp.main.more as more
    where ${same}
  `)
  await database.run(`
    insert into ${EVENT_TYPE_DAY}
    select *
    from temp.main.more as more
    where not exists (from ${EVENT_TYPE_DAY} as known where ${same})
    order by all
  `)
  await database.run('drop table temp.main.more')
}

/** Measures of the events without a course; both are sums. */
const COUNTS: readonly string[] = ['n', 'bytes']
