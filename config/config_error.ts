// A czar who mistypes three keys must hear of all three at once, each with its line and the key that was meant; one
// error per run would make editing a config a guessing game.
import { closest, distance } from 'fastest-levenshtein'
import { type Document, isMap, isScalar, type LineCounter, type YAMLError } from 'yaml'
import type { z } from 'zod'
import { MillraceError } from '../contracts/errors.ts'
import { configJsonSchema, keyPaths, nodeAt, propertiesOf, type SchemaNode } from './json_schema.ts'

/** One wrong thing in the config; `line` and `column` count from 1 and are null when nothing stands there. */
export interface ConfigFault {
  readonly line: number | null
  readonly column: number | null
  readonly message: string
}

/** A parsed YAML text with what is needed to find a key's line again. */
export interface ConfigText {
  readonly document: Document.Parsed
  readonly lines: LineCounter
  /** Schema of the whole, and what it is called; the config's unless told otherwise. */
  readonly root?: SchemaNode
  readonly subject?: string
}

/** Makes the one error that lists every fault of a config file. */
export function configError(path: string, faults: readonly ConfigFault[]): MillraceError {
  const sorted = [...faults].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  const lines = sorted.map((fault) => `  ${fault.line === null ? '' : `line ${fault.line}: `}${fault.message}`)
  const many = faults.length === 1 ? 'one thing is wrong' : `${faults.length} things are wrong`
  return new MillraceError('config_invalid', `Cannot use the config "${path}": ${many}\n${lines.join('\n')}`)
}

/** Collects what the YAML parser found wrong: tabs, duplicate keys, broken quotes, unknown anchors. */
export function syntaxFaults({ document, lines }: ConfigText): readonly ConfigFault[] {
  return document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return { line, column: col, message: `${error.message}${SYNTAX_HINTS[error.code] ?? ''}` }
  })
}

const SYNTAX_HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: '; put a pattern that starts with * in quotes',
  DUPLICATE_KEY: '; this one stands twice',
  TAB_AS_INDENT: '; use spaces',
}

/** Turns what the schema found wrong into faults with lines, expectations and nearest right keys. */
export function schemaFaults(text: ConfigText, issues: readonly z.core.$ZodIssue[]): readonly ConfigFault[] {
  return issues.flatMap((issue) => faultsOf(text, issue, issue.path))
}

function faultsOf(text: ConfigText, issue: z.core.$ZodIssue, path: readonly PropertyKey[]): readonly ConfigFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ ...positionOf(text, [...path, key]), message: unknownKey(text, path, key) }))
  const inner = issue.code === 'invalid_union' ? issue.errors.find(reachesInside) : undefined
  if (inner !== undefined) return inner.flatMap((nested) => faultsOf(text, nested, [...path, ...nested.path]))
  return [{ ...positionOf(text, path), message: wrongValue(text, issue, path) }]
}

/** The alternative of a union that was meant: it took the value's type and complains about something within. */
const reachesInside = (issues: readonly z.core.$ZodIssue[]): boolean =>
  issues.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys')

function unknownKey({ root = configJsonSchema() }: ConfigText, path: readonly PropertyKey[], key: string): string {
  const here = Object.keys(propertiesOf(nodeAt(path, root) ?? {}))
  const named = `unknown key "${dotted([...path, key])}"`
  const near = here.length === 0 ? undefined : closest(key, here)
  if (near !== undefined && distance(key, near) <= Math.max(2, Math.ceil(near.length / 3)))
    return `${named}; did you mean "${dotted([...path, near])}"?`
  const elsewhere = keyPaths(root).filter((known) => known.split('.').at(-1) === key)
  if (elsewhere.length > 0) return `${named}; did you mean "${elsewhere.join('" or "')}"?`
  return near === undefined ? named : `${named}; the nearest is "${near}", of ${here.join(', ')}`
}

function wrongValue(text: ConfigText, issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  const { root = configJsonSchema(), subject = 'the config' } = text
  const name = path.length === 0 ? subject : `"${dotted(path)}"`
  const value = valueAt(text, path)
  const own = issue.message.startsWith('expected ')
    ? issue.message
    : `expected ${expectation(nodeAt(path, root) ?? {})}`
  const type_alone = issue.code === 'invalid_type' || issue.code === 'invalid_union'
  if (value === undefined && type_alone) return `${name} is missing; ${own}`
  return value === undefined || value === null || typeof value === 'object'
    ? `${name}: ${own}`
    : `${name} is ${JSON.stringify(value)}; ${own}`
}

/** Says in words what a key takes. */
function expectation(node: SchemaNode): string {
  if (node.anyOf !== undefined) return node.anyOf.map(expectation).join(', or ')
  if (node.const !== undefined) return String(node.const)
  if (node.enum !== undefined) return `one of ${node.enum.join(', ')}`
  switch (node.type) {
    case 'string':
      return node.format === 'date' ? 'a date that exists, as YYYY-MM-DD' : 'a text'
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list, each ${expectation(node.items ?? {})}`
    case 'object':
      return node.properties === undefined
        ? 'names, each with what it stands for'
        : `keys (${Object.keys(node.properties).join(', ')})`
    default:
      return node.type === undefined ? 'something else' : numberWords(node)
  }
}

function numberWords(node: SchemaNode): string {
  const kind = node.type === 'integer' ? 'a whole number' : 'a number'
  const least = node.exclusiveMinimum === undefined ? node.minimum : node.exclusiveMinimum + 1
  const most = node.maximum === Number.MAX_SAFE_INTEGER ? undefined : node.maximum
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`
  return least === undefined ? kind : `${kind}, at least ${least}`
}

const dotted = (path: readonly PropertyKey[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step + 1}]` : `${i === 0 ? '' : '.'}${String(step)}`)).join('')

function valueAt(text: ConfigText, path: readonly PropertyKey[]): unknown {
  const value: unknown = text.document.getIn(path, false)
  return path.length === 0 && !isMap(text.document.contents) ? text.document.toJS() : value
}

/** Finds where a key stands, or, when it does not, the nearest thing around it. */
function positionOf(text: ConfigText, path: readonly PropertyKey[]): { line: number | null; column: number | null } {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent: unknown = depth === 1 ? text.document.contents : text.document.getIn(path.slice(0, depth - 1), true)
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[depth - 1]))
      : undefined
    const node: unknown = pair?.key ?? text.document.getIn(path.slice(0, depth), true)
    const start = offsetOf(node)
    if (start === null) continue
    const { line, col } = text.lines.linePos(start)
    return { line, column: col }
  }
  return { line: null, column: null }
}

const offsetOf = (node: unknown): number | null =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : null
