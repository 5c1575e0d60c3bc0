// The columns of the `event` table: the one thing that the reading of lines and the SQL of the tables share. A worker
// thread turns bytes into these rows; every table is a question to them. By which rules: docs/rules.md.

/** Activity families by normalised event type (docs/rules.md, Event types). `state` families speak of `subject`, not the actor. */
export const FAMILIES = [
  'video',
  'problem',
  'forum',
  'text',
  'sequence',
  'enrollment',
  'certificate',
  'grade',
  'completion',
  'cohort',
  'team',
  'exam',
] as const
export type Family = (typeof FAMILIES)[number]

/** One event. NULL is null; there is no undefined. Text is well-formed and free of NUL. */
export interface EventRow {
  readonly course_id: string | null
  /** Microseconds since 1970, UTC; always a safe integer. */
  readonly time_us: number
  /** XXH64 (seed 0) of the object's bytes: orders events of equal time. */
  readonly hash: bigint
  /** Bytes of the line without its newline. */
  readonly bytes: number
  readonly event_source: string
  /** Canonical name: legacy spelling for aliases, `page:KIND`, `xblock:HANDLER` or `api:other` for URL-shaped types. */
  readonly event_type: string
  readonly family: Family | null
  /** True when only the fields before a cut could be read; such a row has no payload columns. */
  readonly rescued: boolean
  readonly actor_id: bigint | null
  /** The actor's name, only when there is no `actor_id`: to be resolved over the whole site. */
  readonly actor_name: string | null
  /** The actor's name as logged (stripped), also beside an id. */
  readonly username: string | null
  /** The one whose state changed: `event.user_id` in state families, else the actor. */
  readonly subject_id: bigint | null
  readonly subject_name: string | null
  /** Usage key of the video, problem or sequence as logged. */
  readonly block: string | null
  /** Its last component. */
  readonly block_id: string | null
  readonly position_s: number | null
  /** The payload had no position at all (not even null): Insights takes that for 0 in a pause. */
  readonly position_missing: boolean
  readonly old_position_s: number | null
  readonly new_position_s: number | null
  readonly speed: number | null
  readonly duration_s: number | null
  readonly attempt: bigint | null
  readonly grade: number | null
  readonly max_grade: number | null
  readonly success: boolean | null
  readonly parts: bigint | null
  readonly parts_correct: bigint | null
  readonly display_name: string | null
  readonly mode: string | null
  /** Units of a sequence, from 1, that a move left and went to (`old` and `new`, else `current_tab` and `target_tab`). */
  readonly old_tab: bigint | null
  readonly new_tab: bigint | null
  readonly synthesized: boolean
  /** Which page of its kind a `page:` event is of: `CHAPTER/SECTION`, a thread or a tab (docs/rules.md, Pages). */
  readonly page_key: string | null
  /** Verb and object of a forum request, such as `voted_response` (docs/rules.md, Forum). */
  readonly forum_action: string | null
  /** Last component of the usage key of the block that the event came from (`context.module.usage_key`). */
  readonly module_id: string | null
  /** The learner's groups by partition, from `context.course_user_tags`: JSON of an object of texts (docs/rules.md, Groups). */
  readonly user_tags: string | null
  /** The payload as JSON, where some table reads it (`payload` of a declaration) or it is kept: always valid, each key once. */
  readonly payload: string | null
  /** Its course's events are kept as such (`keep_events` of the config). */
  readonly kept: boolean
  /** The type as logged, of events that are kept. */
  readonly logged_type: string | null
  /** ISO code of the country of the address that the event came from, where a GeoIP file is configured and knows it. */
  readonly country: string | null
}

/**
 * How a column is carried from JavaScript to DuckDB. Texts are dictionary-coded. `text` may be an ENUM there; `long_text`, which
 * hardly repeats, and `json`, whose functions find nothing in an ENUM, never are.
 */
export type EventStorage =
  | 'text'
  | 'long_text'
  | 'json'
  | 'bigint'
  | 'ubigint'
  | 'integer'
  | 'double'
  | 'boolean'
  | 'timestamp'

export interface EventColumn {
  readonly storage: EventStorage
  readonly nullable: boolean
}

const text = { storage: 'text', nullable: true } as const
const required_text = { storage: 'text', nullable: false } as const
const bigint = { storage: 'bigint', nullable: true } as const
const double = { storage: 'double', nullable: true } as const
const flag = { storage: 'boolean', nullable: false } as const

/** The columns of `event` in SQL, in order. `time` holds `time_us`; every other column has the name of its field. */
export const EVENT_COLUMNS = {
  course_id: text,
  time: { storage: 'timestamp', nullable: false },
  hash: { storage: 'ubigint', nullable: false },
  bytes: { storage: 'integer', nullable: false },
  event_source: required_text,
  event_type: required_text,
  family: text,
  rescued: flag,
  actor_id: bigint,
  actor_name: text,
  username: text,
  subject_id: bigint,
  subject_name: text,
  block: text,
  block_id: text,
  position_s: double,
  position_missing: flag,
  old_position_s: double,
  new_position_s: double,
  speed: double,
  duration_s: double,
  attempt: bigint,
  grade: double,
  max_grade: double,
  success: { storage: 'boolean', nullable: true },
  parts: bigint,
  parts_correct: bigint,
  display_name: text,
  mode: text,
  old_tab: bigint,
  new_tab: bigint,
  synthesized: flag,
  page_key: text,
  forum_action: text,
  module_id: text,
  user_tags: { storage: 'json', nullable: true },
  payload: { storage: 'long_text', nullable: true },
  kept: flag,
  logged_type: text,
  country: text,
} as const satisfies Record<string, EventColumn>
export type EventColumnName = keyof typeof EVENT_COLUMNS
export type TextColumnName = {
  [Name in EventColumnName]: (typeof EVENT_COLUMNS)[Name]['storage'] extends 'text' | 'long_text' | 'json'
    ? Name
    : never
}[EventColumnName]
