// A table of an organisation's own is one SQL file whose first comment is its header, in YAML: so editors colour it, SQL
// tools take it, and whoever reads the SQL has its meaning above it.
import { basename } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type ConfigFault, type ConfigText, schemaFaults, syntaxFaults } from './config_error.ts'
import { writtenSchema } from './json_schema.ts'
import { declarationOf, keysOf, OWN_HEADERS, type OwnDeclaration, type OwnKind } from './own_table_header.ts'

export interface OwnTable {
  readonly declaration: OwnDeclaration
  /** The SQL as it is written; that of the declaration sees the events of its types alone. */
  readonly sql: string
  /** Columns by whose values a row is told from all others, where the header names them. */
  readonly keys: readonly string[] | null
  readonly path: string
  /** Line of the file that the SQL begins in, from 1. */
  readonly sql_line: number
}

/** Something that is wrong with a file. */
export interface OwnTableFault extends Pick<ConfigFault, 'line' | 'message'> {
  readonly path: string
}

export type ReadOwnTable =
  | { readonly kind: 'table'; readonly table: OwnTable }
  | { readonly kind: 'faulty'; readonly faults: readonly OwnTableFault[] }

/** Says a fault in a line: where, and what. */
export const faultText = ({ path, line, message }: OwnTableFault): string =>
  `"${path}"${line === null ? '' : ` line ${line}`}: ${message}`

/** Reads the text of a file; nothing of its SQL is looked at but whether there is some. */
export function readOwnTable(text: string, path: string): ReadOwnTable {
  const faulty = (faults: readonly ConfigFault[]): ReadOwnTable => ({
    kind: 'faulty',
    faults: faults.map(({ line, message }) => ({ path, line, message })),
  })
  const parts = /^\uFEFF?(\s*\/\*)([\s\S]*?)\*\/([\s\S]*)$/.exec(text)
  const [, opening = '', header = '', after = ''] = parts ?? []
  if (parts === null) return faulty([fault(1, 'expected a comment /* … */ with the header before the SQL')])
  const header_lines = linesOf(opening)
  const parsed = parseHeader('\n'.repeat(header_lines) + header)
  if (parsed.document.errors.length > 0) return faulty(syntaxFaults(parsed))
  const value = plainValue(parsed)
  if (value instanceof Error) return faulty([fault(1, value.message)])
  const kind = kindOf(value)
  if (kind === null) return faulty([wrongKind(value)])
  const root = writtenSchema(OWN_HEADERS[kind])
  const read = OWN_HEADERS[kind].safeParse(value)
  if (!read.success) return faulty(schemaFaults({ ...parsed, root, subject: 'the header' }, issuesOf(read.error)))
  const wrong = wrongParts(read.data, { after, path })
  if (wrong.length > 0) return faulty(wrong)
  const blank = /^\s*/.exec(after)?.[0] ?? ''
  const sql_line = 1 + header_lines + linesOf(header) + linesOf(blank)
  const sql = sqlOf(after)
  const declaration = declarationOf(read.data, sql)
  return { kind: 'table', table: { declaration, sql, keys: keysOf(read.data), path, sql_line } }
}

const fault = (line: number | null, message: string): ConfigFault => ({ line, column: null, message })
const linesOf = (text: string): number => text.split('\n').length - 1
const issuesOf = (error: z.ZodError): readonly z.core.$ZodIssue[] => error.issues

/** The SQL stands within other SQL: a semicolon would end that, and a comment in its last line would swallow its rest. */
const sqlOf = (text: string): string => `${text.trim().replace(/\s*;$/, '')}\n`

/** Lines before the header are empty, so that the parser counts lines as the file does. */
function parseHeader(text: string): ConfigText {
  const lines = new LineCounter()
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines }
}

function plainValue({ document }: ConfigText): unknown {
  try {
    return document.toJS() ?? {}
  } catch (cause) {
    // An alias without its anchor, or aliases that multiply beyond the parser's limit.
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

// The keys of OWN_HEADERS are its own: it is a constant with nothing added.
const KINDS = Object.keys(OWN_HEADERS) as readonly OwnKind[]

function kindOf(value: unknown): OwnKind | null {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : null
  return KINDS.find((known) => known === kind) ?? null
}

function wrongKind(value: unknown): ConfigFault {
  const has_kind = typeof value === 'object' && value !== null && 'kind' in value
  const found = has_kind ? `is ${JSON.stringify(value.kind)}` : 'is missing'
  return fault(1, `"kind" ${found}; expected one of ${KINDS.join(', ')}`)
}

function wrongParts(
  header: { readonly name: string; readonly keys?: unknown; readonly columns?: Readonly<Record<string, unknown>> },
  { after, path }: { readonly after: string; readonly path: string },
): readonly ConfigFault[] {
  const found: ConfigFault[] = []
  if (basename(path) !== `${header.name}.sql`)
    found.push(fault(1, `the table is named "${header.name}", so its file must be ${header.name}.sql`))
  if (after.trim() === '') found.push(fault(null, 'there is no SQL below the header'))
  const keys: readonly unknown[] = Array.isArray(header.keys) ? header.keys : []
  for (const key of keys)
    if (header.columns?.[String(key)] === undefined) found.push(fault(1, `the key "${key}" is no column`))
  return found
}
