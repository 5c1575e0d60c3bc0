// JSON.parse is fast and strict. edX's Python writes `NaN` and `Infinity`, crashed disks leave NUL, and ids above 2^53 lose
// digits in a JavaScript number; only texts with such a trait pay for the care they need.

/** The result of reading JSON: `null` is a legal value, so failure has a form of its own. */
export type ReadJson = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'unreadable' }

const UNREADABLE: ReadJson = { kind: 'unreadable' }

/** Reads JSON as a log means it: NUL is not there, `NaN` and `Infinity` are null. Of equal keys the last counts. */
export function readJson(text: string): ReadJson {
  const strict = tryParse(text)
  if (strict.kind === 'value') return strict
  const repaired = withoutOddities(text)
  return repaired === text ? UNREADABLE : tryParse(repaired)
}

/** Like `readJson`, but integers that a JavaScript number would round arrive as text of all their digits. */
export function readExactJson(text: string): ReadJson {
  return tryParse(rewriteTokens(withoutNul(text), (token) => oddityAsNull(token) ?? quotedWhenUnsafe(token)))
}

/** Tells whether a parsed number may have lost digits, so that the text must be read again exactly. */
export const mayBeRounded = (value: unknown): boolean =>
  typeof value === 'number' && !Number.isSafeInteger(value) && Math.abs(value) >= Number.MAX_SAFE_INTEGER

function tryParse(text: string): ReadJson {
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    return UNREADABLE
  }
}

const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text)

function withoutOddities(text: string): string {
  const whole = withoutNul(text)
  return whole.includes('NaN') || whole.includes('Infinity') ? rewriteTokens(whole, oddityAsNull) : whole
}

const oddityAsNull = (token: string): string | null =>
  token === 'NaN' || token === 'Infinity' || token === '-Infinity' ? 'null' : null

const quotedWhenUnsafe = (token: string): string | null =>
  /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : null

/** Replaces tokens (runs of the characters of numbers and names) outside strings; a text that is no JSON stays none. */
function rewriteTokens(text: string, replacement: (token: string) => string | null): string {
  let rewritten = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (!isTokenCode(code)) at++
    else {
      const start = at
      while (at < text.length && isTokenCode(text.charCodeAt(at))) at++
      const value = replacement(text.slice(start, at))
      if (value === null) continue
      rewritten += text.slice(copied, start) + value
      copied = at
    }
  }
  return rewritten + text.slice(copied)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

const isTokenCode = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x2b ||
  code === 0x2d ||
  code === 0x2e ||
  code === 0x5f

/** Finds the end (exclusive) of the string whose quote stands at `at`; the end of the text when it has none. */
function endOfString(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next)
    if (code === BACKSLASH) next++
    else if (code === QUOTE) return next + 1
  }
  return text.length
}
