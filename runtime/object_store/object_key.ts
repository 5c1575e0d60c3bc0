// What a key may look like and how keys sort. A directory must refuse exactly what would leave it, and must list in
// S3's order, because readers of numbered records and of large listings rely on it.

/** Longest key that S3 takes, in UTF-8 bytes. */
export const KEY_BYTES_MAX = 1024

/** The folder of files under construction in a directory store: never listed, never a key. */
export const HIDDEN_FOLDER = '.tmp'

/** Tells whether a text can name an object of either kind of store. */
export function isKey(key: string): boolean {
  if (key.includes('\0') || !key.isWellFormed() || Buffer.byteLength(key) > KEY_BYTES_MAX) return false
  const parts = key.split('/')
  return parts[0] !== HIDDEN_FOLDER && parts.every((part) => part !== '' && part !== '.' && part !== '..')
}

/** Half of a character beyond U+FFFF: JavaScript sorts it before U+E000, its UTF-8 bytes sort behind. */
const SURROGATE = /[\ud800-\udfff]/

/** Compares by UTF-8 bytes, as S3 sorts. Without surrogates that is JavaScript's own order, which needs no copies. */
export function compareKeys(left: string, right: string): number {
  if (SURROGATE.test(left) || SURROGATE.test(right)) return Buffer.compare(Buffer.from(left), Buffer.from(right))
  if (left === right) return 0
  return left < right ? -1 : 1
}
