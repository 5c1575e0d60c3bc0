// Every bound that more than one part of the system must agree on has its name, unit and reason here.

/** A longer line (bytes without the newline) is rejected as `too_long`; edX logs at most 327,680. */
export const LINE_BYTES_MAX = 4_194_304

/** Events that a map thread holds as rows at one time: the slice. Memory follows this, not the size of the file. */
export const SLICE_EVENTS_MAX = 131_072

/** Characters of payloads that a slice holds at most, one event more than that: so it ends sooner where they are long. */
export const SLICE_PAYLOAD_CHARS_MAX = 16_777_216

/** Extracted bytes per encrypted byte above which a file is taken for a decompression bomb and quarantined. */
export const EXPANSION_RATIO_MAX = 2_000

/** A decompression bomb is not suspected before this many bytes were extracted. */
export const EXPANSION_BYTES_MIN = 1_073_741_824

/** Deliveries of one job after which the worker takes it for a crash loop and quarantines the day. */
export const DELIVERIES_MAX = 6

/**
 * Memory that reading any one file may take from its bytes to its lines, whatever is in it, over what a file of one line
 * takes. Up to 46 MB were seen, of which some 40 come and go when the compiler is at work.
 */
export const READING_BYTES_MAX = 67_108_864
