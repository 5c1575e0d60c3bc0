// What the scan says of one line: the layout that both sides read, so that neither can mean another number. A record is
// RECORD_WORDS words of 32 bits; each name below is the index of a word in it.

/** SCANNED or UNSURE. */
export const KIND = 0
/** The line is an event; everything below is known of it. */
export const SCANNED = 1
/** The line must be read by the careful reader: only its place and hash are known. */
export const UNSURE = 2

/** Address of the line's first byte, and its bytes without the newline. */
export const LINE = 1
export const LINE_BYTES = 2
/** XXH64 of the line: low half, then high half. */
export const HASH = 3
/** Microseconds since 1970, UTC: low half, then high half. */
export const TIME = 5
/** `context.user_id`: low half, then high half; 0 when it is none. */
export const USER_ID = 7
/** Numbers of interned texts from 1; 0 where there is no such text. */
export const EVENT_TYPE = 9
export const EVENT_SOURCE = 10
export const USERNAME = 11
export const COURSE_ID = 12
export const CONTEXT_USERNAME = 13
/** Number of the JSON of `context.module`. */
export const MODULE = 20
/** 1 when `context.path` is the event type, letter by letter. */
export const PATH_IS_TYPE = 21
/** Address of the JSON of a value, and in the next word its bytes: none where there is no such field. */
export const PAYLOAD = 14
export const PAGE = 16
export const PATH = 18
/** 1 when the payload is certainly no text of JSON that was cut. */
export const PAYLOAD_WHOLE = 22
/** 1 when `synthesized` is an object. */
export const SYNTHESIZED = 23
/** 1 when there is a context that is an object. */
export const CONTEXT = 24
/** Address of the JSON of the text `ip`, and in the next word its bytes. */
export const IP = 25
/** Number of the JSON of `context.course_user_tags`; 0 when it is no object, or an empty one. */
export const USER_TAGS = 27

export const RECORD_WORDS = 28

// What `readPayload` says of the payload: PAYLOAD_WORDS words, each name again the index of one.

/** What `readPayload` gives: the payload's fields are known; it has none; it must be read by the careful reader. */
export const FIELDS = 1
export const NO_FIELDS = 2
export const DOUBTFUL = 0

/** `user_id`: low half, then high half; 0 when it is none. */
export const SUBJECT_ID = 0
/** Numbers of interned texts. */
export const PAYLOAD_COURSE_ID = 2
export const MODE = 3
export const BLOCK_KEY = 4
export const PROBLEM_ID = 5
export const MODULE_ID = 6
export const PROBLEM = 7
export const SUCCESS = 8
/** 1 when the payload tells of parts; their number, and that of the right ones. */
export const HAS_PARTS = 9
export const PARTS = 10
export const PARTS_CORRECT = 11
/** Four words each: ABSENT, NULL, DOUBLE or VALUE; unused; then the double, or address and bytes of the value's JSON. */
export const CURRENT_TIME = 12
export const MOBILE_CURRENT_TIME = 16
export const OLD_TIME = 20
export const NEW_TIME = 24
export const SPEED = 28
export const NEW_SPEED = 32
export const DURATION = 36
export const ATTEMPTS = 40
export const GRADE = 44
export const MAX_GRADE = 48

/** Units of a sequence. */
export const OLD_TAB = 52
export const NEW_TAB = 56
export const CURRENT_TAB = 60
export const TARGET_TAB = 64

export const PAYLOAD_WORDS = 68

export const ABSENT = 0
export const NULL = 1
export const DOUBLE = 2
export const VALUE = 3
