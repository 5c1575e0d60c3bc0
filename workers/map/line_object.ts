// Finds the object in a line. Logs that went through syslog or Python's logging carry text before it; the hash, the order
// of equal times and the parser must all mean the same bytes.
import { isBlankByte, isOnlyBlank } from './blank_line.ts'

const OPEN = 0x7b
const CLOSE = 0x7d

/** Where the object stands in a line: byte positions, `end` exclusive. */
interface ObjectPlace {
  readonly start: number
  /** After the last `}`; equal to `start` when there is none behind the first `{`. */
  readonly end: number
  /** After the last byte that is neither white space nor NUL: where a cut line ends. */
  readonly trimmed_end: number
  /** There is text (not only white space and NUL) around the object. */
  readonly prefixed: boolean
}

/** Locates the bytes from the first `{` to the last `}`; null without a `{`. */
export function locateObject(line: Buffer): ObjectPlace | null {
  const length = line.length
  if (line[0] === OPEN && line[length - 1] === CLOSE)
    return { start: 0, end: length, trimmed_end: length, prefixed: false }
  const start = line.indexOf(OPEN)
  if (start === -1) return null
  const end = Math.max(line.lastIndexOf(CLOSE) + 1, start)
  let trimmed_end = length
  while (trimmed_end > start && isBlankByte(line[trimmed_end - 1])) trimmed_end--
  return { start, end, trimmed_end, prefixed: end !== trimmed_end || hasTextBefore(line, start) }
}

/** Tells whether text stands before the object: all that can surround a cut one. */
export const hasTextBefore = (line: Buffer, start: number): boolean => !isOnlyBlank(line.subarray(0, start))
