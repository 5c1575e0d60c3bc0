// Whatever goes wrong between the encrypted object and its text must name the file, carry its code and hold no byte of
// it. The parsers know what is wrong but not where; this joins the two in one place.
import { type ErrorCode, MillraceError } from '../../contracts/errors.ts'

/** Makes the error of one file: `fail('gzip_corrupt', 'the data ends too early')`. */
export type Fail = (code: ErrorCode, why: string, cause?: unknown) => MillraceError

/** Prepares the sentences about a log file. */
export function failureOf(key: string): Fail {
  return (code, why, cause) =>
    new MillraceError(code, `Cannot extract "${key}": ${why}`, cause === undefined ? undefined : { cause })
}
