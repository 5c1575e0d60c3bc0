// What an analyst says of a table of the organisation above its SQL. The header says what our own declarations say in
// TypeScript (contracts/table.ts), so that such a table is computed, merged and documented like ours; what would go wrong
// only in a worker at night is refused here.
import { z } from 'zod'
import type { Column, DerivedTable, KeptTable, SummedTable, View } from '../contracts/table.ts'

const NAME = /^[a-z][a-z0-9_]{0,62}$/
const NAME_EXPECTED = 'expected a name of lower-case letters, digits and _, a letter first'

/** Columns that rows of events have beside those that a table names. */
const GIVEN_COLUMNS = ['course_id', 'user_id', 'user_name', 'file_date']
/** Relations that workers and reducers have beside the tables. */
const RESERVED_NAMES = ['event', 'merged', 'course_day', 'name_map', 'rows', 'stored', 'known']

const Name = z.string().regex(NAME, NAME_EXPECTED)
const TableName = Name.refine(
  (name) => !RESERVED_NAMES.includes(name),
  'expected a name that is not one of Millrace’s own',
)
const Text = z.string().trim().min(1)
const Type = z.enum(['VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP'])
const Hidden = z.literal(true).optional()

const OwnColumn = z.strictObject({ type: Type, doc: Text, hidden: Hidden })
const OwnMeasure = z
  .strictObject({ type: Type, doc: Text, hidden: Hidden, merge: z.enum(['sum', 'min', 'max', 'first', 'last']) })
  .refine(({ type, merge }) => merge !== 'sum' || type === 'BIGINT' || type === 'HUGEINT', {
    path: ['type'],
    message: 'expected BIGINT where rows are summed: sums of fractions depend on their order, so count in whole units',
  })
const OwnKeptColumn = z.strictObject({ type: Type, doc: Text, hidden: Hidden, computed: Text.optional() })

function named<T extends z.ZodType>(column: T, { least, given }: { readonly least: number; readonly given: boolean }) {
  return z.record(z.string(), column).superRefine((columns, context) => {
    const names = Object.keys(columns)
    if (names.length < least) context.addIssue({ code: 'custom', message: 'expected at least one' })
    for (const name of names)
      if (!NAME.test(name)) context.addIssue({ code: 'custom', path: [name], message: NAME_EXPECTED })
      else if (given && GIVEN_COLUMNS.includes(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'expected another name: rows of events have this column by themselves',
        })
  })
}

const said = { name: TableName, grain: Text, doc: Text }
const published = z.boolean().default(true)
const from_events = {
  learner: z.boolean().default(false),
  types: z.array(Text).min(1).optional(),
  payload: z.boolean().default(false),
}
const computed = {
  from: z.array(Name).min(1),
  columns: named(OwnColumn, { least: 1, given: false }),
  keys: z.array(Name).min(1).optional(),
}

/** The header of each kind of table. */
export const OWN_HEADERS = {
  summed: z.strictObject({
    kind: z.literal('summed'),
    ...said,
    published,
    ...from_events,
    keys: named(OwnColumn, { least: 0, given: true }).default({}),
    measures: named(OwnMeasure, { least: 1, given: true }),
  }),
  kept: z.strictObject({
    kind: z.literal('kept'),
    ...said,
    published,
    ...from_events,
    columns: named(OwnKeptColumn, { least: 1, given: true }),
  }),
  derived: z.strictObject({ kind: z.literal('derived'), ...said, published, ...computed }),
  view: z.strictObject({ kind: z.literal('view'), ...said, ...computed }),
} as const
export type OwnKind = keyof typeof OWN_HEADERS
type OwnHeader = { readonly [K in OwnKind]: z.infer<(typeof OWN_HEADERS)[K]> }[OwnKind]

/** What a header and its SQL declare. */
export type OwnDeclaration = SummedTable | KeptTable | DerivedTable | View

/** Makes the declaration that a header and the SQL below it stand for. */
export function declarationOf(header: OwnHeader, sql: string): OwnDeclaration {
  const { name, grain, doc } = header
  switch (header.kind) {
    case 'summed': {
      const { kind, keys, measures } = header
      return { name, kind, ...fromEvents(header), grain, doc, keys: plain(keys), measures: plain(measures), sql }
    }
    case 'kept':
      return { name, kind: header.kind, ...fromEvents(header), grain, doc, columns: plain(header.columns), sql }
    case 'derived': {
      const { kind, from, columns } = header
      return {
        name,
        kind,
        scope: 'course',
        published: header.published,
        grain,
        doc,
        from,
        columns: plain(columns),
        sql,
      }
    }
    case 'view': {
      const { kind, from, columns } = header
      return { name, kind, schema: 'main', published: true, grain, doc, from, columns: plain(columns), sql }
    }
  }
}

/** Names the columns by whose values a row is told from all others; null where the header does not say. */
export const keysOf = (header: OwnHeader): readonly string[] | null =>
  header.kind === 'derived' || header.kind === 'view' ? (header.keys ?? null) : null

function fromEvents(header: Extract<OwnHeader, { kind: 'summed' | 'kept' }>) {
  const { learner, types, payload } = header
  return {
    scope: 'course' as const,
    learner,
    published: header.published,
    ...(types === undefined ? {} : { types }),
    ...(payload ? { payload: true as const } : {}),
  }
}

/** A key that is not there and one that is undefined are the same to zod, and not to whoever compares declarations. */
function plain<T extends Column>(columns: Readonly<Record<string, { readonly [K in keyof T]: T[K] | undefined }>>) {
  const entries = Object.entries(columns).map(([name, column]) => [
    name,
    Object.fromEntries(Object.entries(column).filter(([, value]) => value !== undefined)),
  ])
  // Only keys without a value were left out, which are those that T need not have.
  return Object.fromEntries(entries) as Readonly<Record<string, T>>
}
