// The `event` field is an object, text of an object, text of a text, a form, a list, nothing, or an object that the server
// cut at 512 characters. This is the one place that tells which; everybody else asks for the fields and gets them or not.
import { closeCutJson } from './cut_json.ts'
import { type Fields, isFields } from './fields.ts'
import { type ReadJson, readJson } from './json.ts'

export type Payload =
  /** An object, or text of one. */
  | { readonly kind: 'object'; readonly fields: Fields }
  /** A list such as `[answers, html]` of `problem_graded`. */
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  /** Answers as a browser sends them: `input_…=…&…`, also in a text of a text. */
  | { readonly kind: 'form'; readonly text: string }
  /** `''`, null or absent. */
  | { readonly kind: 'empty' }
  /** Text of JSON that ends before its JSON does. */
  | { readonly kind: 'truncated'; readonly text: string }
  /** A bare number or word, or broken JSON. */
  | { readonly kind: 'raw'; readonly text: string }

const EMPTY: Payload = { kind: 'empty' }

/** Texts of texts are read, texts of texts of texts are not: nothing logs them. */
const LEVELS_MAX = 2

/** Reads a payload. `json` is the reader of its texts, so that a caller who needs all digits of an id gets them. */
export function readPayload(event: unknown, json: (text: string) => ReadJson = readJson): Payload {
  return typeof event === 'string' ? payloadOfText(event, json, 1) : payloadOfValue(event)
}

function payloadOfValue(value: unknown): Payload {
  if (value === undefined || value === null) return EMPTY
  if (isFields(value)) return { kind: 'object', fields: value }
  return Array.isArray(value) ? { kind: 'list', items: value } : { kind: 'raw', text: String(value) }
}

function payloadOfText(logged: string, json: (text: string) => ReadJson, level: number): Payload {
  const text = logged.replaceAll('\0', '').trim()
  if (text === '') return EMPTY
  if (!beginsJson(text)) return { kind: text.includes('=') ? 'form' : 'raw', text }
  const read = json(text)
  if (read.kind === 'unreadable') return { kind: closeCutJson(text) === null ? 'raw' : 'truncated', text }
  if (typeof read.value !== 'string') return payloadOfValue(read.value)
  return level < LEVELS_MAX ? payloadOfText(read.value, json, level + 1) : { kind: 'raw', text: read.value }
}

const beginsJson = (text: string): boolean => text.startsWith('{') || text.startsWith('[') || text.startsWith('"')

/**
 * Tells whether a payload is truncated, for events that nobody reads further: whole objects are not parsed for it, nor are
 * cut ones, whose parsing would only end in an error.
 */
export function isTruncatedPayload(event: unknown): boolean {
  if (typeof event !== 'string' || event === '' || isBalancedObject(event)) return false
  const text = event.replaceAll('\0', '').trim()
  return text.startsWith('"') ? readPayload(text).kind === 'truncated' : beginsJson(text) && closeCutJson(text) !== null
}

/** Tells whether text begins with `{` and its braces and quotes are balanced, so that it is no object cut short. */
function isBalancedObject(text: string): boolean {
  if (text.charCodeAt(0) !== 0x7b || text.includes('\0')) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x7b || code === 0x5b) depth++
    else if (code === 0x7d || code === 0x5d) depth--
    else if (code === 0x22) {
      at = closingQuote(text, at + 1)
      if (at === -1) return false
    }
  }
  return depth <= 0
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at
    if (code === 0x5c) at++
  }
  return -1
}
