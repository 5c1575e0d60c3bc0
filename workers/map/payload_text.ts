// Tables of rare events ask their payloads in SQL, and SQL takes JSON at its word: it fails on half a surrogate pair, takes
// the first of equal keys and reads text that was never JSON as an error. What it gets is written here, anew and sound.
import type { Payload } from './payload.ts'

<<<<<<< HEAD
/** Writing recurs: a line of a few kilobytes could be deep enough to overflow the stack of a thread and take its file along. */
const LEVELS_MAX = 256

/**
 * Writes a payload as JSON: an object or list as such, a form, a cut text or anything else as text; null when empty, or
 * nested deeper than any event is.
=======
/**
 * Writes a payload as JSON: an object or list as such, a form, a cut text or anything else as text; null when it is empty, or
 * nested so deep that it cannot be written.
>>>>>>> revb
 */
export function payloadText(payload: Payload): string | null {
  switch (payload.kind) {
    case 'object':
<<<<<<< HEAD
      return isDeeper(payload.fields, LEVELS_MAX) ? null : sound(JSON.stringify(payload.fields))
    case 'list':
      return isDeeper(payload.items, LEVELS_MAX) ? null : sound(JSON.stringify(payload.items))
=======
      return written(payload.fields)
    case 'list':
      return written(payload.items)
>>>>>>> revb
    case 'form':
    case 'truncated':
    case 'raw':
      return written(payload.text)
    case 'empty':
      return null
  }
}

<<<<<<< HEAD
/** Tells whether a parsed value has more levels of objects and lists than `levels`. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
=======
function written(value: unknown): string | null {
  try {
    return sound(JSON.stringify(value))
  } catch (error) {
    // Reading JSON takes any depth, writing it takes the stack: some thousand brackets in a row must not end a whole day.
    if (error instanceof RangeError) return null
    throw error
  }
>>>>>>> revb
}

/** Tells whether JSON that was written from parsed numbers may have lost digits of one. False is certain. */
export const mayHoldRounded = (json: string): boolean => /[:[,]-?\d{16}/.test(json)

/** What JSON.stringify escapes with four digits: control characters and halves of surrogate pairs. */
const ESCAPE = /\\(?:u(?<code>[0-9a-f]{4})|[^u])/g

/** Takes NUL out and puts U+FFFD where half a surrogate pair stood; of keys that become equal by it, the last counts. */
function sound(json: string): string {
  if (!json.includes('\\u')) return json
  const mended = json.replace(ESCAPE, (escaped: string, code: string | undefined) => repaired(escaped, code))
  return mended === json ? json : JSON.stringify(JSON.parse(mended))
}

function repaired(escaped: string, code: string | undefined): string {
  if (code === '0000') return ''
  return code?.startsWith('d') === true ? '\ufffd' : escaped
}
