// The recipe tells what a partial holds; this tells what is made of partials afterwards. A derived table or a word of
// documentation changes without a recipe, and no day has to be computed again for it: databases made by other
// declarations are built anew from their rows. Without a name for the declarations nobody would notice that they must be.
import { createHash } from 'node:crypto'
import type { RuleChoices } from './rule_choices.ts'
import type { KeptTable, SummedTable, Table, View } from './table.ts'

/** Raised when the reducer itself builds other content from the same rows and declarations. */
const BUILDER = 1

const digest = (decisive: unknown): string => createHash('sha256').update(JSON.stringify(decisive)).digest('hex')

/** Names what a set of declarations makes of rows: their words too, for they become comments. */
export const declarationsHash = (tables: readonly (Table | View)[], choices?: RuleChoices): string =>
  digest([BUILDER, tables, choices ?? null])

/** Names what declarations put into partials, whatever is said or computed of it later; empty text without any. */
export const partialsHash = (tables: readonly (SummedTable | KeptTable)[]): string =>
  tables.length === 0 ? '' : digest(tables.map(decisive))

function decisive(table: SummedTable | KeptTable): unknown {
  const { name, kind, scope, learner, types, payload, sql } = table
  const columns =
    table.kind === 'summed'
      ? [Object.entries(table.keys).map(typed), Object.entries(table.measures).map(merged)]
      : Object.entries(table.columns)
          .filter(([, column]) => column.computed === undefined)
          .map(typed)
  return [name, kind, scope, learner, types ?? null, payload ?? false, sql, columns]
}

const typed = ([name, { type }]: readonly [string, { readonly type: string }]): unknown => [name, type]

const merged = ([name, { type, merge }]: readonly [
  string,
  { readonly type: string; readonly merge: string },
]): unknown => [name, type, merge]
