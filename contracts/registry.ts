// The listing of contracts/tables/ is the registry: a new file in one of its folders is a new table or view, with nothing
// else to edit.
import { readdirSync } from 'node:fs'
import { SECTIONS, type Section } from './sections.ts'
import type { Table, View } from './table.ts'
import { type DeclaredSection, tableSet } from './table_set.ts'

const folder = new URL('./tables/', import.meta.url)

async function load(file: string): Promise<Table | View> {
  // A declaration file's default export is its table; the test of the registry checks each one.
  const module = (await import(new URL(file, folder).href)) as { readonly default: Table | View }
  return module.default
}

async function loadSection(section: Section): Promise<readonly (Table | View)[]> {
  const names = readdirSync(new URL(`${section.folder}/`, folder)).filter((file) => file.endsWith('.ts'))
  return await Promise.all(names.sort().map((file) => load(`${section.folder}/${file}`)))
}

/** What is declared in each section, in order. */
export const DECLARED: readonly DeclaredSection[] = await Promise.all(
  SECTIONS.map(async (section) => ({ section, declared: await loadSection(section) })),
)

/** The tables that come with the program, by the rules that it has by default. */
export const OUR_TABLES = tableSet(DECLARED)

/** What the set is made of, for whoever is not concerned with an organisation's own tables. */
export const {
  tables: TABLES,
  views: VIEWS,
  event_tables: EVENT_TABLES,
  ledger_tables: LEDGER_TABLES,
  derived_tables: DERIVED_TABLES,
} = OUR_TABLES
