// Tables of rare events ask their payloads in SQL, and SQL takes JSON at its word: it fails on half a surrogate pair, takes
// the first of equal keys and reads text that was never JSON as an error. What it gets is written here, anew and sound.
import type { Payload } from './payload.ts'

/**
 * Levels of objects and lists that a payload may have: a line of a few kilobytes could be nested so deep that writing it
 * overflows the stack, and it must not hang on a thread's stack whether it is written.
 */
const LEVELS_MAX = 256

/**
 * Writes a payload as JSON: an object or list as such, a form, a cut text or anything else as text; null when it is empty, or
 * nested deeper than any event is.
 */
export function payloadText(payload: Payload): string | null {
  switch (payload.kind) {
    case 'object':
      return written(payload.fields)
    case 'list':
      return written(payload.items)
    case 'form':
    case 'truncated':
    case 'raw':
      return written(payload.text)
    case 'empty':
      return null
  }
}

function written(value: unknown): string | null {
  try {
    const json = JSON.stringify(value)
    // Each level takes two characters at least, so most payloads need not be looked through.
    return json.length >= 2 * LEVELS_MAX && isDeeper(value, LEVELS_MAX) ? null : sound(json)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Tells whether a parsed value has more levels of objects and lists than `levels`. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
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
