// What a parsed object is before anything is known about it. Reading goes through here, so that no other file has to trust
// a shape that a stranger's JSON only claims to have.

/** A JSON object: any key may hold anything. */
export type Fields = Readonly<Record<string, unknown>>

/** Tells whether a parsed value is a JSON object (and no list). */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Makes text fit for a column: well-formed and free of NUL. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole
}

/** Reads a field as text fit for a column; null when it is no text or empty. */
export function readText(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  const text = cleanText(value)
  return text === '' ? null : text
}

/** A decimal number as it may stand in a text; hexadecimal, empty and `NaN` are none. */
const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/

/** Reads a finite number, from a number or a numeric text. */
export function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.length <= 64 && DECIMAL.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Reads a whole number of at least 0 as a count. */
export function readCount(value: unknown): bigint | null {
  const number = readNumber(value)
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? BigInt(number) : null
}
