// The listing of contracts/tables/ is the registry: a new file in one of its folders is a new table or view, with nothing
// else to edit.
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { SECTIONS, type Section } from './sections.ts'
import type { Table, View } from './table.ts'
import { type DeclaredSection, tableSet } from './table_set.ts'

const folder = new URL('./tables/', import.meta.url)
/** Loads at once: a thread that is ended while imports are under way takes its whole process with it (seen with Node 24.21). */
const require = createRequire(import.meta.url)

function load(file: string): Table | View {
  // A declaration file's default export is its table; the test of the registry checks each one.
  const module = require(fileURLToPath(new URL(file, folder))) as { readonly default: Table | View }
  return module.default
}

function loadSection(section: Section): DeclaredSection {
  const names = readdirSync(new URL(`${section.folder}/`, folder)).filter((file) => file.endsWith('.ts'))
  return { section, declared: names.sort().map((file) => load(`${section.folder}/${file}`)) }
}

/** What is declared in each section, in order. */
export const DECLARED: readonly DeclaredSection[] = SECTIONS.map(loadSection)

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
