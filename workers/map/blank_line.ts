// Old logs hold empty lines, comment lines and runs of NUL from crashed disks. They are no events and no damage; without
// this rule they would be counted as rejected.

/** A line that starts with it is a comment. */
export const COMMENT_SIGN = 0x23

/** Tells whether a byte is ASCII white space or NUL: neither is text. */
export const isBlankByte = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d) || byte === 0

/** Tells whether bytes are nothing but ASCII white space and NUL. */
export function isOnlyBlank(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (!isBlankByte(bytes[at])) return false
  return true
}

/** Tells whether a line is blank: nothing but white space and NUL, or `#` as its first byte. */
export const isBlankLine = (line: Uint8Array): boolean => line[0] === COMMENT_SIGN || isOnlyBlank(line)
