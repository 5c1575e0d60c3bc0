// Which tables there are is a value, not a fact of the program: an organisation may have tables of its own beside ours
// (docs/own_tables.md). Whoever reads lines, merges rows or plans days is handed the set, so that no part of the program
// can reckon with other tables than the rest.
import { COURSE_FIGURES } from './course_figures.ts'
import { declarationsHash, partialsHash } from './declarations.ts'
import { OUR_CHOICES, type RuleChoices } from './rule_choices.ts'
import { samcedPatterns } from './samced_views.ts'
import type { Section } from './sections.ts'
import type { DerivedTable, KeptTable, LedgerTable, SummedTable, Table, View } from './table.ts'

/** What one section declares. */
export interface DeclaredSection {
  readonly section: Section
  readonly declared: readonly (Table | View)[]
}

export interface TableSet {
  readonly sections: readonly DeclaredSection[]
  /** Those that an organisation declared itself. */
  readonly own: readonly (Table | View)[]
  /** By name. */
  readonly tables: readonly Table[]
  /** Each after the ones it reads. */
  readonly views: readonly View[]
  /** Tables whose rows workers compute from events. */
  readonly event_tables: readonly (SummedTable | KeptTable)[]
  readonly ledger_tables: readonly LedgerTable[]
  /** Each after the ones it reads. */
  readonly derived_tables: readonly DerivedTable[]
  /** The peers' rules that were chosen. */
  readonly choices: RuleChoices
  /** Names all that decides what a course database is made of beside its rows. */
  readonly declarations: string
  /** Names what an organisation's own tables add to partials; empty text when they add nothing. */
  readonly partials: string
}

/** Section of the tables that an organisation declared itself. */
const OWN_SECTION: Section = { folder: 'own', title: 'Own tables' }

/** Makes a set of what we declare and what an organisation declares itself. Fails when declarations read each other. */
export function tableSet(
  ours: readonly DeclaredSection[],
  {
    own = [],
    choices = OUR_CHOICES,
  }: { readonly own?: readonly (Table | View)[]; readonly choices?: RuleChoices } = {},
): TableSet {
  const sections = own.length === 0 ? ours : [...ours, { section: OWN_SECTION, declared: own }]
  const all = sections.flatMap(({ declared }) => declared).sort(byName)
  const tables = all.filter((one) => one.kind !== 'view')
  const views = inOrder(all.filter((one) => one.kind === 'view'))
  return {
    sections,
    own,
    tables,
    views,
    event_tables: tables.filter(isEventTable),
    ledger_tables: tables.filter((table) => table.kind === 'ledger'),
    derived_tables: inOrder(tables.filter((table) => table.kind === 'derived')),
    choices,
    declarations: declarationsHash([...tables, ...views, ...samcedPatterns(), COURSE_FIGURES], choices),
    partials: partialsHash(own.filter(isEventTable).sort(byName)),
  }
}

const isEventTable = (table: Table | View): table is SummedTable | KeptTable =>
  table.kind === 'summed' || table.kind === 'kept'

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : 1

function isRead(other: DerivedTable | View, { from }: DerivedTable | View): boolean {
  // Only what stands in the schema `main` is read by its name alone.
  return from.includes(other.name) && (other.kind !== 'view' || other.schema === 'main')
}

/** Declarations read each other, so none can be computed first. */
export class CircularDeclarations extends Error {
  readonly names: readonly string[]

  constructor(names: readonly string[]) {
    super(`Declarations read each other: ${names.join(' -> ')}`)
    this.name = 'CircularDeclarations'
    this.names = names
  }
}

function inOrder<T extends DerivedTable | View>(tables: readonly T[]): readonly T[] {
  const ordered: T[] = []
  const visit = (table: T, path: readonly string[]): void => {
    if (ordered.includes(table)) return
    if (path.includes(table.name)) throw new CircularDeclarations([...path, table.name])
    for (const source of tables.filter((other) => isRead(other, table))) visit(source, [...path, table.name])
    ordered.push(table)
  }
  for (const table of tables) visit(table, [])
  return ordered
}
